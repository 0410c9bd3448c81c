"""Whoever asks, in a container with an address of its own: clients.py honest URL, or ATTACK URL.

Both ask until they are ended, and print then what came of it, as JSON.
"""

import json
import signal
import sys
import threading
import time

from attackers import flood, slow
from client import PAGE, Client, over, together

PATIENCE = 10  # seconds until an honest client takes its request for lost
PEOPLE, TABS = 4, 5  # each tab asks once a second
PASSWORD = "a long password of somebody's"  # noqa: S105 - nobody real
REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken }
}"""


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
