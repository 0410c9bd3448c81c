"""backfill.py goes through all rows in batches, and goes on where it was ended."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tools import postgres, steps

TABLE = """
CREATE TABLE animal (id serial PRIMARY KEY, name text NOT NULL, nickname text);
INSERT INTO animal (name) SELECT 'Vole' FROM generate_series(1, 250);
UPDATE animal SET nickname = name WHERE id % 10 = 0
"""
LEFT = "SELECT count(*) FROM animal WHERE nickname IS NULL"


@pytest.fixture
def database():
    """The URL of an empty database, which is dropped at the end."""
    with postgres.scratch() as server, postgres.new_database(server, "backfill") as url:
        yield url


def test_only_what_is_left_is_filled_a_hundred_rows_at_a_time(database):
    """225 rows are three batches; a second run finds none."""
    environment = {**os.environ, "DATABASE_URL": database}
    command = [sys.executable, Path(__file__).with_name("backfill.py")]
    with psycopg.connect(postgres.plain(database), autocommit=True) as connection:
        connection.execute(TABLE)
        said = [
            subprocess.run(
                command,
                cwd=steps.find("10-serverless").folder,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            for _ in range(2)
        ]
        assert connection.execute(LEFT).fetchone() == (0,)

    assert said == [
        f"{rows} rows in batches of at most 100: {n}\n" for rows, n in ((225, 3), (0, 0))
    ]
