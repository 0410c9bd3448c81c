"""`make doctor`: what this machine lacks or has in the way, each with a place to read on."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import psycopg

from tools import postgres, run, steps
from tools.steps import ROOT, STEPS, Problem

PAGE = "docs/troubleshooting.md"
OLDEST = (3, 11)
ROOM = 10**9  # bytes that the environment and the databases take
LOCAL_URL = re.compile(r"postgresql\+psycopg://\S+@127\.0\.0\.1:\d+/\w+")
SCRIPTS = ("Makefile", ".sh", ".py", ".yaml", ".ci/run")

Finding = tuple[str, str]  # an anchor of the page, and a sentence


def programs() -> Iterator[Finding]:
    """Look for Python, make and Docker."""
    if sys.version_info < OLDEST:
        yield "python-too-old", f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}."
    if not (shutil.which("make") or shutil.which("gmake")):
        yield "no-make", "There is no make on this machine."
    if not postgres.docker_answers():
        yield "no-docker", "Docker does not answer; the tests of containers cannot run without it."


def ports() -> Iterator[Finding]:
    """Look for somebody on the ports of `make run`."""
    for port in (8000, 8001):
        try:
            run.check_free(port)
        except Problem as problem:
            yield "port-taken", problem.message


def address() -> Iterator[Finding]:
    """Look whether DATABASE_URL, where it is set, is answered."""
    if url := os.environ.get("DATABASE_URL"):
        try:
            postgres.check(url)
        except Problem as problem:
            wrong = "password authentication failed" in problem.message
            yield ("wrong-password" if wrong else "broken-database-url"), problem.message


def volumes() -> Iterator[Finding]:
    """Look whether a database that a step's compose file started takes the step's password."""
    for step in STEPS:
        for path in sorted(step.folder.rglob("settings.py")):
            for url in LOCAL_URL.findall(path.read_text(encoding="utf-8")):
                try:
                    psycopg.connect(postgres.plain(url), connect_timeout=2).close()
                except psycopg.OperationalError as error:
                    if "password authentication failed" in str(error):
                        said = f"The database of {step.name} has another password than the step: "
                        yield "stale-volume", said + "its volume is older than compose.yaml."


def line_endings() -> Iterator[Finding]:
    """Look for Windows's line endings where a shell or a container would stumble."""
    for name in steps.files(ROOT):
        if name.endswith(SCRIPTS) and b"\r\n" in (ROOT / name).read_bytes():
            yield "crlf", f"{name} has Windows's line endings."
            return


def environment() -> Iterator[Finding]:
    """Look whether what is installed is what the locks name, and whether there is room."""
    ready = ROOT / ".venv" / "ready"
    locks = [ROOT / name for name in steps.files(ROOT) if Path(name).name == "requirements.txt"]
    if not ready.exists() or any(p.stat().st_mtime > ready.stat().st_mtime for p in locks):
        yield "out-of-date", "The locks are newer than what is installed."
    if shutil.disk_usage(ROOT).free < ROOM:
        yield "disk-full", "Less than a gigabyte is left on this disk."


@click.command("doctor")
def command() -> None:
    """Say what this machine lacks, or has in the way."""
    found = [
        finding
        for look in (programs, ports, address, volumes, line_endings, environment)
        for finding in look()
    ]
    for anchor, sentence in found:
        click.echo(f"{sentence}\n  {PAGE}#{anchor}")
    if not found:
        click.echo("Nothing is in the way.")
    if {anchor for anchor, _ in found} - {"no-docker"}:
        sys.exit(1)
