"""Ask every instance of serverless/local.yml at once; count the answers, and the connections."""

import contextlib
import http.client
import json
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

COMPOSE = ("docker", "compose", "--file", "serverless/local.yml")
READ = json.dumps({"query": "{ animals(first: 20) { nodes { name owner { username } } } }"})
LENT = """SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"""
POOL = 15  # what the pooler holds at most
PATIENCE = 120  # seconds until an instance answers, thirty starting at once
AT_ONCE = 4  # requests that one instance has threads for


def compose(*arguments: str) -> str:
    """Run `docker compose` on the instances; return what it printed."""
    done = subprocess.run([*COMPOSE, *arguments], capture_output=True, check=True, text=True)
    return done.stdout


def ports() -> list[int]:
    """Return the port of each instance."""
    rows = map(json.loads, compose("ps", "--format", "json", "api").splitlines())
    return [p["PublishedPort"] for row in rows for p in row["Publishers"] if p["PublishedPort"]]


def answer(port: int, method: str, path: str, body: str | None = None) -> dict:
    """Return what an instance answers."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(client):
        client.request(method, path, body, {"Content-Type": "application/json"})
        return json.load(client.getresponse())


def wait(port: int) -> None:
    """Wait until an instance lives, whether or not it has a database."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            answer(port, "GET", "/livez")
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"Nobody lives at port {port}.")
        time.sleep(0.1)


def ask(port: int) -> str:
    """Send one query; return "answered", or the error's code."""
    errors = answer(port, "POST", "/graphql", READ).get("errors")
    return errors[0]["extensions"]["code"] if errors else "answered"


def lent() -> str:
    """Return how many connections the database has lent, or why it does not say so."""
    psql = ("psql", "--username", "zoo", "--no-align", "--tuples-only", "--command", LENT)
    try:
        number = int(compose("exec", "--no-TTY", "db", *psql))
        return f"connections: {f'{POOL} at most' if number <= POOL else number}, of 25"
    except subprocess.CalledProcessError as error:
        return f"psql: {error.stderr.strip().rpartition('failed: ')[2]}"


def main() -> None:
    """Ask each instance as often as it has threads, when all of them live."""
    found = ports() * AT_ONCE
    with ThreadPoolExecutor(len(found)) as clients:
        list(clients.map(wait, ports()))
        counts = Counter(clients.map(ask, found))
    for said, number in sorted(counts.items(), reverse=True):
        print(f"{said}: {'all' if number == len(found) else 'some'} of {len(found)}")
    print(lent())


if __name__ == "__main__":
    main()
