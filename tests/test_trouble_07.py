"""Every symptom that chapter 07 names is brought about, and shows the words there."""

import os
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tools import steps

STEP = steps.find("07-pagination")
PAGE = (steps.ROOT / "docs" / "07-pagination.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)

# Ask the app in this folder as nobody; the log is shown too.
ASK = """
import sys
from manage import app
print(app.test_client().post("/graphql", json={"query": sys.argv[1]}).get_json())
"""
CREATE = (
    "from manage import app; from app.engine import db; app.app_context().push(); db.create_all()"
)

REFUSED = {
    "Cannot query field 'name' on type 'AnimalConnection'.": "{ animals { name } }",
    "The after is no cursor of this list; take endCursor or startCursor of a page.": (
        '{ animals(after: "YW5pbWFsOjE3") { nodes { id } } }'
    ),
    "The first is 1 to 50 rows.": "{ animals(first: 100) { nodes { id } } }",
    "Ask for first and after, or for last and before, and never for both.": (
        "{ animals(first: 20, last: 20) { nodes { id } } }"
    ),
}
WRITTEN = {
    "missing 1 required positional argument: 'node'": (
        "app/types/zoo.py",
        '    """A page of zoos."""\n\n    class Meta:\n        node = Zoo\n',
        '    """A page of zoos."""\n',
    ),
    'Module "app.types" does not define a "ZooConnection" attribute/class': (
        "app/types/__init__.py",
        "from app.types.zoo import Zoo, ZooConnection",
        "from app.types.zoo import Zoo",
    ),
}
COLUMN = "column animal.created_at does not exist"
NAIVE = "can't subtract offset-naive and offset-aware datetimes"


@pytest.fixture
def mine(tmp_path):
    """A reader's folder: a copy of the step."""
    return steps.copy(STEP.folder, tmp_path / "step")


@pytest.fixture
def run(mine, database):
    """Run Python with these words in the folder; return all that it said."""

    def said(*words):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=mine,
            env={**os.environ, "DATABASE_URL": database},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        return done.stdout

    return said


def edit(file, old, new):
    """Change what a reader changes by hand."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("symptom", REFUSED)
def test_a_request_is_refused_in_these_words(symptom, run):
    """No table is needed for it."""
    assert symptom in run("-c", ASK, REFUSED[symptom]).replace("\\'", "'")


@pytest.mark.parametrize("symptom", WRITTEN)
def test_an_app_that_was_written_so_does_not_start(symptom, mine, run):
    """The last line of the trace says why."""
    file, old, new = WRITTEN[symptom]
    edit(mine / file, old, new)

    assert symptom in run("-m", "flask", "--app", "manage", "schema")


def test_code_that_is_newer_than_the_tables(run):
    """The database has been through chapter 06's migrations alone."""
    run("-m", "flask", "--app", "manage", "db", "upgrade", "0006")

    assert COLUMN in run("-c", ASK, "{ animals { nodes { id } } }")


def test_a_time_without_its_zone(mine, run, database):
    """It is found out when the first cursor is made."""
    edit(mine / "app" / "model" / "dated.py", "DateTime(timezone=True)", "DateTime()")
    run("-c", CREATE)
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO \"user\" (username, password_hash) VALUES ('ada', '')")
        )

    said = run("-c", ASK, "{ users { nodes { id } } }")

    assert NAIVE in said
    assert "INTERNAL_SERVER_ERROR" in said


def test_every_symptom_of_the_page_is_brought_about():
    """None stands there that nobody has seen."""
    assert set(SYMPTOMS) == {*REFUSED, *WRITTEN, COLUMN, NAIVE}


def test_of_two_connections_with_one_name_the_second_is_dropped(mine, run):
    """As the page says, without a word."""
    other = (
        "class ZooConnection(pages.Connection):\n"
        '    """Another one."""\n\n'
        "    class Meta:\n"
        "        node = types.Zoo\n\n"
        "    more = graphene.Int()\n\n\n"
    )
    zoo = mine / "app" / "schema" / "zoo.py"
    edit(zoo, "class Query(", f"{other}class Query(")
    edit(zoo, 'pages.field("app.types.ZooConnection")', "pages.field(ZooConnection)")

    printed = run("-m", "flask", "--app", "manage", "schema")

    assert printed.count("type ZooConnection ") == 1
    assert ("more: Int" in printed) != ("A page of zoos." in printed)
