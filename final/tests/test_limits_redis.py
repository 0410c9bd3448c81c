"""Limits where several processes count, and where Redis is away, hangs, is late or is full."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from asking import LIMITED, ME, codes
from ports import wait_for_a_minute
from server import Server
from wire import Wire


@pytest.fixture
def wire(redis):
    """A wire to an empty Redis."""
    redis[1].get_client().flushall()
    url = urlsplit(redis[0])
    wire = Wire(url.hostname, url.port)
    yield wire
    wire.cut()


@pytest.fixture
def ask(app, another, wire):
    """Return a function that asks an application which counts at the end of the wire."""
    counting = another(ratelimit_storage_url=f"redis://127.0.0.1:{wire.port}")

    def ask(path="/graphql", query=ME):
        client = counting.test_client()
        return client.post(path, json={"query": query}) if query else client.get(path)

    return ask


@pytest.fixture
def full(redis):
    """Return a function that fills Redis; afterwards it has room again."""
    client = redis[1].get_client()
    yield lambda: client.config_set("maxmemory", 1)
    client.config_set("maxmemory", 0)


@pytest.fixture
def fail(wire, full):
    """Return a function that makes Redis fail in one of these ways."""

    def late():
        wire.delay = 5

    return {"away": wire.cut, "hanging": wire.hang, "late": late, "full": full}


@pytest.mark.parametrize("how", ["away", "hanging", "late", "full"])
def test_without_redis_each_process_counts_by_itself(ask, fail, how, caplog):
    """At the same limits; nobody is shut out, nobody waits long, and the operator is told."""
    wait_for_a_minute()
    assert codes(ask() for _ in range(100)) == [None] * 100
    fail[how]()
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        within = codes(ask() for _ in range(120))
    refused = ask()

    assert within == [None] * 120
    assert codes([refused]) == [LIMITED]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert time.monotonic() - began < 15
    assert "falling back to in-memory" in caplog.text
    assert "zoo_limits_in_process 1.0" in ask("/metrics", None).text


def test_when_redis_is_back_it_counts_again(ask, wire, redis):
    """By itself, and goes on from where it was."""
    for _ in range(100):
        ask()
    wire.cut()
    ask()
    wire.mend()
    deadline = time.monotonic() + 30
    while ask().headers["RateLimit"].startswith('"requests";r=11') and time.monotonic() < deadline:
        time.sleep(0.5)

    assert int(ask().headers["RateLimit"].split("r=")[1].split(";")[0]) < 20
    assert "zoo_limits_in_process 0.0" in ask("/metrics", None).text


def test_an_application_starts_where_redis_is_away(app, another):
    """It counts by itself, and is there."""
    started = another(ratelimit_storage_url="redis://127.0.0.1:9")

    assert started.test_client().post("/graphql", json={"query": ME}).status_code == 200


@pytest.fixture
def servers(app, database_url, redis, tmp_path):
    """Three servers, of two processes each, that count in one Redis; a proxy is before each."""
    redis[1].get_client().flushall()
    servers = []
    for name in "abc":
        (tmp_path / name).mkdir()
        server = Server(
            database_url, tmp_path / name, RATELIMIT_STORAGE_URL=redis[0], TRUSTED_PROXIES="1"
        )
        servers.append(server)
    yield servers
    for server in servers:
        server.stop()


def test_all_processes_of_all_servers_count_as_one(servers):
    """To the last request, however many come at once, and whatever a client says of itself."""

    def ask(n):
        # What the proxy has seen stands last; all before it is the client's own word.
        said = f"198.51.100.{n}, 192.0.2.7"
        body = {"query": ME}
        return servers[n % 3].ask("/graphql", body, **{"X-Forwarded-For": said})[0]

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(ask, range(150)))

    assert statuses.count(200) == 120
    assert statuses.count(429) == 30
