"""Locks: one constraints.txt for everything, and hashed requirements wherever one installs."""

import subprocess
import sys
from pathlib import Path

import click

from tools.steps import FINAL, ROOT, STEPS, Problem

COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]


@click.command("lock")
@click.option("--upgrade", is_flag=True, help="Take the newest versions that fit.")
def command(upgrade: bool) -> None:
    """Compile every lock anew from what the pyproject.toml files declare."""
    folders = [step.folder for step in (*STEPS, FINAL)]
    declared = [_name(folder / "pyproject.toml") for folder in folders]
    tests = [word for name in declared for word in ("--group", f"{name}:test")]
    fresh = ["--upgrade"] if upgrade else []
    _compile("constraints.txt", ["pyproject.toml", *declared, *tests, "--no-annotate", *fresh])
    hashed = ["--generate-hashes", "--constraint", "constraints.txt"]
    _compile("requirements.txt", ["pyproject.toml", *hashed])
    # It pins what it needs to the letter, so that nothing else could live with it.
    _compile("tests/policy/requirements.txt", ["tests/policy/requirements.in", "--generate-hashes"])
    for folder, name in zip(folders, declared, strict=True):
        _compile(_name(folder / "requirements.txt"), [name, *hashed])
        group = ["--group", f"{name}:test"]
        _compile(_name(folder / "tests" / "requirements.txt"), [name, *group, *hashed])
        for source in sorted(folder.glob("*/requirements.in")):  # of another image
            _compile(_name(source.with_suffix(".txt")), [_name(source), *hashed])


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _compile(target: str, arguments: list[str]) -> None:
    told = ["--custom-compile-command", "python -m tools lock"]
    uv = [sys.executable, "-m", "uv", *COMPILE, *told, *arguments, "--output-file", target]
    if subprocess.run(uv, cwd=ROOT).returncode:
        raise Problem(f"{target} could not be compiled; what uv said stands above.")
    click.echo(f"{target} is compiled.")
