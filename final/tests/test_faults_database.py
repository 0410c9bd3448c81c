"""What the database may meet: clients are told in time, it recovers, and keeps what it took."""

import contextlib
import threading
import time

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from ledger import SETTINGS, Ledger
from server import Server
from wire import Wire

AWAY = "SERVICE_UNAVAILABLE"
SECONDS = 5  # that a request has
IN_TIME = SECONDS + 2
DELETE = "mutation ($id: ID!) { deleteZoo(input: { id: $id }) { deletedId } }"
ZOO = 'mutation { createZoo(input: { name: "Berlin" }) { zoo { id } } }'
ANIMALS = "{ a: animals { nodes { name } } b: animals { nodes { name } } }"


@pytest.fixture(scope="module")
def url(breakable):
    """Its address."""
    return breakable.get_connection_url(driver="psycopg")


@pytest.fixture(scope="module")
def server(url, tmp_path_factory):
    """A server on its tables, with little patience."""
    from app import create_app
    from app.engine import db

    app = create_app(database_url=url)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    bounds = {"REQUEST_SECONDS": str(SECONDS), "STATEMENT_SECONDS": "2"}
    server = Server(url, tmp_path_factory.mktemp("server"), **SETTINGS, **bounds)
    yield server
    server.stop()


@pytest.fixture
def ledger(server, url, sql):
    """A ledger of that server's, and no animals."""
    sql('TRUNCATE animal, "user" CASCADE')
    return Ledger(server, url)


@pytest.fixture
def sql(url):
    """Run SQL on a connection of its own."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")

    def run(statement):
        with engine.connect() as connection:
            connection.execute(sa.text(statement))

    run.engine = engine
    return run


def test_a_database_that_is_killed_and_started_loses_nothing(breakable, server, ledger):
    """Meanwhile clients are told in time; it needs nobody to go on."""
    container = breakable.get_wrapped_container()
    with ledger.writing():
        ledger.wait_for(20)
        container.kill()
        assert server.gql(ANIMALS)[1]["extensions"]["code"] == AWAY
        assert server.ask("/readyz")[0] == 503
        container.start()
        ledger.wait_for(20)

    assert set(ledger.failed.values()) == {AWAY}
    assert ledger.slowest < IN_TIME
    assert ledger.lost() == set()


def test_a_database_that_hangs_holds_nobody_up_for_longer_than_a_request_has(
    breakable, server, ledger
):
    """Neither who waits for a statement nor who waits for a connection."""
    container = breakable.get_wrapped_container()
    with ledger.writing():
        ledger.wait_for(20)
        container.pause()
        began = time.monotonic()
        answered = []
        while time.monotonic() - began < IN_TIME:
            asked = time.monotonic()
            answered.append(server.gql(ANIMALS)[1]["extensions"]["code"])
            assert time.monotonic() - asked < IN_TIME
        container.unpause()
        ledger.wait_for(20)

    assert set(answered) | set(ledger.failed.values()) == {AWAY}
    assert ledger.slowest < IN_TIME
    assert ledger.lost() == set()


OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def test_a_database_without_a_free_connection_is_away_until_it_has_one(sql, url, server, ledger):
    """Whoever has taken them all, and however long."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    taken = []
    sql(OTHERS)
    for _ in range(30):
        with contextlib.suppress(sa.exc.OperationalError):
            taken.append(engine.connect())
    refused, ready = ledger.create("early"), server.ask("/readyz")[0]
    for connection in taken:
        connection.close()

    assert (refused, ready) == (AWAY, 503)
    assert ledger.create("late") is None
    assert ledger.lost() == set()


def test_a_full_disk_takes_nothing_and_shows_everything(breakable, sql, server, ledger):
    """Until there is space again: then it takes what is sent."""
    container = breakable.get_wrapped_container()
    container.exec_run("install -d -o postgres /small/space")
    sql("DROP TABLESPACE IF EXISTS small")
    sql("CREATE TABLESPACE small LOCATION '/small/space'")
    sql("ALTER TABLE animal SET TABLESPACE small")
    assert ledger.create("before") is None
    container.exec_run("dd if=/dev/zero of=/small/fill")
    with ledger.writing():
        deadline = time.monotonic() + 20
        while len(ledger.failed) < 10 and time.monotonic() < deadline:
            time.sleep(0.02)
        shown, error = server.gql(ANIMALS)
        container.exec_run("rm /small/fill")
        ledger.wait_for(20)
    sql("ALTER TABLE animal SET TABLESPACE pg_default")

    assert error is None
    assert shown["a"]["nodes"]
    assert len(ledger.failed) >= 10
    assert set(ledger.failed.values()) == {AWAY}
    assert ledger.lost() == set()


def test_of_two_who_wait_for_each_other_one_is_told_to_come_again(sql, server, ledger):
    """Nothing of what it asked for is done; the other is not held up."""
    zoo = server.gql(ZOO, ledger.token)[0]["createZoo"]["zoo"]["id"]
    ledger.create("Otto")
    sql("UPDATE animal SET zoo_id = (SELECT id FROM zoo)")
    told = []
    delete = threading.Thread(
        target=lambda: told.append(server.gql(DELETE, ledger.token, id=zoo)[1])
    )
    with sql.engine.connect().execution_options(isolation_level="READ COMMITTED") as other:
        other.execute(sa.text("SET deadlock_timeout = '60s'"))
        other.execute(sa.text("SELECT 1 FROM animal FOR UPDATE"))
        delete.start()
        time.sleep(0.3)
        other.execute(sa.text("UPDATE zoo SET name = 'Rome'"))
        other.commit()
    delete.join()

    assert told[0]["extensions"]["code"] == AWAY
    assert server.gql("{ zoos { nodes { name } } }")[0] == {"zoos": {"nodes": [{"name": "Rome"}]}}


def test_a_commit_whose_answer_is_lost_is_not_acknowledged(
    breakable, url, server, ledger, tmp_path
):
    """It may have been done, and here it was: the client is told that nobody knows."""
    address = sa.make_url(url)
    wire = Wire(address.host, address.port)
    far = address.set(host="127.0.0.1", port=wire.port).render_as_string(hide_password=False)
    ledger.server = Server(far, tmp_path, **SETTINGS)
    wire.delay = 0.3
    told = []
    writer = threading.Thread(target=lambda: told.append(ledger.create("Otto")))
    writer.start()
    deadline = time.monotonic() + 20
    while not ledger.stored() and time.monotonic() < deadline:
        time.sleep(0.01)
    wire.cut()
    writer.join()
    wire.mend()
    again = ledger.create("Ada")
    ledger.server.stop()

    assert told == [AWAY]
    assert again is None
    assert ledger.stored() == {"Otto", "Ada"}
