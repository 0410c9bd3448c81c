"""final/ composed: the whole journey of a person over HTTP, from the letter to the last logout."""

import http.client
import json
import re
from io import BytesIO

import pytest
import yaml
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.person import Person
from tests.stack import running
from tools.steps import FINAL

ME = "{ me { username } }"
BUILD = "mutation ($name: String!) { createZoo(input: {name: $name}) { zoo { id } } }"
PAGE = """query ($after: String) {
  zoos(first: 2, after: $after, orderBy: NAME) { nodes { name } pageInfo { endCursor } totalCount }
}"""
UPLOAD = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url width height } } }
}"""
GIVE = "mutation ($input: TransferZooInput!) { transferZoo(input: $input) { zoo { name } } }"
CLOSE = "mutation ($id: ID!) { deleteZoo(input: {id: $id}) { deletedId } }"
FORGOTTEN = "mutation ($e: String!) { requestPasswordReset(input: {email: $e}) { accepted } }"
RESET = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { user { id } } }"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """The containers of final/."""
    with running(FINAL, tmp_path_factory.mktemp("journey") / "final") as found:
        yield found


def request(stack, method, path, body=None, **headers):
    """Speak HTTP to nginx; return the answer, and what it brought."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    brought = response.read()
    connection.close()
    return response, brought


def upload(stack, token, picture):
    """Send a file by the multipart request; return the image as the API shows it."""
    operations = {"query": UPLOAD, "variables": {"file": None}}
    fields = {"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.file"]})}
    file = FileStorage(BytesIO(picture), "okapi.png")
    boundary, body = encode_multipart({**fields, "0": file})
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    headers |= {"Authorization": f"Bearer {token}", "GraphQL-Preflight": "1"}
    _, answer = request(stack, "POST", "/graphql", body, **headers)
    return json.loads(answer)["data"]["setProfileImage"]["user"]["profileImage"]


def test_a_person_goes_the_whole_way(stack):
    """Each letter comes, each page shows, a zoo changes hands, a reset ends what was open."""
    ada, bob = Person(stack, "ada"), Person(stack, "bob")
    ada.register()
    phone, laptop = ada.login(), ada.login()

    assert ada.ask(BUILD, phone, name="Too early") == "FORBIDDEN"
    assert ada.confirm() == {"confirmEmail": {"user": {"username": "ada"}}}
    zoos = [ada.ask(BUILD, token, name=f"Zoo {n}") for n, token in enumerate([phone, laptop] * 2)]

    pages = [ada.ask(PAGE)["zoos"]]
    pages.append(ada.ask(PAGE, after=pages[0]["pageInfo"]["endCursor"])["zoos"])
    listed = [zoo["name"] for page in pages for zoo in page["nodes"]]
    assert listed == ["Zoo 0", "Zoo 1", "Zoo 2", "Zoo 3"]
    assert pages[0]["totalCount"] == 4

    number = bob.register()
    bob.confirm()
    first = zoos[0]["createZoo"]["zoo"]["id"]
    gift = {"zooId": first, "userId": number}
    assert ada.ask(GIVE, laptop, input=gift) == {"transferZoo": {"zoo": {"name": "Zoo 0"}}}
    assert ada.ask(CLOSE, laptop, id=first) == "FORBIDDEN"
    assert bob.ask(CLOSE, bob.login(), id=first) == {"deleteZoo": {"deletedId": first}}

    ada.ask(FORGOTTEN, e=ada.address)
    before, ada.password = ada.password, "another horse"
    reset = {"token": ada.token_of("reset"), "password": ada.password}
    assert "resetPassword" in ada.ask(RESET, input=reset)
    assert [ada.ask(ME, token) for token in (phone, laptop)] == ["UNAUTHENTICATED"] * 2
    assert ada.ask(ME, ada.login()) == {"me": {"username": "ada"}}
    ada.password = before
    assert ada.login() == "UNAUTHENTICATED"


def test_an_image_is_shown_under_the_address_that_nginx_was_asked_at(stack):
    """It goes in through nginx, into the bucket, and out again; too much of it goes nowhere."""
    eve = Person(stack, "eve")
    eve.register()
    eve.confirm()
    file = BytesIO()
    Image.effect_noise((1200, 900), 100).save(
        file, "PNG"
    )  # a megabyte, which is no more than noise

    image = upload(stack, eve.login(), file.getvalue())
    here, _, path = image["url"].partition("/images/")
    response, brought = request(stack, "GET", f"/images/{path}")
    refused, _ = request(stack, "POST", "/graphql", b" " * 7_000_000)

    assert here == f"http://127.0.0.1:{stack.port}"
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(BytesIO(brought)).size == (image["width"], image["height"]) == (1200, 900)
    assert refused.status == 413


def test_nginx_tells_nobody_what_is_none_of_his_business(stack):
    """Neither which version it is nor what the operator counts; and it believes no request's id."""
    response, _ = request(stack, "GET", "/metrics")
    shown, _ = request(stack, "GET", "/graphql?query={me{id}}", **{"X-Request-ID": "made-up"})
    seen = shown.headers["X-Request-ID"]

    assert response.status == 404
    assert response.headers["Server"] == "nginx"
    assert re.fullmatch("[0-9a-f]{32}", seen)
    for service in ("nginx", "api"):
        assert seen in stack.compose("logs", service)


def test_an_api_that_starts_anew_elsewhere_is_found(stack):
    """While it is away a client is told so in JSON; then it has another address."""
    old = stack.inspect("api", ".NetworkSettings.Networks")

    stack.compose("rm", "--stop", "--force", "api")
    away = stack.ask(ME)
    refused, _ = request(stack, "GET", "/graphql?query={__typename}")
    stack.compose("run", "--detach", "--no-deps", "migrate", "sleep", "60")  # on its old address
    stack.compose("up", "--detach", "--wait", "api")
    stack.wait(200)

    [before], [after] = old.values(), stack.inspect("api", ".NetworkSettings.Networks").values()
    assert away == (None, ["SERVICE_UNAVAILABLE"])
    assert refused.status == 503
    assert refused.headers["Retry-After"] == "1"
    assert before["IPAddress"] != after["IPAddress"]


def test_a_pod_finds_its_secrets_in_files(stack, tmp_path):
    """Mounted as the local overlay has them, beside this database; no variable holds one."""
    overlay = stack.folder / "k8s" / "overlays" / "local" / "kustomization.yaml"
    drawn = yaml.safe_load(overlay.read_text("utf-8"))
    told = drawn["configMapGenerator"][0]["literals"]
    tmp_path.chmod(0o755)  # as a cluster mounts them
    for name, _, value in (one.partition("=") for one in drawn["secretGenerator"][0]["literals"]):
        here = value.replace("zoo:zoo", f"zoo:{stack.secret('POSTGRES_PASSWORD')}")
        (tmp_path / name).write_text(f"{here}\n", "utf-8")

    words = ["--network", f"{stack.project}_default", "--read-only", *(f"--env={w}" for w in told)]
    words += ["--volume", f"{tmp_path}:/run/secrets/zoo:ro", stack.inspect("api", ".Image")]
    said = stack.docker("run", "--rm", *words, "flask", "--app", "manage", "post")

    assert re.search(r"^Sent: \d$", said, re.M)
