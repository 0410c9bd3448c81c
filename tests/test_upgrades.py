"""A database filled in step 01 survives upgrading through every later step, row for row."""

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tools import postgres, sample
from tools.steps import STEPS

LATER = STEPS[1:]

# Runs in a step's folder: sends its app each request of a list, with the token that one brought.
ASK = """
import json, sys
from flask.cli import ScriptInfo
client = ScriptInfo(app_import_path=sys.argv[1]).load_app().test_client()
for query in json.load(sys.stdin):
    answer = client.post("/graphql", json={"query": query}).get_json()
    if "errors" in answer:
        sys.exit(str(answer))
    for entered in answer["data"].values():
        if "accessToken" in entered:
            client.environ_base["HTTP_AUTHORIZATION"] = "Bearer " + entered["accessToken"]
"""

ENTER = 'mutation { %s(input: {username: "ada", password: "correct horse"}) { accessToken } }'
LOGIN = ENTER % "login"

# What a person adds to the database while it is at a step; elsewhere ada logs in, no more.
ADDED = {
    "01-api": [
        'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }',
        'mutation { createAnimal(input: {name: "🦦 \'; --"}) { animal { id } } }',
        'mutation { createAnimal(input: {name: "Ada"}) { animal { id } } }',
        "mutation { deleteAnimal(id: 1) { id } }",
    ],
    "02-auth": [
        ENTER % "register",
        'mutation { createAnimal(input: {name: "Kiwi"}) { animal { id } } }',
    ],
    "05-relations": [
        LOGIN,
        'mutation { createZoo(input: {name: "Berlin", ownerId: 1}) { zoo { id } } }',
        'mutation { createAnimal(input: {name: "Kea", ownerId: 1, zooId: 1}) { animal { id } } }',
        "mutation { transferAnimal(animalId: 2, userId: 1) { animal { id } } }",
        "mutation { moveAnimal(animalId: 2, zooId: 1) { animal { id } } }",
    ],
}


def run(step, url, *arguments, given=""):
    """Run Python in a step's folder, on the one database; return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=step.folder,
        env=sample.environment(url),
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{step.name}: {' '.join(arguments[:5])}: {done.stderr}"
    return done.stdout


def rows(url):
    """Return what every table holds: {table: {id: {column: value}}}."""
    engine, metadata = sa.create_engine(url, poolclass=sa.NullPool), sa.MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        return {
            name: {row["id"]: dict(row) for row in connection.execute(table.select()).mappings()}
            for name, table in metadata.tables.items()
            if name != "alembic_version"
        }


def lost(before, after):
    """Return the values that rows had before, and have no longer."""
    return [
        (table, key, column, value)
        for table, held in before.items()
        for key, row in held.items()
        for column, value in row.items()
        if after.get(table, {}).get(key, {}).get(column) != value
    ]


@pytest.fixture(scope="module")
def life(postgres_server):
    """What was in one database before and after each step's own command, and what checking said."""
    seen = {}
    with postgres.new_database(postgres_server, "upgrades") as url:
        for step in STEPS:
            flask = ["-m", "flask", "--app", step.app]
            before = rows(url)
            run(step, url, *flask, *step.prepare)
            after = rows(url)
            checked = run(step, url, *flask, "db", "check") if step.before else ""
            run(step, url, "-c", ASK, step.app, given=json.dumps(ADDED.get(step.name, [LOGIN])))
            seen[step.name] = before, after, checked
        before = rows(url)
        run(STEPS[-1], url, *flask, "db", "downgrade", "0001")
        seen["down"] = before, rows(url), ""
        yield seen


@pytest.mark.parametrize("step", LATER, ids=lambda step: step.name)
def test_a_database_of_the_first_step_is_upgraded_row_for_row(life, step):
    """Every row is there with its id and its values, ada logs in, and nothing is left to add."""
    before, after, checked = life[step.name]

    assert lost(before, after) == []
    assert [after["animal"][key]["name"] for key in (2, 3)] == ["🦦 '; --", "Ada"]
    assert "No new upgrade operations detected" in checked


def test_animals_outlive_the_way_back(life):
    """Down to the first migration there are no users and no zoos, and every animal has its name."""
    before, after, _ = life["down"]

    names = [{key: row["name"] for key, row in held["animal"].items()} for held in (before, after)]
    assert names[0] == names[1]
    assert set(after) == {"animal"}


def test_a_lost_value_is_found():
    """A row that is gone, a value that changed, a column that is missing; not one that is new."""
    before = {"animal": {1: {"name": "Otto"}, 2: {"name": "Ada"}}}

    assert lost(before, {"animal": before["animal"] | {3: {"name": "Bo"}}, "zoo": {}}) == []
    assert lost(before, {}) == [("animal", 1, "name", "Otto"), ("animal", 2, "name", "Ada")]
    assert lost(before, {"animal": {1: {"name": "Bo"}, 2: {"name": "Ada"}}}) == [
        ("animal", 1, "name", "Otto")
    ]
