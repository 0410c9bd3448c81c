"""The order of the steps, and which files belong to one."""

import difflib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
BUILD = ROOT / "build"
IGNORED = {".venv", "__pycache__", ".git", ".pytest_cache", ".ruff_cache", ".mypy_cache"}


class Problem(click.ClickException):
    """Something that the person at the keyboard can mend: one sentence, and exit status 1."""


@dataclass(frozen=True)
class Step:
    """A snapshot: a folder that runs, is tested and is read on its own."""

    name: str
    title: str
    app: str  # what `flask --app` is given, from the step's folder
    prepare: tuple[str, ...]  # the arguments of `flask` that make an empty database ready
    sample: tuple[str, ...] = ()  # those that add sample data; else tools/plant.py does
    beside: tuple[str, ...] = ()  # those of what runs beside the server

    @property
    def folder(self) -> Path:
        """The absolute path of the snapshot."""
        parent = ROOT if self.name == "final" else ROOT / "steps"
        return parent / self.name

    @property
    def before(self) -> "Step | None":
        """The step that this one continues, or None for the first."""
        known = (*STEPS, FINAL)
        place = known.index(self)
        return known[place - 1] if place else None


STEPS = (
    Step("01-api", "A GraphQL API", "app", ("init-db",)),
    Step("02-auth", "Accounts and tokens", "app", ("db", "upgrade")),
    Step("03-docker", "Containers", "app", ("db", "upgrade")),
    Step("04-heroku", "Heroku", "app", ("db", "upgrade")),
    Step("05-relations", "Relations", "manage", ("db", "upgrade")),
    Step("06-uploads", "Images", "manage", ("db", "upgrade")),
    Step("07-pagination", "Pages", "manage", ("db", "upgrade")),
    Step("08-dataloader", "Batches", "manage", ("db", "upgrade")),
    Step("09-k8s", "Kubernetes", "manage", ("db", "upgrade")),
    Step("10-serverless", "Serverless", "manage", ("db", "upgrade")),
)

# What the steps lead to; it is on its way, and docs/final.md tells what is there.
FINAL = Step(
    "final",
    "The whole app",
    "manage",
    prepare=("db", "upgrade"),
    sample=("seed",),
    beside=("post", "--every", "2"),
)


def find(name: str) -> Step:
    """Return the step of this name; raise Problem, with the nearest name, where there is none."""
    known = (*STEPS, FINAL)
    for step in known:
        if step.name == name:
            return step
    names = [step.name for step in known]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.3) or names[-1:]
    raise Problem(
        f"There is no step {name!r}. Did you mean {near[0]}? The steps: {', '.join(names)}."
    )


def files(folder: Path) -> list[str]:
    """Return the paths below a folder that git would commit, relative to it and sorted."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if asked.returncode == 0 and asked.stdout:
        names = [name for name in asked.stdout.split("\0") if name]
    else:
        names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    return sorted(
        {n for n in names if (folder / n).is_file() and not IGNORED.intersection(n.split("/"))}
    )


def copy(folder: Path, target: Path) -> Path:
    """Copy a folder's own files, and nothing that was built there, to `target`; return it."""
    target.mkdir(parents=True, exist_ok=True)
    for name in files(folder):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, target / name)
    return target
