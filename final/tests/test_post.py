"""`flask post --every`: a process that sends letters until it is asked to end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from mailserver import Catcher
from ports import free_port

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { user { id } }
}"""
PATIENCE = 30  # seconds


class Hanging(Catcher):
    """A mail server that takes its first letter, and says nothing."""

    asked = 0

    async def handle_DATA(self, server, session, envelope):
        """Take a letter, if it is not the first one."""
        self.asked += 1
        if self.asked == 1:
            await asyncio.Event().wait()
        return await super().handle_DATA(server, session, envelope)


class SlowCatcher(Catcher):
    """A mail server that thinks about each letter."""

    taking = False

    async def handle_DATA(self, server, session, envelope):
        """Take a letter, a second later."""
        self.taking = True
        await asyncio.sleep(1)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture(params=[Catcher])
def server(request, app):
    """A mail server."""
    catcher = request.param(free_port())
    yield catcher
    catcher.stop()


@pytest.fixture
def posting(database_url, server):
    """Return a function that starts the command, which sends through the mail server."""

    @contextmanager
    def start(seconds):
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "manage", "post", "--every", str(seconds)],
            env={
                **os.environ,
                "DATABASE_URL": database_url,
                "SMTP_URL": f"smtp://127.0.0.1:{server.port}",
                "SMTP_SECONDS": "2",
            },
        )
        yield process
        process.kill()
        process.wait()

    return start


@pytest.fixture
def register(gql):
    """Return a function that makes an account, which a letter is due to."""

    def make(name):
        account = {"username": name, "email": f"{name}@example.org", "password": "correct horse"}
        assert gql(REGISTER, input=account)[1] == []

    return make


def wait_until(happened):
    """Wait for something to be true."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_sends_what_becomes_due(server, posting, register):
    """Each letter once, soon after the request that it tells of."""
    register("eve")
    with posting(0.2):
        wait_until(lambda: server.letters)
        register("mallory")
        wait_until(lambda: len(server.letters) > 1)

    assert [letter["To"] for letter in server.letters] == ["eve@example.org", "mallory@example.org"]


def test_it_goes_on_when_its_database_is_back(server, posting, register, database_url):
    """Nobody has to start it anew."""
    url = sa.make_url(database_url)
    admin = sa.create_engine(
        url.set(database="postgres"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
    )

    def let_in(allowed):
        with admin.connect() as connection:
            connection.execute(
                sa.text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {allowed}')
            )
            there = "FROM pg_stat_activity WHERE datname = :name"
            connection.execute(
                sa.text(f"SELECT pg_terminate_backend(pid, 5000) {there}"), {"name": url.database}
            )

    register("eve")
    with posting(0.2) as process:
        wait_until(lambda: server.letters)
        try:
            let_in("false")
            time.sleep(1)
            there = process.poll() is None
        finally:
            let_in("true")
        register("mallory")
        wait_until(lambda: not there or len(server.letters) > 1)

    assert there


@pytest.mark.parametrize("server", [Hanging], indirect=True)
def test_a_mail_server_that_hangs_holds_up_nothing(app, server, posting, register):
    """Who registers is answered; the other letter is sent; the first one is kept for later."""
    from app.engine import db

    register("eve")
    with posting(0.2):
        wait_until(lambda: server.asked)
        register("mallory")
        wait_until(lambda: server.letters)

    assert [letter["To"] for letter in server.letters] == ["mallory@example.org"]
    with app.app_context():
        assert db.session.scalars(sa.text("SELECT attempts FROM letter")).all() == [1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_while_it_rests(server, posting, register, number):
    """In order, though the rest is long."""
    register("eve")
    with posting(600) as process:
        wait_until(lambda: server.letters)
        time.sleep(0.5)
        process.send_signal(number)

        assert process.wait(5) == 0


@pytest.mark.parametrize("server", [SlowCatcher], indirect=True)
def test_it_ends_between_two_letters(server, posting, register, app):
    """The one that the mail server is taking is sent, and not again; the next one is left."""
    for name in ("eve", "mallory"):
        register(name)
    with posting(600) as process:
        wait_until(lambda: server.taking)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    assert len(server.letters) == 1
    assert app.test_cli_runner().invoke(args=["post"]).output.endswith("Sent: 1\n")
