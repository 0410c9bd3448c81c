"""Sample data that is worth reading: real zoos, and animals that live in such places."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from tools.steps import FINAL, Problem, Step

PLANT = Path(__file__).parent / "plant.py"
SAMPLE = FINAL.folder / "app" / "commands" / "sample.toml"
PASSWORD: str = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))["password"]


def environment(url: str, **more: str) -> dict[str, str]:
    """Return this process's environment for a step's own commands, the database named in it."""
    return {**os.environ, "DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1", **more}


def prepare(step: Step, folder: Path, url: str) -> None:
    """Create or migrate the tables by the step's own command."""
    _run([*flask(step), *step.prepare], folder, url)


def load(step: Step, folder: Path, url: str) -> None:
    """Make the database ready, and plant the sample data where it holds no animals."""
    prepare(step, folder, url)
    plant = [sys.executable, "-P", str(PLANT), step.app]
    _run([*flask(step), *step.sample] if step.sample else plant, folder, url)


def flask(step: Step) -> list[str]:
    """Return what a step's own commands begin with."""
    return [sys.executable, "-m", "flask", "--app", step.app]


def _run(arguments: list[str], folder: Path, url: str) -> None:
    done = subprocess.run(
        arguments,
        cwd=folder,
        env=environment(url, PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise Problem(
            f"{folder.name} could not make its database ready. What it said:\n{done.stderr.strip()}"
        )
