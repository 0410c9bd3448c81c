"""Two users of one Postgres server do not meet, and one that is half up is ended."""

import subprocess

import psycopg
import pytest
import sqlalchemy as sa

from tools import postgres
from tools.workplace import Workplace, free_port

LONG = "page_01-api_Ä" * 20


def databases(server):
    """Return the names of a server's databases."""
    with psycopg.connect(postgres.plain(server)) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def test_databases_of_one_name_are_two_and_are_dropped(postgres_server):
    """Each is empty, holds what its user puts there, and goes with its user."""
    with (
        postgres.new_database(postgres_server, LONG) as one,
        postgres.new_database(postgres_server, LONG) as other,
    ):
        with psycopg.connect(postgres.plain(one)) as connection:
            connection.execute("CREATE TABLE animal ()")
        with psycopg.connect(postgres.plain(other)) as connection:
            connection.execute("CREATE TABLE animal ()")
        made = {sa.make_url(url).database for url in (one, other)}
        assert made <= databases(postgres_server)

    assert {name.startswith("page_01_api") for name in made} == {True}
    assert databases(postgres_server) & made == set()


def test_a_database_that_is_in_use_is_dropped_all_the_same(postgres_server):
    """A server that a test left running does not keep it."""
    with postgres.new_database(postgres_server, "used") as url:
        open_one = psycopg.connect(postgres.plain(url))

    with pytest.raises(psycopg.OperationalError):
        open_one.execute("SELECT 1")
    open_one.close()


def test_two_recordings_of_one_page_do_not_meet(postgres_server):
    """Each page has its own databases; the one for tests is one a folder, and empty each time."""
    with (
        Workplace(postgres_server, empty=True, port=free_port()) as one,
        Workplace(postgres_server, empty=True, port=free_port()) as other,
    ):
        urls = [place.environment("steps/01-api") for place in (one, other)]
        test = urls[0]["TEST_DATABASE_URL"]
        with psycopg.connect(postgres.plain(test)) as connection:
            connection.execute("CREATE TABLE animal ()")

        again = one.environment("steps/01-api")["TEST_DATABASE_URL"]

        assert again == test
        with psycopg.connect(postgres.plain(test)) as connection:
            assert connection.execute("SELECT to_regclass('animal')").fetchone() == (None,)
        made = {
            sa.make_url(environment[name]).database
            for environment in urls
            for name in ("DATABASE_URL", "TEST_DATABASE_URL")
        }
    assert len(made) == 4
    assert databases(postgres_server) & made == set()


def test_a_server_that_is_half_up_is_ended_with_the_shell_that_starts_it(tmp_path):
    """Which names its data directory in quotes, as `pg_ctl` has it; a neighbour's goes on."""
    folder, neighbour = tmp_path / "data", tmp_path / "data2"
    shells = [
        subprocess.Popen(["sh", "-c", f'sleep 60 && : -D "{place}"'])
        for place in (folder, neighbour)
    ]

    postgres.end_processes(folder)

    try:
        assert [shell.poll() is None for shell in shells] == [False, True]
    finally:
        postgres.end_processes(neighbour)
        for shell in shells:
            shell.wait()
