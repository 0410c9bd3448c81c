"""A solution to the exercise "Do not hold up the others": a reader's lock, another migration's."""

import os
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

FLASK = [sys.executable, "-m", "flask", "--app", "manage", "db"]


@pytest.fixture
def engine(database_url):
    """A database that has come to the migration before the last."""
    made = sa.create_engine(database_url)
    with made.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    assert begin(database_url, "0006").wait(60) == 0
    yield made
    with made.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
    made.dispose()


def begin(url, revision="head", **streams):
    """Begin to migrate."""
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.Popen([*FLASK, "upgrade", revision], env=environment, **streams)


def test_a_migration_gives_up_when_a_reader_stays(engine, database_url):
    """Within seconds; when the reader has gone, it succeeds."""
    with engine.begin() as reader:
        reader.execute(sa.text("SELECT count(*) FROM animal"))
        waiting = begin(database_url, stderr=subprocess.PIPE, text=True)
        try:
            said = waiting.communicate(timeout=20)[1]
        except subprocess.TimeoutExpired:
            waiting.kill()
            pytest.fail("It waits, and every request behind it.")

    assert waiting.returncode != 0
    assert "canceling statement due to lock timeout" in said
    assert begin(database_url).wait(60) == 0


def test_a_migration_still_waits_for_another_one(engine, database_url):
    """However long that takes."""
    with engine.begin() as other:
        other.execute(sa.text("SELECT pg_advisory_xact_lock(20180517)"))
        waiting = begin(database_url)
        time.sleep(8)
        assert waiting.poll() is None

    assert waiting.wait(60) == 0
