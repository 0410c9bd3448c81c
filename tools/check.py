"""`make check`: a step's tests against the reader's own folder, and in words what is missing."""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import click
import graphql

from tools import contract, postgres, steps
from tools.image import wrong_image
from tools.manifests import wrong_manifests
from tools.steps import Problem, Step

# Loads the app itself, because `flask schema` would not say why an app cannot be imported.
PRINT_SCHEMA = """
import sys
from flask.cli import ScriptInfo
printed = ScriptInfo(app_import_path=sys.argv[1]).load_app().test_cli_runner().invoke(args="schema")
ended = isinstance(printed.exception, SystemExit)  # click itself has said why
failure = printed.output if ended else printed.exception
sys.exit(str(failure)) if printed.exception else print(printed.output)
"""

SHOWN = 5  # findings of one kind; the rest are counted


def missing_files(step: Step, copy: Path) -> Iterator[str]:
    """Name the step's files that are not there; its tests are brought along."""
    for name in steps.files(step.folder):
        if not name.startswith("tests/") and name != "README.md" and not (copy / name).is_file():
            yield f"There is no {name} yet."


def broken_syntax(_: Step, copy: Path) -> Iterator[str]:
    """Name each file that is no Python, and the line where it stops to be."""
    for path in sorted(copy.rglob("*.py")):
        try:
            ast.parse(path.read_bytes())
        except SyntaxError as error:
            name = path.relative_to(copy).as_posix()
            yield f"{name}, line {error.lineno}, is not Python: {error.msg}."


def wrong_schema(step: Step, copy: Path) -> Iterator[str]:
    """Start the app without a database; compare the schema that it prints with the step's."""
    printed = subprocess.run(
        [sys.executable, "-c", PRINT_SCHEMA, step.app],
        cwd=copy,
        env={**os.environ, "DATABASE_URL": contract.ANY_DATABASE},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if printed.returncode:
        yield f"The app does not start: {printed.stderr.strip().splitlines()[-1]}"
        return
    wanted = contract.read(step.folder)
    theirs = graphql.build_schema(printed.stdout, assume_valid=True)
    for change in graphql.find_breaking_changes(wanted, theirs):
        yield f"The schema differs from the step's: {change.description}"


def failed_tests(step: Step, copy: Path) -> Iterator[str]:
    """Run the step's tests on a database of their own; say what each failed one claims."""
    report = copy / "report.xml"
    with postgres.scratch() as server, postgres.new_database(server, "check") as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "tests"],
            cwd=copy,
            env={**os.environ, "TEST_DATABASE_URL": url},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if not report.exists():
        yield f"The tests could not run: {done.stdout.strip()[-500:]}"
        return
    claims = _claims(copy / "tests")
    told = set()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        name = (case.get("name") or "").partition("[")[0]
        for kind in ("failure", "error"):
            failure = case.find(kind)
            if failure is not None and name not in told:
                told.add(name)
                why = (failure.get("message") or "").splitlines()[:1]
                yield f"{name}: {claims.get(name, '')} {' '.join(why)}".rstrip()


def _claims(tests: Path) -> dict[str, str]:
    """Return each test's docstring, which is what it claims."""
    nodes = (n for path in tests.glob("*.py") for n in ast.walk(ast.parse(path.read_bytes())))
    return {n.name: ast.get_docstring(n) or "" for n in nodes if isinstance(n, ast.FunctionDef)}


# In this order, because a file that is not there explains all that comes after it.
STAGES: tuple[Callable[[Step, Path], Iterator[str]], ...] = (
    missing_files,
    broken_syntax,
    wrong_schema,
    wrong_manifests,
    failed_tests,
    wrong_image,
)


def check(step: Step, folder: Path) -> list[str]:
    """Return a sentence for each thing that a folder lacks; nothing in the folder changes."""
    if not folder.is_dir():
        raise Problem(f"There is no folder {folder}. DIR names the one that holds your copy.")
    with tempfile.TemporaryDirectory() as room:
        copy = steps.copy(folder, Path(room) / step.name)
        for stage in STAGES:
            if found := list(stage(step, copy)):
                return found
            steps.copy(step.folder / "tests", copy / "tests")
            (copy / "pyproject.toml").write_bytes((step.folder / "pyproject.toml").read_bytes())
    return []


@click.command("check")
@click.option("--step", "name", required=True, help="The step that the copy should be.")
@click.option("--dir", "folder", required=True, help="The folder of your own copy.")
def command(name: str, folder: str) -> None:
    """Run a step's tests against your own copy, and say what is missing."""
    step = steps.find(name)
    if not folder:
        raise Problem(f"Say where your copy is: make check STEP={name} DIR=~/my-zoo")
    found = check(step, Path(folder).expanduser())
    for line in found[:SHOWN]:
        click.echo(line)
    if len(found) > SHOWN:
        click.echo(f"… and {len(found) - SHOWN} more of the kind.")
    if found:
        raise Problem(f"This is not yet {name}: mend the first of these, and check again.")
    click.echo(f"Your copy does all that {name} does.")
