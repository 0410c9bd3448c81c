"""`make test`: every suite in its own process and folder, then one report of them all."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import click
from rich.console import Console

from tools import postgres, steps
from tools.steps import BUILD, ROOT, SCRIPTS

REPORTS = BUILD / "reports"
# They start containers on the ports that the steps publish: one after another, beside all others.
CONTAINERS = (
    "pages",
    "backup",
    "compose",
    "containers",
    "dyno",
    "floods",
    "journey",
    "platforms",
    "rollout",
    "scripts",
    "serverless",
)
XFAIL = "pytest.xfail"  # it ran, and failed as it has to
LOCKED = ("--require-hashes", "--requirement", "tests/requirements.txt")
# Whose database, whose libraries; and a make inside a test would take itself for a part of ours.
FOREIGN = {"TEST_DATABASE_URL", "DATABASE_URL", "PYTHONPATH", "VIRTUAL_ENV"}
FOREIGN |= {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
# Or each process of a suite that is alone would compile its libraries anew.
FOREIGN |= {"PYTHONDONTWRITEBYTECODE"}
console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Suite:
    """One pytest process: its name, the folder it runs in, what it is asked to run.

    Alone, it has the folder's own files and the libraries of the folder's own lock, and no more.
    """

    name: str
    folder: Path
    arguments: tuple[str, ...] = ()
    alone: bool = False

    @property
    def report(self) -> Path:
        """Where its JUnit file is written."""
        return REPORTS / f"{self.name}.xml"


def suites(name: str) -> list[Suite]:
    """Return the suites to run: one step's, or all."""
    if name:
        return [Suite(name, steps.find(name).folder)]
    whole = [Suite(step.name, step.folder, alone=True) for step in steps.STEPS]
    whole.append(Suite("final", steps.FINAL.folder, ("--cov", "--cov-report=term"), alone=True))
    containers = tuple(f"tests/test_{topic}.py" for topic in CONTAINERS)
    others = [f"--ignore={path}" for path in ("tests/tools", *containers)]
    return [
        Suite("containers", ROOT, containers),
        Suite("repository", ROOT, ("tests", "docs/listings", *others)),
        Suite("tools", ROOT, ("tests/tools",)),
        *whole,
    ]


@click.command("test")
@click.option("--step", "name", default="", help="One step's tests alone.")
def command(name: str) -> None:
    """Run the tests, name what could not run here, and count."""
    chosen = suites(name)
    REPORTS.mkdir(parents=True, exist_ok=True)
    with postgres.scratch() as server, ThreadPoolExecutor(max_workers=2) as pool:
        broken = [s.name for s, ok in pool.map(lambda s: (s, run(s, server)), chosen) if not ok]
    passed, failed, skipped = join([suite.report for suite in chosen])
    for line in skipped:
        console.print(f"Could not run here: {line}", style="yellow")
    if os.environ.get("CI") and skipped:
        failed += len(skipped)
    if broken and not failed:
        failed = len(broken)
    console.print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def run(suite: Suite, server: str) -> bool:
    """Run one suite on a database of its own; print what it said; tell whether it passed."""
    suite.report.unlink(missing_ok=True)
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    started = time.monotonic()
    with postgres.new_database(server, f"test_{suite.name}") as url, TemporaryDirectory() as room:
        # Alone, where Docker answers, the tests start the database that a reader's would.
        if not (suite.alone and postgres.docker_answers()):
            kept["TEST_DATABASE_URL"] = url
        if not suite.alone:
            kept["PYTHONDONTWRITEBYTECODE"] = "1"
        said, passed = said_by(suite, Path(room), kept)
    console.rule(f"{suite.name}: {time.monotonic() - started:.0f} s")
    console.print(said.strip(), markup=False)
    return passed


def said_by(suite: Suite, room: Path, environment: dict[str, str]) -> tuple[str, bool]:
    """Run the commands of a suite until one fails; return what it said, and whether all passed."""
    report = ["--junitxml", str(suite.report), "-o", f"junit_suite_name={suite.name}"]
    folder, python, commands = suite.folder, sys.executable, []
    if suite.alone:
        folder = steps.copy(folder, room / suite.name)
        python = str(room / ".venv" / SCRIPTS / "python")
        uv = [sys.executable, "-m", "uv"]
        commands = [
            [*uv, "venv", "--quiet", "--python", sys.executable, str(room / ".venv")],
            [*uv, "pip", "install", "--quiet", "--python", python, *LOCKED],
        ]
    commands.append([python, "-m", "pytest", "-q", "--color=no", *report, *suite.arguments])
    for command in commands:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            return done.stdout, False
    return done.stdout, True


def join(reports: list[Path]) -> tuple[int, int, list[str]]:
    """Write build/reports/junit.xml out of all; return passed, failed, and what was skipped."""
    joined = ElementTree.Element("testsuites")
    for report in reports:
        if report.exists():
            joined.extend(ElementTree.parse(report).getroot())  # noqa: S314 - pytest wrote it
    ElementTree.ElementTree(joined).write(REPORTS / "junit.xml", encoding="utf-8")
    cases = list(joined.iter("testcase"))
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    skipped = [
        f"{case.get('classname')}::{case.get('name')}: {why.get('message')}"
        for case in cases
        if (why := case.find("skipped")) is not None and why.get("type") != XFAIL
    ]
    return len(cases) - failed - len(skipped), failed, skipped
