"""What the server's processes may meet: what was acknowledged stays, and the next is served."""

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from ledger import LOST, SETTINGS, Ledger
from server import Server


@pytest.fixture
def server(app, database_url, tmp_path):
    """A server of two processes."""
    server = Server(database_url, tmp_path, **SETTINGS)
    yield server
    server.stop()


@pytest.fixture
def ledger(server, database_url):
    """A ledger of that server's."""
    return Ledger(server, database_url)


@pytest.fixture
def locked(app):
    """Nobody writes animals, until the function that this is unlocks them."""
    from app.engine import db

    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.text("LOCK TABLE animal IN EXCLUSIVE MODE"))
        yield connection.rollback


def workers(server):
    """Return the process ids of all workers that the server has ever started."""
    return [
        int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", server.log.read_text())
    ]


def test_a_mutation_whose_worker_is_killed_is_undone(server, ledger, locked):
    """Its client gets no answer, and the next one is served by a new worker."""
    with ThreadPoolExecutor(4) as clients:
        writing = [clients.submit(ledger.create, f"early {n}") for n in range(4)]
        time.sleep(0.5)
        for pid in workers(server):
            os.kill(pid, signal.SIGKILL)
        told = [answer.result() for answer in writing]
    locked()

    assert told == [LOST] * 4
    assert ledger.create("late") is None
    assert ledger.stored() == {"late"}


def test_workers_that_are_killed_under_load_lose_nothing(server, ledger):
    """One after another; whoever was not being answered notices nothing."""
    with ledger.writing():
        for _ in range(3):
            ledger.wait_for(20)
            os.kill(workers(server)[-1], signal.SIGKILL)
        ledger.wait_for(20)

    assert set(ledger.failed.values()) <= {LOST}
    assert ledger.lost() == set()


def test_a_server_that_is_asked_to_end_answers_whom_it_has_let_in(server, ledger, locked):
    """Those that wait for the database too; then it ends well."""
    with ThreadPoolExecutor(4) as clients:
        writing = [clients.submit(ledger.create, f"early {n}") for n in range(4)]
        time.sleep(0.5)
        server.process.terminate()
        time.sleep(1)
        locked()
        told = [answer.result() for answer in writing]

    assert told == [None] * 4
    assert server.process.wait(20) == 0
    assert ledger.lost() == set()


def test_a_server_that_is_asked_to_end_under_load_loses_nothing(server, ledger):
    """Whoever comes too late gets no answer, and none gets an accident."""
    with ledger.writing():
        ledger.wait_for(50)
        server.process.terminate()
        status = server.process.wait(20)

    assert status == 0
    assert set(ledger.failed.values()) == {LOST}
    assert ledger.lost() == set()
