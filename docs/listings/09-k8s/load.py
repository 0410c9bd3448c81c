"""Clients who read, one request after another, while something happens to the pods."""

import http.client
import json
import threading
import time
import urllib.parse
from collections import Counter

READ = "/graphql?query=" + urllib.parse.quote("{ animals(first: 5) { nodes { name } } }")
CLIENTS = 6
TRIES = 5  # a client's, where its connection closes before it has read an answer whole


def ask(port: int, tries: int = TRIES) -> str:
    """Read from a port of this machine; return "read", or what stood in the way.

    An nginx that is told of new pods closes connections on which it has read nothing yet, and a pod
    may be killed in the middle of an answer. Clients ask again then, as RFC 9110 lets them where
    they only read (9.2.2). What a pod does wrong is nginx's 502 or 504.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", READ, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except (ConnectionResetError, http.client.RemoteDisconnected, http.client.IncompleteRead):
        return ask(port, tries - 1) if tries > 1 else "closed"
    except (OSError, http.client.HTTPException):
        return "no answer"
    finally:
        connection.close()
    return judged(response.status, body)


def judged(status: int, body: bytes) -> str:
    """Return "read" for an answer without errors, else the code, or the status of a stranger's."""
    try:
        answer = json.loads(body)
    except ValueError:
        return f"{status}, not from the app"
    errors = answer.get("errors")
    return errors[0]["extensions"]["code"] if errors else "read"


class Load:
    """Reads that go on for as long as the block lasts: what came of them, when one failed."""

    def __init__(self, port: int) -> None:
        self.port, self.counts, self.failed_at = port, Counter(), []
        self.over = threading.Event()
        self.clients = [threading.Thread(target=self.ask_on) for _ in range(CLIENTS)]

    def ask_on(self) -> None:
        """Ask, and ask again."""
        while not self.over.is_set():
            said = ask(self.port)
            self.counts[said] += 1
            if said != "read":
                self.failed_at.append(time.monotonic())
            time.sleep(0.01)

    def __enter__(self) -> "Load":
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for client in self.clients:
            client.join(30)

    @property
    def failed(self) -> int:
        """How many reads failed."""
        return self.counts.total() - self.counts["read"]

    @property
    def seconds(self) -> float:
        """How long it took from the first read that failed to the last."""
        return max(self.failed_at) - min(self.failed_at) if self.failed_at else 0.0
