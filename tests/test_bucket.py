"""The bucket for images: made by a script or by Terraform, and stood in for by an emulator."""

import http.client
import itertools
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import uuid
from io import BytesIO

import hcl2
import pytest
from PIL import Image

from tools import postgres, steps
from tools.steps import FINAL, STEPS

STEP = steps.find("06-uploads")
BUCKET = STEP.folder / "bucket"
ROLE = "roles/storage.objectUser"  # reads, writes, lists and deletes objects; changes no rights
MAIL = "zoo-images@my-project.iam.gserviceaccount.com"
GCLOUD = """#!/usr/bin/env bash
printf '%s\\n' "gcloud $*" >> "{calls}"
case "$*" in {fails}) exit 1 ;; esac
"""
MADE = [
    "storage buckets describe gs://mine --project my-project",
    "storage buckets create gs://mine --project my-project --location EU",
    "storage buckets update gs://mine --project my-project --uniform-bucket-level-access"
    " --public-access-prevention --cors-file cors.json --lifecycle-file lifecycle.json"
    " --soft-delete-duration 7d",
    f"iam service-accounts describe {MAIL} --project my-project",
    "iam service-accounts create zoo-images --project my-project",
    "storage buckets add-iam-policy-binding gs://mine --project my-project"
    f" --member serviceAccount:{MAIL} --role {ROLE}",
]
REGISTER = """mutation {
  register(input: {username: "ada", password: "correct horse"}) { accessToken }
}"""
SET = "mutation ($file: Upload!) { setProfileImage(file: $file) { user { profileImage } } }"
SHOWN = "{ user(id: 1) { profileImage(width: %d) } }"


@pytest.fixture
def make(tmp_path):
    """Run `bucket/make` beside a gcloud that writes down what it is told, and fails when told."""
    calls = tmp_path / "calls"

    def run(*arguments, fails="nothing"):
        calls.write_text("")
        gcloud = tmp_path / "bin" / "gcloud"
        gcloud.parent.mkdir(exist_ok=True)
        gcloud.write_text(GCLOUD.format(calls=calls, fails=fails))
        gcloud.chmod(0o755)
        done = subprocess.run(
            [BUCKET / "make", *arguments],
            env={"PATH": f"{gcloud.parent}{os.pathsep}/usr/bin{os.pathsep}/bin"},
            capture_output=True,
            text=True,
        )
        return done, [line.removeprefix("gcloud ") for line in calls.read_text().splitlines()]

    return run


def test_a_bucket_is_made_by_the_same_files_everywhere():
    """What is tested here of one step holds of all that have a bucket, final/ among them."""
    for step in (*STEPS[STEPS.index(STEP) :], FINAL):
        for path in BUCKET.iterdir():
            assert (step.folder / "bucket" / path.name).read_bytes() == path.read_bytes()


def test_the_script_makes_what_is_missing(make):
    """The bucket, the account, and its one right, in this order."""
    done, calls = make("my-project", "mine", fails="*describe*")

    assert done.returncode == 0, done.stderr
    assert calls == MADE
    assert done.stdout == f"Made: gs://mine, for {MAIL}\n"


def test_a_second_run_of_the_script_makes_nothing(make):
    """What is there is brought into the same state."""
    done, calls = make("my-project", "mine")

    assert done.returncode == 0, done.stderr
    assert calls == [call for call in MADE if " create " not in call]


@pytest.mark.parametrize(
    ("arguments", "fails", "said"),
    [
        ((), "nothing", "Say which project and which bucket"),
        (("my-project",), "nothing", "Say which project and which bucket"),
        (("my-project", "mine"), "*describe*|*'buckets create'*", "The bucket could not be made"),
        (("my-project", "mine"), "*'buckets update'*", "is it yours?"),
        (("my-project", "mine"), "*describe*|*'accounts create'*", "The account could not be made"),
        (("my-project", "mine"), "*add-iam*", "The account got no right"),
    ],
)
def test_a_script_that_fails_says_why(make, arguments, fails, said):
    """One sentence, and a status that is not 0."""
    done, _ = make(*arguments, fails=fails)

    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]


@pytest.fixture
def terraform():
    """What main.tf says, by kind of resource; each stands there once."""

    def plain(value):
        if isinstance(value, dict):
            return {
                plain(k): plain(v)
                for k, v in value.items()
                if k not in ("__is_block__", "__comments__")
            }
        if isinstance(value, list):
            return [plain(one) for one in value]
        return value.strip('"') if isinstance(value, str) else value

    parsed = plain(hcl2.loads((BUCKET / "main.tf").read_text("utf-8")))
    return {
        kind: body
        for resource in parsed["resource"]
        for kind, named in resource.items()
        for body in named.values()
    }


def test_terraform_makes_a_bucket_that_nobody_lists(terraform):
    """Rights for the whole bucket, never for everybody; the account has one role."""
    bucket = terraform["google_storage_bucket"]

    assert bucket["uniform_bucket_level_access"] is True
    assert bucket["public_access_prevention"] == "enforced"
    assert terraform["google_storage_bucket_iam_member"]["role"] == ROLE
    assert not [kind for kind in terraform if "policy" in kind or "binding" in kind]


def test_the_script_and_terraform_make_the_same(terraform):
    """The same origins, the same lifecycle, the same week, the same place."""
    [cors] = json.loads((BUCKET / "cors.json").read_text("utf-8"))
    [rule] = json.loads((BUCKET / "lifecycle.json").read_text("utf-8"))["rule"]
    bucket = terraform["google_storage_bucket"]
    [theirs], [lifecycle] = bucket["cors"], bucket["lifecycle_rule"]
    script = (BUCKET / "make").read_text("utf-8")

    assert (theirs["origin"], theirs["method"]) == (cors["origin"], cors["method"])
    assert theirs["response_header"] == cors["responseHeader"]
    assert theirs["max_age_seconds"] == cors["maxAgeSeconds"]
    assert lifecycle["action"] == [rule["action"]]
    assert lifecycle["condition"] == [rule["condition"]]
    assert bucket["soft_delete_policy"] == [{"retention_duration_seconds": 7 * 24 * 3600}]
    assert f"--location {bucket['location']} " in script
    assert f"--role {ROLE}" in script


def test_a_policy_linter_finds_nothing_that_is_not_explained(tmp_path, policy_report):
    """What it finds with the reasons taken out are those that have one, and no others."""
    text = (BUCKET / "main.tf").read_text("utf-8")
    explained = set(re.findall(r"checkov:skip=(\w+): \w", text))
    (tmp_path / "main.tf").write_text(text.replace("checkov:skip=", ""), encoding="utf-8")

    report = policy_report(tmp_path / "main.tf", "terraform")

    assert {check["check_id"] for check in report["results"]["failed_checks"]} == explained
    assert report["summary"]["passed"] >= 3
    assert report["summary"]["parsing_errors"] == 0


def test_terraform_finds_its_file_well_formed(needs):
    """`terraform fmt` has nothing to change, and reads it to its end."""
    needs(shutil.which("terraform"), "Terraform is not installed")

    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", str(BUCKET)], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


def picture(side, noise=False):
    """Return a PNG."""
    file, grey = BytesIO(), Image.new("L", (side, side))
    (Image.effect_noise((side, side), 200) if noise else grey).convert("RGB").save(file, "PNG")
    return file.getvalue()


class Stack:
    """The step's containers, as a project of its own, in a copy of the step's folder."""

    def __init__(self, folder):
        self.folder = steps.copy(STEP.folder, folder)
        self.widths = itertools.count(10)
        self.project = f"test-bucket-{uuid.uuid4().hex[:8]}"
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            self.port, database = one.getsockname()[1], other.getsockname()[1]
        local = self.folder / "local.yml"
        local.write_text(local.read_text("utf-8").replace("5406", str(database)), encoding="utf-8")

    def compose(self, *arguments):
        """Run `docker compose`; return what it printed."""
        foreign = {"POSTGRES_PASSWORD", "JWT_SECRET_KEY", "COMPOSE_FILE", "DATABASE_URL"}
        inherited = {name: value for name, value in os.environ.items() if name not in foreign}
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.project, *arguments],
            cwd=self.folder,
            env={**inherited, "PORT": str(self.port)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def request(self, method, path, body=None, **headers):
        """Speak HTTP to the API; return the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    def ask(self, query):
        """Send a GraphQL request; return its data."""
        body = json.dumps({"query": query})
        return json.loads(
            self.request("POST", "/graphql", body, **{"Content-Type": "application/json"})[1]
        )["data"]

    def upload(self, token, data):
        """Return the body and the headers that set the profile image."""
        operations = json.dumps({"query": SET, "variables": {"file": None}})
        parts = [("operations", operations.encode()), ("map", b'{"0": ["variables.file"]}')]
        body = b"".join(
            f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
            + value
            + b"\r\n"
            for name, more, value in [(n, "", v) for n, v in parts]
            + [("0", '; filename="okapi.png"', data)]
        )
        headers = {
            "Content-Type": "multipart/form-data; boundary=x",
            "GraphQL-Preflight": "1",
            "Authorization": f"Bearer {token}",
        }
        return body + b"--x--\r\n", headers

    def set_image(self, token, data):
        """Set the profile image; return the codes of the errors."""
        body, headers = self.upload(token, data)
        answer = json.loads(self.request("POST", "/graphql", body, **headers)[1])
        return [error["extensions"]["code"] for error in answer.get("errors", [])]

    def hang_up(self, token, data):
        """Send half of an upload, and be gone."""
        body, headers = self.upload(token, data)
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = f"POST /graphql HTTP/1.1\r\nHost: zoo\r\nContent-Length: {len(body)}\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall((head + "".join(lines) + "\r\n").encode() + body[: len(body) // 2])

    def shown(self):
        """Return the status of ada's image, at a size that no worker remembers."""
        url = self.ask(SHOWN % next(self.widths))["user"]["profileImage"]
        return self.request("GET", re.sub(r"^http://[^/]+", "", url))[0]


@pytest.fixture
def stack(tmp_path, needs):
    """The step's containers, up and ready; of them, their images and their data nothing is left."""
    needs(postgres.docker_answers(), "Docker does not answer")
    running = Stack(tmp_path / STEP.name)
    try:
        running.compose("up", "--build", "--wait")
        yield running
    finally:
        running.compose("down", "--volumes", "--rmi", "local", "--timeout", "5")


def test_images_outlive_the_containers_and_a_full_disk(stack):
    """`down` and `up` lose none; a server that writes to a small disk refuses, and keeps none."""
    token = stack.ask(REGISTER)["register"]["accessToken"]
    answer = stack.set_image(token, picture(900, noise=True))
    before = stack.shown()
    stack.compose("down")
    stack.compose("up", "--wait")
    after = stack.shown()
    small = stack.folder / "small.yml"
    small.write_text(
        "services:\n  api:\n    tmpfs: ['/small:size=64k,mode=1777']\n"
        "    environment: {BUCKET: '', IMAGE_FOLDER: /small}\n"
    )
    stack.compose("--file", "local.yml", "--file", "small.yml", "up", "--wait")
    full = stack.set_image(token, picture(900, noise=True))
    left = stack.compose("exec", "-T", "api", "find", "/small", "-type", "f")
    fits = stack.set_image(token, picture(50))

    assert answer == []
    assert (before, after) == (200, 200)
    assert full == ["SERVICE_UNAVAILABLE"]
    assert left == ""
    assert fits == []


def test_a_bucket_that_stops_and_clients_that_hang_up_change_nothing(stack):
    """The server takes the next upload; the image is there again with its bucket."""
    token = stack.ask(REGISTER)["register"]["accessToken"]
    first = stack.set_image(token, picture(50))
    for _ in range(20):
        stack.hang_up(token, picture(900, noise=True))
    kept = stack.shown()
    stack.compose("stop", "bucket")
    away = stack.set_image(token, picture(60)), stack.shown()
    stack.compose("up", "--wait", "bucket")
    there = stack.shown()
    files = stack.compose("exec", "-T", "bucket", "find", "/data", "-name", "*.png")

    assert first == []
    assert kept == 200
    assert away == (["SERVICE_UNAVAILABLE"], 503)
    assert there == 200
    assert len(files.splitlines()) == 1
    assert stack.set_image(token, picture(60)) == []
