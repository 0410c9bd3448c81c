"""GraphiQL: each tab with which it opens is worth a click, once the sample data is there."""

import json
import re
import subprocess
from threading import Thread

import pytest
from pictures import picture
from werkzeug.serving import make_server

ACCEPT = {"Accept": "text/html"}


@pytest.fixture
def tabs(app):
    """The tabs of the page, by the names of their operations; the sample data is there."""
    assert app.test_cli_runner().invoke(args=["seed"]).exit_code == 0
    text = app.test_client().get("/graphql", headers=ACCEPT).text
    listed = json.loads(re.search(r"defaultTabs = (\[.*\])\.map", text)[1])
    return {re.search(r"^(?:query|mutation) (\w+)", t["query"], re.M)[1]: t for t in listed}


@pytest.fixture
def run(gql):
    """Run a tab, some of its variables changed; return its data."""

    def ask(tab, token=None, **changes):
        data, errors = gql(tab["query"], token, **{**tab["variables"], **changes})
        assert errors == []
        return data

    return ask


def test_a_page_of_animals_is_found_by_name(tabs, run):
    """The first tab: some of the sample."""
    animals = run(tabs["Animals"])["animals"]

    assert len(animals["nodes"]) == 5 < animals["totalCount"]
    assert all("panda" in animal["name"].lower() for animal in animals["nodes"])


def test_lists_in_lists_take_three_statements(tabs, run, statements):
    """As its comment says."""
    statements.clear()
    zoos = run(tabs["Nested"])["zoos"]["nodes"]

    assert [len(zoo["animals"]["nodes"]) for zoo in zoos] == [3] * 5
    assert len([line for line in statements if line.startswith("SELECT")]) == 3


def test_the_token_of_one_tab_opens_another(tabs, run):
    """It is pasted into the headers, which are there already."""
    token = run(tabs["LogIn"])["login"]["accessToken"]

    zoo = run(tabs["CreateZoo"], token)["createZoo"]["zoo"]

    assert zoo["owner"] == {"username": "ada"}
    assert list(tabs["CreateZoo"]["headers"]) == ["Authorization"]


def test_whoever_registers_confirms_by_the_letter(tabs, run, app):
    """And then creates a zoo."""
    token = run(tabs["Register"])["register"]["accessToken"]
    letter = app.test_cli_runner().invoke(args=["post"]).output
    secret = re.search(r"/confirm#(\S+)", letter)[1]

    run(tabs["ConfirmEmail"], input={"token": secret})

    assert run(tabs["CreateZoo"], token)["createZoo"]["zoo"]["owner"] == {"username": "eve"}


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_the_command_in_the_upload_tab_uploads(tabs, run, kept, app, tmp_path):
    """A terminal runs it as it stands there, and the tab shows the image."""
    token = run(tabs["LogIn"])["login"]["accessToken"]
    (tmp_path / "picture.jpg").write_bytes(picture("JPEG"))
    server = make_server("127.0.0.1", 0, app)
    Thread(target=server.serve_forever, daemon=True).start()
    page = app.test_client().get(
        "/graphql", headers=ACCEPT, base_url=f"http://127.0.0.1:{server.port}"
    )
    [command] = re.findall(r"# (curl .*?)\\n", page.text)

    done = subprocess.run(
        ["bash", "-c", json.loads(f'"{command}"')],
        env={"TOKEN": token},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    server.shutdown()

    assert '"username": "ada"' in done.stdout, done
    assert run(tabs["Upload"])["user"]["profileImage"]["width"] > 0
