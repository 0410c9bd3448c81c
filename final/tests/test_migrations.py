"""`flask db upgrade`: from nothing, from what an earlier step left, and again."""

import os
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from stands import beside

FROM_STEP_01 = """
CREATE TABLE animal (
    id SERIAL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    CONSTRAINT animal_name_not_empty CHECK (name <> '')
)
"""


@pytest.fixture
def database_url(database_url):
    """A database beside that of the other tests, which holds nothing."""
    return beside(database_url, "migrations")


@pytest.fixture
def app(database_url):
    """The application on the empty database."""
    from app import create_app
    from app.engine import db

    app = create_app(database_url=database_url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def sql(app):
    """Run SQL; return the rows."""
    from app.engine import db

    def run(statement):
        with app.app_context(), db.engine.begin() as connection:
            result = connection.execute(sa.text(statement))
            return result.all() if result.returns_rows else []

    return run


@pytest.fixture
def migrate(app, sql):
    """Run a subcommand of `flask db`; return what it printed."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["db", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_an_empty_database_gets_what_the_models_say(migrate):
    """Twice in a row changes nothing, and there is nothing left to add."""
    migrate("upgrade")
    migrate("upgrade")

    migrate("check")


ANIMALS = """
SELECT animal.id, animal.name, username FROM animal JOIN "user" ON owner_id = "user".id
ORDER BY animal.id
"""


def test_the_database_of_step_01_is_taken_over(migrate, sql):
    """Its animals are there with their ids, and belong to the user that the migration makes."""
    sql(FROM_STEP_01)
    sql("INSERT INTO animal (name) VALUES ('Otto'), ('Ada')")

    migrate("upgrade")

    migrate("check")
    assert sql(ANIMALS) == [(1, "Otto", "first-keeper"), (2, "Ada", "first-keeper")]


def test_animals_go_to_nobody_who_has_chosen_that_name(migrate, sql):
    """Whoever registered as first-keeper before gets no animals by it."""
    migrate("upgrade", "0002")
    sql("INSERT INTO animal (name) VALUES ('Otto')")
    sql("INSERT INTO \"user\" (username, password_hash) VALUES ('First-Keeper', '')")

    migrate("upgrade")

    assert sql(ANIMALS) == [(1, "Otto", "first-keeper2")]


def test_owners_can_be_taken_back_and_given_again(migrate, sql):
    """Animals and users stay; without an animal nobody is made."""
    migrate("upgrade")
    assert sql('SELECT username FROM "user"') == []
    migrate("downgrade", "0002")
    sql("INSERT INTO animal (name) VALUES ('Otto')")

    migrate("upgrade")
    migrate("downgrade", "0002")
    assert sql("SELECT name FROM animal") == [("Otto",)]
    migrate("upgrade")

    assert [row[:2] for row in sql(ANIMALS)] == [(1, "Otto")]


def test_a_table_that_no_migration_makes_is_found(migrate, sql):
    """`flask db check` fails where the models and the tables differ."""
    migrate("upgrade")
    sql("DROP INDEX user_username_key")

    with pytest.raises(AssertionError):
        migrate("check")


def test_usernames_are_unique_in_the_database_too(migrate, sql):
    """Whatever the case."""
    migrate("upgrade")
    sql("INSERT INTO \"user\" (username, password_hash) VALUES ('ada', '')")

    with pytest.raises(sa.exc.IntegrityError, match="user_username_key"):
        sql("INSERT INTO \"user\" (username, password_hash) VALUES ('ADA', '')")


def test_rows_that_were_there_before_are_all_of_one_instant(migrate, sql):
    """They are listed by their ids, and the way back forgets their age alone."""
    migrate("upgrade", "0006")
    sql("INSERT INTO \"user\" (username, password_hash) VALUES ('ada', ''), ('grace', '')")

    migrate("upgrade")

    assert sql('SELECT count(*), count(DISTINCT created_at) FROM "user"') == [(2, 1)]
    migrate("downgrade", "0006")
    migrate("upgrade")
    migrate("check")


def test_a_migration_waits_for_the_one_that_runs(app, migrate, sql, database_url):
    """Of two pods the second finds that there is nothing left to do."""
    from app.engine import db

    command = [sys.executable, "-m", "flask", "--app", "manage", "db", "upgrade"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    with app.app_context(), db.engine.begin() as running:
        running.execute(sa.text("SELECT pg_advisory_xact_lock(20180517)"))
        second = subprocess.Popen(command, env=environment)
        while not sql("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            assert second.poll() is None
            time.sleep(0.05)
        assert not sa.inspect(running).get_table_names()

    assert second.wait(60) == 0
    migrate("check")


def test_a_migration_gives_way_to_who_uses_its_table(app, migrate, sql, database_url):
    """Nobody waits behind it for long; it says why it failed, and the next try does its work."""
    from app.engine import db

    migrate("upgrade", "0007")
    command = [sys.executable, "-m", "flask", "--app", "manage", "db", "upgrade"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    with app.app_context(), db.engine.begin() as backup:
        backup.execute(sa.text("SELECT count(*) FROM animal"))
        tried = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert tried.returncode == 1
    assert "The table was in use for a second; run it again. Not done: ALTER TABLE" in tried.stderr
    assert "Traceback" not in tried.stderr
    assert sql("SELECT version_num FROM alembic_version") == [("0007",)]

    migrate("upgrade")

    migrate("check")
