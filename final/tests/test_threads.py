"""A server's few threads: for whoever came in time, and for nobody for ever."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from ports import wait_for_a_minute
from server import Server

ZOOS = "{ zoos { nodes { id } } }"
HEAD = b"POST /graphql HTTP/1.1\r\nHost: zoo\r\nContent-Type: application/json\r\n"
THREADS = 4
LATE = {"zoo.waited": 1}


@pytest.fixture(scope="module")
def server(database_url, tmp_path_factory):
    """One process, in which a stranger may wait for a tenth of a second."""
    settings = {"WEB_CONCURRENCY": "1", "REQUEST_SECONDS": "1"}
    started = Server(database_url, tmp_path_factory.mktemp("server"), **settings)
    yield started
    started.stop()


@pytest.fixture
def locked(app):
    """Nobody reads zoos, until the function that this is unlocks them."""
    from app.engine import db

    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.text("LOCK TABLE zoo IN ACCESS EXCLUSIVE MODE"))
        yield connection.rollback


def test_what_has_waited_too_long_is_refused_so_that_the_next_need_not_wait(server, locked):
    """503 with Retry-After for those behind the slow ones, counted; afterwards 200."""
    body = {"query": ZOOS}
    with ThreadPoolExecutor(THREADS + 3) as clients:
        slow = [clients.submit(server.ask, "/graphql", body) for _ in range(THREADS)]
        time.sleep(0.3)
        behind = [clients.submit(server.ask, "/graphql", body) for _ in range(3)]
    refused = [answer.result() for answer in behind]

    assert [answer.result()[0] for answer in slow] == [200] * THREADS
    assert [(status, headers["Retry-After"]) for status, headers, _ in refused] == [(503, "1")] * 3
    errors = [json.loads(text)["errors"][0]["extensions"] for _, _, text in refused]
    assert errors == [{"code": "SERVICE_UNAVAILABLE"}] * 3
    assert 'zoo_refused_total{limit="ADDRESS_QUEUE_MILLISECONDS"} 3.0' in server.ask("/metrics")[2]

    locked()
    assert server.gql(ZOOS) == ({"zoos": {"nodes": []}}, None)


def test_a_stranger_is_refused_where_a_person_may_still_wait(app, ada):
    """After a tenth of a second; nobody waits longer than half a second."""
    person = {"Authorization": f"Bearer {ada.tokens['access_token']}"}

    def status(waited, headers):
        environ = {"zoo.waited": waited}
        client = app.test_client()
        body = {"query": ZOOS}
        return client.post("/graphql", json=body, headers=headers, environ_base=environ).status_code

    assert [status(waited, {}) for waited in (0.05, 0.11, 0.49)] == [200, 503, 503]
    assert [status(waited, person) for waited in (0.05, 0.11, 0.49, 0.51)] == [200, 200, 200, 503]


def test_who_is_refused_has_asked(app):
    """It counts, or a flood would never end at its limit."""
    wait_for_a_minute()
    for _ in range(120):
        late = app.test_client().post("/graphql", json={"query": ZOOS}, environ_base=LATE)
        assert late.status_code == 503
    again = app.test_client().post("/graphql", json={"query": ZOOS}, environ_base=LATE)

    assert again.status_code == 429


def drip(server, said):
    """Send a part of a request, then a byte now and then; return whether the server ends that."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=0.3) as connection:
        connection.sendall(said)
        for _ in range(25):
            try:
                connection.sendall(b" ")
                if not connection.recv(1024):
                    return True
            except TimeoutError:
                continue
            except OSError:
                return True
    return False


@pytest.mark.parametrize("said", [HEAD + b"X-Zoo: 1", HEAD + b"Content-Length: 99\r\n\r\n{"])
def test_a_slow_client_holds_no_thread_for_ever(app, server, said):
    """Be it in its headers or in its body: everybody is held up by it, and then served again."""
    with ThreadPoolExecutor(THREADS) as clients:
        ended = list(clients.map(lambda _: drip(server, said), range(THREADS)))

    assert ended == [True] * THREADS
    assert server.gql(ZOOS)[1] is None
