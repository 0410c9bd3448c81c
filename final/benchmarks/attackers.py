"""Whoever attacks: by documents that come without a pause, or by connections that are held."""

import contextlib
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from client import PAGE, Client, over, together

AT_ONCE = 32  # requests of an attacker's, one after another on each connection
HELD = 300  # connections that are held open

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
    held: list[socket.socket] = []
    while not over.is_set():
        for _ in range(HELD - len(held)):
            with contextlib.suppress(OSError):
                held.append(begun(url))
                counts["opened"] += 1
        alive = [connection for connection in held if goes_on(connection)]
        counts["closed"] += len(held) - len(alive)
        held = alive
        over.wait(1)
    return counts


def begun(url: str) -> socket.socket:
    """Return a connection with a request that has begun."""
    host, _, port = urlsplit(url).netloc.partition(":")
    connection = socket.create_connection((host, int(port)), timeout=1)
    connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: api\r\nX-Slow: ")
    return connection


def goes_on(connection: socket.socket) -> bool:
    """Send a letter more; tell whether the other end still waits, and close it where not."""
    try:
        connection.sendall(b"a")
        connection.setblocking(False)
        connection.recv(1)
    except BlockingIOError:
        connection.settimeout(1)
        return True
    except OSError:
        pass
    connection.close()
    return False
