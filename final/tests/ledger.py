"""Writers that keep a ledger: what the server has acknowledged has to be in the database."""

import json
import threading
import time
from contextlib import contextmanager

import sqlalchemy as sa

CREATE = """mutation ($name: String!) {
  createAnimal(input: { name: $name }) { animal { name } }
}"""
REGISTER = """mutation {
  register(input: { username: "ada", email: "ada@example.org", password: "correct horse" }) {
    accessToken
  }
}"""
# Whoever writes all the time is no attacker here, and needs no letter.
SETTINGS = {
    "REQUIRE_CONFIRMED_EMAIL": "false",
    "PERSON_REQUESTS_PER_MINUTE": "1000000",
    "PERSON_COST_PER_MINUTE": "1000000",
}
LOST = "no answer"


class Ledger:
    """Threads that create animals through a server; the name of each, and what was said of it.

    What has failed may be in the database all the same: nobody has been told that it is.
    """

    def __init__(self, server, database_url):
        self.server, self.database_url = server, database_url
        self.token = server.gql(REGISTER)[0]["register"]["accessToken"]
        self.acknowledged, self.failed = set(), {}
        self.slowest = 0.0  # seconds

    def create(self, name):
        """Create an animal; return None, or the code of the error, and note it."""
        began = time.monotonic()
        body = {"query": CREATE, "variables": {"name": name}}
        headers = {"Authorization": f"Bearer {self.token}"}
        text = self.server.ask("/graphql", body, **headers)[2]
        self.slowest = max(self.slowest, time.monotonic() - began)
        errors = json.loads(text).get("errors") if text else [{"extensions": {"code": LOST}}]
        if not errors:
            self.acknowledged.add(name)
            return None
        self.failed[name] = errors[0]["extensions"]["code"]
        return self.failed[name]

    @contextmanager
    def writing(self, writers=4):
        """Write all the time, until the block ends."""
        stop = threading.Event()

        def write(writer):
            number = 0
            while not stop.is_set():
                number += 1
                if self.create(f"{writer}-{number}"):
                    time.sleep(0.05)

        threads = [threading.Thread(target=write, args=[n]) for n in range(writers)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more, seconds=20):
        """Wait until so many more are acknowledged; fail where they are not, in that time."""
        goal, deadline = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < goal:
            assert time.monotonic() < deadline, f"{self.failed} after {seconds} s"
            time.sleep(0.02)

    def stored(self):
        """Return the names that the database has."""
        engine = sa.create_engine(self.database_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return set(connection.scalars(sa.text("SELECT name FROM animal")))

    def lost(self):
        """Return what was acknowledged and is not there."""
        return self.acknowledged - self.stored()
