"""Run a command while a backup reads the animals, and say how long visitors waited meanwhile.

The backup goes on for four seconds after the command has begun to wait for it.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time

import psycopg
import sqlalchemy as sa

sys.path.insert(0, os.getcwd())
import settings

URL = sa.make_url(settings.SQLALCHEMY_DATABASE_URI).set(drivername="postgresql")
HOLD = 4
WAITING = """SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
READ = "SELECT count(*) FROM animal"


def connected() -> psycopg.Connection:
    """Return a connection of its own."""
    return psycopg.connect(URL.render_as_string(hide_password=False), autocommit=True)


def visit(waits: list[float], over: threading.Event) -> None:
    """Read animals twenty times a second; write down how long each time took."""
    with connected() as visitor:
        while not over.wait(0.05):
            begin = time.perf_counter()
            visitor.execute(READ)
            waits.append(time.perf_counter() - begin)


def back_up(command: subprocess.Popen) -> float:
    """Go on until the command has waited for long enough, or ends; return when it began to wait."""
    with connected() as watcher:
        while command.poll() is None and not watcher.execute(WAITING).fetchone():
            time.sleep(0.02)
    begin = time.perf_counter()
    with contextlib.suppress(subprocess.TimeoutExpired):
        command.wait(HOLD)
    return begin


def main() -> None:
    """Begin the backup, the visitor and the command; say how it went."""
    waits, over = [], threading.Event()
    visitor = threading.Thread(target=visit, args=(waits, over))
    with connected() as backup, backup.transaction():
        backup.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # as pg_dump does
        backup.execute(READ)
        visitor.start()
        command = subprocess.Popen(sys.argv[1:])
        begin = back_up(command)
    said = "succeeded" if command.wait() == 0 else "failed"
    took = time.perf_counter() - begin
    over.set()
    visitor.join()
    print(f"The command {said}, {took:.1f} s after it had begun to wait.", flush=True)
    print(f"A visitor waited for {max(waits):.1f} s at most.")


if __name__ == "__main__":
    main()
