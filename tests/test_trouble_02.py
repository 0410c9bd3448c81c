"""Every symptom on chapter 02's page is brought about, and so is what its prose claims."""

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement

from tools import facts, sample, steps
from tools.steps import ROOT

PAGE = (ROOT / "docs" / "02-auth.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
STEP = steps.find("02-auth").folder
REGISTER = (
    'mutation { register(input: {username: "ada", password: "long enough"}) { accessToken } }'
)
CREATE = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'

# Ask the app in this folder; print the whole answer.
ASK = """
import os, sys
from app import app
from flask_jwt_extended import create_refresh_token
with app.app_context():
    token = create_refresh_token("1") if "REFRESH" in os.environ else sys.argv[2]
headers = {"Authorization": f"Bearer {token}"} if token else {}
answer = app.test_client().post("/graphql", json={"query": sys.argv[1]}, headers=headers)
print(answer.get_data(as_text=True))
"""


@pytest.fixture
def mine(tmp_path):
    """A reader's folder: a copy of the step."""
    return steps.copy(STEP, tmp_path / "step")


@pytest.fixture
def run(mine, database):
    """Run a Python module's command in the folder; return all that it said."""

    def said(*words, fails=False, **settings):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=mine,
            env={**os.environ, "DATABASE_URL": database, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    return said


@pytest.fixture
def flask(run):
    """Run the folder's `flask`."""
    return lambda *words, **more: run("-m", "flask", *words, **more)


def edit(file, old, new):
    """Change what a reader changes by hand."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def shows(words, said):
    """Assert that the page has these words for a symptom, and that the output holds them."""
    assert words in SYMPTOMS
    assert words in " ".join(said.split())


def test_no_good_token(run, flask):
    """None at all, one that has ended, the wrong kind, one made with another key."""
    words = "Log in, and send the access token."
    flask("db", "upgrade")
    ended, good = (
        re.search(r'"accessToken": "(.+?)"', run("-c", ASK, query, "", **settings))[1]
        for query, settings in (
            (REGISTER, {"ACCESS_TOKEN_MINUTES": "-1"}),
            (REGISTER.replace("register", "login"), {}),
        )
    )

    assert '"createAnimal": {"animal"' in run("-c", ASK, CREATE, good)
    shows(words, run("-c", ASK, CREATE, ""))
    shows(words, run("-c", ASK, CREATE, ended))
    shows(words, run("-c", ASK, CREATE, "", REFRESH="yes"))
    shows(words, run("-c", ASK, CREATE, good, JWT_SECRET_KEY="x" * 32))


def test_no_user_table(run, flask):
    """A database that went through the first migration alone."""
    flask("db", "upgrade", "0001")
    shows('relation "user" does not exist', run("-c", ASK, REGISTER, ""))


def test_no_command_db(mine, flask):
    """An app that never met Flask-Migrate, and one that cannot be loaded, which says why."""
    edit(mine / "app.py", "migrate.init_app(app, db)\n", "")
    shows("No such command 'db'", flask("db", "upgrade", fails=True))

    edit(mine / "app.py", "import settings", "import my_settings")
    said = flask("db", "upgrade", fails=True)
    shows("No such command 'db'", said)
    assert "No module named 'my_settings'" in said.split("No such command")[0]


def test_tables_behind_the_models(flask):
    """An empty database, compared too early; once it is up to date, nothing differs."""
    words = "Target database is not up to date."
    shows(words, flask("db", "check", fails=True))
    shows(words, flask("db", "migrate", fails=True))

    flask("db", "upgrade")

    assert "No new upgrade operations" in flask("db", "check")


def test_a_database_of_a_later_step(run, flask, database):
    """The folder of step 05 has used it."""
    flask("db", "upgrade", "--directory", str(steps.find("05-relations").folder / "migrations"))
    shows("Can't locate revision identified by '0005'", flask("db", "upgrade", fails=True))


def test_a_short_key(run, flask):
    """PyJWT warns, and the key that the page's command prints is long enough."""
    flask("db", "upgrade")
    short = {"JWT_SECRET_KEY": "short"}
    shows("InsecureKeyLengthWarning", run("-c", ASK, REGISTER, "", **short))

    good = {"JWT_SECRET_KEY": run("-c", "import secrets; print(secrets.token_hex())").strip()}

    assert "Warning" not in run("-c", ASK, REGISTER.replace("ada", "grace"), "", **good)


def test_a_lock_with_a_line_by_hand(run, mine):
    """pip refuses the whole file."""
    lock = (mine / "requirements.txt").read_text(encoding="utf-8")
    locked = re.search(r"^six==(.+\\\n)+.+\n", lock, flags=re.MULTILINE)[0]
    (mine / "mine.txt").write_text(f"{locked}flask-jwt-extended\n", encoding="utf-8")
    words = "In --require-hashes mode, all requirements must have their versions pinned with =="
    install = ("-m", "pip", "install", "--dry-run", "--ignore-installed")

    shows(words, run(*install, "-r", "mine.txt", fails=True))


def test_every_symptom_has_a_test():
    """One that nobody brought about may be worded wrongly."""
    source = (ROOT / "tests" / "test_trouble_02.py").read_text(encoding="utf-8")
    assert SYMPTOMS
    assert [words for words in SYMPTOMS if words not in source] == []


def test_a_token_in_an_address_is_logged(run, flask):
    """And one in a header is not: the price of `?jwt=`."""
    flask("db", "upgrade")
    serve = (
        "import logging, sys, threading, urllib.request as web\n"
        "from werkzeug.serving import make_server\n"
        "from app import app\n"
        "logging.getLogger('werkzeug').setLevel('INFO')\n"
        "server = make_server('127.0.0.1', 0, app)\n"
        "threading.Thread(target=server.serve_forever).start()\n"
        "url = f'http://127.0.0.1:{server.port}/graphql?query=%7B__typename%7D'\n"
        "web.urlopen(f'{url}&jwt=in-the-address')\n"
        "web.urlopen(web.Request(url, headers={'Authorization': 'Bearer in-a-header'}))\n"
        "server.shutdown()\n"
    )

    said = run("-c", serve)

    assert said.count('"GET /graphql?') == 2
    assert "in-the-address" in said
    assert "in-a-header" not in said


def test_a_renamed_column_looks_like_two(mine, flask):
    """Alembic's draft drops the one and adds the other: it has to be read."""
    flask("db", "upgrade")
    edit(mine / "model.py", "    password_hash: Mapped", "    secret: Mapped")

    said = flask("db", "check", fails=True)

    assert "'add_column', None, 'user', Column('secret'" in said
    assert "'remove_column', None, 'user', Column('password_hash'" in said


def test_the_old_library_cannot_stand_beside_the_new():
    """It wants PyJWT 2.0.1 exactly, and flask-jwt-extended a newer one."""
    assert "['PyJWT==2.0.1', " in PAGE
    [wanted] = [
        wish.specifier
        for wish in map(Requirement, importlib.metadata.requires("flask-jwt-extended"))
        if wish.name.lower() == "pyjwt" and not wish.marker
    ]
    assert "2.0.1" not in wanted


def test_the_ways_a_token_is_bad_are_counted():
    """The table on the page has as many lines as the prose says."""
    tree = ast.parse((STEP / "tests" / "test_tokens.py").read_text(encoding="utf-8"))
    [table] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BAD_TOKENS"
    ]
    facts.state("auth_bad_tokens", len(table.keys))


def test_graphiql_sends_what_stands_under_headers(browser_page, visit, start, free_port, fetch):
    """With the token there, a mutation is answered; the sample's users can log in."""
    run = start(free_port(), "--step", "02-auth").ready()
    login = f'login(input: {{username: "ada", password: "{sample.PASSWORD}"}}) {{ accessToken }}'
    _, body = fetch(run.port, query=f"mutation {{ {login} }}")
    token = json.loads(body)["data"]["login"]["accessToken"]
    visit(browser_page, f"http://127.0.0.1:{run.port}/graphql")

    browser_page.get_by_role("button", name="Headers").click()
    browser_page.locator('[aria-label="Headers"] .CodeMirror').last.click()
    browser_page.keyboard.insert_text(json.dumps({"Authorization": f"Bearer {token}"}))
    browser_page.locator(".graphiql-query-editor .CodeMirror").click()
    browser_page.keyboard.press("ControlOrMeta+A")
    browser_page.keyboard.insert_text(CREATE)
    browser_page.get_by_role("button", name="Execute query").click()

    browser_page.locator(".result-window").get_by_text('"createAnimal"').first.wait_for()
    assert "UNAUTHENTICATED" not in browser_page.locator(".result-window").inner_text()
