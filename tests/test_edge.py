"""final/'s nginx: what it refuses, whom it refuses it to, and who notices nothing of that."""

import contextlib
import http.client
import json
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack import running
from tools.steps import FINAL

HEAD = b"POST /graphql HTTP/1.1\r\nHost: zoo\r\nContent-Type: application/json\r\n"
SCHEMA = b"GET /graphql?query={__schema{types{name,description,fields{name,description}}}} HTTP/1.1"
FROM_INSIDE = """
import urllib.request
print(*(urllib.request.urlopen("http://nginx:8080/livez").status for _ in range(20)))
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """The containers of final/."""
    with running(FINAL, tmp_path_factory.mktemp("edge") / "final") as found:
        yield found


@pytest.fixture
def rested(stack):
    """The stack, after a time in which it had nothing to count."""
    time.sleep(6)
    return stack


@pytest.fixture(scope="module")
def behind_tls(stack):
    """The port of an nginx like that, told as production.yml does what stands before it."""
    name = f"{stack.project}-behind-tls"
    mounted = f"{stack.folder}/nginx/behind-tls.conf:/etc/nginx/behind/tls.conf:ro"
    known = ["--name", name, "--network", f"{stack.project}_default", "--volume", mounted]
    published = ["--publish", "127.0.0.1::8080"]
    stack.docker("run", "--detach", *known, *published, f"{stack.project}-nginx")
    yield int(stack.docker("port", name, "8080").rpartition(":")[2])
    stack.docker("rm", "--force", name)


def get(port, path="/livez", **headers):
    """Return the status, the headers and the text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()


def burst(port, **headers):
    """Ask three hundred times at once; return the answers."""
    with ThreadPoolExecutor(20) as clients:
        return list(clients.map(lambda _: get(port, **headers), range(300)))


@contextlib.contextmanager
def held(stack, number, said):
    """Open connections that have said this and say no more; give the sockets."""
    with contextlib.ExitStack() as opened:
        address = "127.0.0.1", stack.port
        sockets = [opened.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect(address)
            one.sendall(said)
        time.sleep(0.5)
        yield sockets


def test_a_burst_from_one_address_is_cut_and_another_address_is_served(rested):
    """429 in the API's words, with Retry-After, beyond what one network may ask at once."""
    with ThreadPoolExecutor(1) as elsewhere:
        others = elsewhere.submit(rested.inside, "python", "-c", FROM_INSIDE)
        answers = burst(rested.port)
    counted = Counter(status for status, _, _ in answers)
    headers, text = next((headers, text) for status, headers, text in answers if status == 429)

    assert counted.keys() == {200, 429}
    assert counted[200] >= 60
    assert headers["Retry-After"] == "1"
    assert headers["Content-Type"] == "application/json"
    app = answers[0][1]
    for name in ("Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert headers[name] == app[name]
    assert json.loads(text)["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 1}
    assert others.result() == " ".join(["200"] * 20)


def test_the_address_that_counts_is_the_one_which_ends_tls_has_seen(behind_tls):
    """The last in X-Forwarded-For: what a client writes before it neither helps nor hurts."""
    flood = burst(behind_tls, **{"X-Forwarded-For": "192.0.2.1"})
    hidden = burst(behind_tls, **{"X-Forwarded-For": "203.0.113.9, 192.0.2.1"})
    other = get(behind_tls, **{"X-Forwarded-For": "192.0.2.1, 203.0.113.9"})

    assert Counter(status for status, _, _ in flood)[429] > 50
    assert Counter(status for status, _, _ in hidden)[429] > 50
    assert other[0] == 200


def test_an_ipv6_network_counts_as_one(behind_tls):
    """A thousand addresses of a /64 are one customer's."""

    def ask(number):
        return get(behind_tls, **{"X-Forwarded-For": f"2001:db8::{number:x}:{number:x}"})[0]

    with ThreadPoolExecutor(20) as clients:
        counted = Counter(clients.map(ask, range(1, 300)))

    assert counted[429] > 50
    assert get(behind_tls, **{"X-Forwarded-For": "2001:db8:0:1::1"})[0] == 200


SLOW = {
    "headers": HEAD + b"X-Slow: ",
    "a body": HEAD + b"Content-Length: 1000\r\n\r\n{",
    "reading": SCHEMA + b"\r\nHost: zoo\r\n\r\n",
}


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_slow_clients_hold_nothing_that_others_need(rested, said):
    """Five times as many as the app has threads; an honest one is answered beside them."""
    with held(rested, 40, said):
        answers = [rested.request("GET", "/graphql?query={__typename}")[0] for _ in range(10)]

    assert answers == [200] * 10


def test_a_network_holds_fifty_requests_and_no_more(rested):
    """The next is 429, until one of them ends; another address has its own fifty."""
    with held(rested, 55, SLOW["a body"]) as sockets:
        for one in sockets:
            one.settimeout(0.1)
        answered = [one for one in sockets if readable(one)]
        others = rested.inside("python", "-c", FROM_INSIDE)

    assert len(answered) == 5
    assert others == " ".join(["200"] * 20)
    assert get(rested.port)[0] == 200


def readable(one):
    """Return whether nginx has answered a connection."""
    try:
        return one.recv(12) == b"HTTP/1.1 429"
    except TimeoutError:
        return False


LONG = {
    "an address of 32 kB": ("/?" + "x" * 32_000, {}, 414),
    "a header of 16 kB": ("/", {"X-Zoo": "x" * 16_000}, 431),
    "a thousand headers": ("/", {f"X-{n}": "1" * 40 for n in range(1000)}, 431),
}


@pytest.mark.parametrize(("path", "headers", "status"), LONG.values(), ids=LONG)
def test_what_is_too_long_before_the_body_reaches_nobody(rested, path, headers, status):
    """4xx by nginx, in JSON where it has understood what was asked."""
    answer, headers, text = get(rested.port, path, **headers)

    assert answer == status
    if status == 431:
        assert json.loads(text)["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}
    assert headers["Server"] == "nginx"
