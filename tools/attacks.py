"""`python -m tools attacks`: what is tried against final/, tried, and written down as a page."""

import ast
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

import click
import yaml

from tools.steps import FINAL, ROOT, Problem

SOURCE = ROOT / "docs" / "reference" / "attacks.yaml"
PAGE = SOURCE.with_suffix(".md")
HEAD = """\
---
title: Attacks on final/
---

# Attacks on final/

<!-- Made from docs/reference/attacks.yaml and final/tests by `python -m tools attacks`. -->

What is tried against `final/`: {tests} things, in {cases} ways. Each is a test that `make test`
runs. Its name says what comes of it, and the sentence after it says more. The seconds are those of
all ways together, in one run, on a machine of two cores that had other things to do; a database
and a Redis were started meanwhile.
"""


def attacks() -> dict[str, dict[str, str]]:
    """Return what is tried by each test, by its id, in groups."""
    groups: dict[str, dict[str, str]] = yaml.safe_load(SOURCE.read_text("utf-8"))
    return groups


def sentences(test: str) -> str:
    """Return what a test says: its name, and its docstring; raise Problem where there is none."""
    file, _, name = test.partition("::")
    tree = ast.parse((FINAL.folder / "tests" / file).read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            told = name.removeprefix("test_").replace("_", " ").capitalize()
            return f"{told}. {' '.join((ast.get_docstring(node) or '').split())}"
    raise Problem(f"There is no test {test}; {SOURCE.name} names it.")


def tried(tests: list[str]) -> dict[str, tuple[int, float]]:
    """Run tests of final/; return how many cases each had, and their seconds. Raise Problem."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        told = [f"tests/{test}" for test in tests]
        command = [sys.executable, "-m", "pytest", "--quiet", f"--junitxml={report}", *told]
        if subprocess.run(command, cwd=FINAL.folder).returncode:
            raise Problem("Something that is tried has succeeded, or was not tried: see above.")
        cases: Counter[str] = Counter()
        seconds: dict[str, float] = defaultdict(float)
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
            name = case.get("name", "").partition("[")[0]
            test = f"{case.get('classname', '').rpartition('.')[2]}.py::{name}"
            cases[test] += 1
            seconds[test] += float(case.get("time", 0))
    return {test: (cases[test], seconds[test]) for test in tests}


def page(results: dict[str, tuple[int, float]]) -> str:
    """Return the page that tells of these results."""
    lines = [HEAD.format(tests=len(results), cases=sum(count for count, _ in results.values()))]
    for name, those in attacks().items():
        lines.append(f"## {name}\n")
        for test, what in those.items():
            count, seconds = results[test]
            ways = "" if count == 1 else f"{count} ways, "
            lines.append(
                f"- **{what[0].upper()}{what[1:]}.** {sentences(test)} *({ways}{seconds:.1f} s)*"
            )
        lines.append("")
    return "\n".join(lines)


@click.command("attacks")
def command() -> None:
    """Try what is tried against final/, and write down what came of it."""
    tests = [test for those in attacks().values() for test in those]
    for test in tests:
        sentences(test)
    PAGE.write_text(page(tried(tests)), encoding="utf-8")
    click.echo(f"{PAGE.relative_to(ROOT)} is written: {len(tests)} tests.")
