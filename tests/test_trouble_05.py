"""Every symptom on chapter 05's page is brought about, and so is what its prose claims."""

import os
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tools import steps
from tools.steps import ROOT

PAGE = (ROOT / "docs" / "05-relations.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
STEP = steps.find("05-relations")
CREATE = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'

# Ask the app in this folder as its first user; the log is shown too.
ASK = """
import sys
from flask.cli import ScriptInfo
from flask_jwt_extended import create_access_token
app = ScriptInfo(app_import_path=sys.argv[1]).load_app()
with app.app_context():
    headers = {"Authorization": "Bearer " + create_access_token("1")}
answer = app.test_client().post("/graphql", json={"query": sys.argv[2]}, headers=headers)
print(answer.get_data(as_text=True))
"""


@pytest.fixture
def mine(tmp_path):
    """A reader's folder: a copy of the step."""
    return steps.copy(STEP.folder, tmp_path / "step")


@pytest.fixture
def run(mine, database):
    """Run Python with these words in the folder; return all that it said."""

    def said(*words, cwd=mine, fails=False):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=cwd,
            env={**os.environ, "DATABASE_URL": database},
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
    """Run the folder's `flask`, the app named as the page names it."""
    return lambda *words, **more: run("-m", "flask", "--app", "manage", *words, **more)


@pytest.fixture
def sql(database):
    """Run SQL on the reader's database."""
    engine = sa.create_engine(database, poolclass=sa.NullPool)

    def execute(statement):
        with engine.begin() as connection:
            return connection.execute(sa.text(statement))

    return execute


def edit(file, old, new):
    """Change what a reader changes by hand."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def shows(words, said):
    """Assert that the page has these words for a symptom, and that the output holds them."""
    assert words in SYMPTOMS
    assert words in " ".join(said.split())


def test_the_command_of_chapter_04(run):
    """The factory is found, and knows no commands of ours."""
    shows("No such command 'schema'", run("-m", "flask", "schema", fails=True))


def test_a_model_whose_hints_are_looked_up_at_once(mine, flask):
    """Without the first import."""
    edit(mine / "app" / "model" / "animal.py", "from __future__ import annotations\n", "")
    shows("name 'User' is not defined", flask("run", fails=True))


def test_a_model_that_nothing_imports(mine, run):
    """An animal names a zoo, and there is none."""
    edit(mine / "app" / "model" / "__init__.py", "from app.model.zoo import Zoo\n", "")
    edit(mine / "app" / "model" / "__init__.py", ', "Zoo"', "")
    said = run("-c", "from app import model; model.Animal()", fails=True)
    shows("expression 'Zoo' failed to locate a name", said)


def test_code_that_is_newer_than_the_tables(run, flask):
    """The database has been through chapter 04's migrations alone."""
    flask("db", "upgrade", "0002")
    shows('relation "zoo" does not exist', run("-c", ASK, "manage", "{ zoos { id } }"))


def test_tables_that_are_newer_than_the_code(run, flask, sql):
    """Chapter 04's server knows no owner."""
    flask("db", "upgrade")
    sql("INSERT INTO \"user\" (username, password_hash) VALUES ('ada', '')")

    said = run("-c", ASK, STEP.before.app, CREATE, cwd=STEP.before.folder)

    shows('null value in column "owner_id" of relation "animal" violates not-null constraint', said)


def test_a_user_who_has_animals(flask, sql):
    """Whoever deletes, the database refuses."""
    flask("db", "upgrade")
    sql("INSERT INTO \"user\" (username, password_hash) VALUES ('ada', '')")
    sql("INSERT INTO animal (name, owner_id) VALUES ('Otto', 1)")

    with pytest.raises(sa.exc.IntegrityError) as refused:
        sql('DELETE FROM "user"')

    words = 'of foreign key constraint "animal_owner_id_fkey" on table "animal"'
    shows(words, str(refused.value))


def test_a_client_of_chapter_04(run):
    """It leaves the owner out."""
    words = "Field 'CreateAnimalInput.ownerId' of required type 'Int!' was not provided."
    shows(words, run("-c", ASK, "manage", CREATE))


def test_every_symptom_has_a_test():
    """Those above, and no other."""
    own = [
        name for name, value in globals().items() if name.startswith("test_") and callable(value)
    ]
    assert len(SYMPTOMS) == len(own) - 3


def test_the_draft_of_the_migration_makes_a_column_that_is_never_null_at_once(mine, flask):
    """As the page's broken one does."""
    (mine / "migrations" / "versions" / "0005_zoo.py").unlink()
    flask("db", "upgrade")

    flask("db", "migrate")

    [draft] = (mine / "migrations" / "versions").glob("*_.py")
    column = "op.add_column('animal', sa.Column('owner_id', sa.Integer(), nullable=False))"
    assert column in draft.read_text(encoding="utf-8")


def test_an_empty_database_forgives_the_draft(mine, flask):
    """It upgrades, and nothing is left to add."""
    patch = ROOT / "docs" / "listings" / "05-relations" / "broken_draft.patch"
    subprocess.run(["git", "init", "--quiet"], cwd=mine, check=True)
    subprocess.run(["git", "apply", patch], cwd=mine, check=True)

    flask("db", "upgrade")

    assert "No new upgrade operations detected" in flask("db", "check")
