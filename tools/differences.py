"""What changes from one step to another: files, lines, the schema and the tables."""

import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import click

from tools import contract, steps
from tools.steps import Problem

# git colours a line by what happened to it; these four colours are read back below.
COLOURS = {"oldMoved": "magenta", "newMoved": "cyan", "old": "red", "new": "green"}
SETTINGS = {"core.quotepath": "false"} | {f"color.diff.{k}": v for k, v in COLOURS.items()}
GIT = ["git", *(word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}"))]
OPTIONS = ["--no-index", "--find-renames", "--no-prefix", "--color=always", "--color-moved=plain"]
CODES = {"35": ("-", True), "36": ("+", True), "31": ("-", False), "32": ("+", False)}
ANSI = re.compile(r"\x1b\[([\d;]*)m")
LOCKS = ("requirements.txt", "constraints.txt", "package-lock.json")
KINDS = {"new file mode": "added", "deleted file mode": "deleted", "rename from": "renamed"}


@dataclass
class Line:
    """A line of a difference: " ", "+", "-", or "@" for where a hunk stands."""

    kind: str
    text: str
    moved: bool = False


@dataclass
class FileChange:
    """What happened to one file; `lines` is empty for a lock, which nobody reads."""

    path: str
    old_path: str = ""
    kind: str = "changed"
    lines: list[Line] = field(default_factory=list)

    def count(self, kind: str) -> int:
        """Return how many lines were added ("+") or removed ("-")."""
        return sum(line.kind == kind for line in self.lines)


@cache
def compare(before: Path | None, after: Path) -> list[FileChange]:
    """Return the files that differ between two snapshots, by path; None is the empty start."""
    with tempfile.TemporaryDirectory() as folder:
        for name, source in (("a", before), ("b", after)):
            target = Path(folder) / name
            target.mkdir()
            if source:
                steps.copy(source, target)
        asked = subprocess.run(
            [*GIT, "diff", *OPTIONS, "a", "b"],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if asked.returncode not in (0, 1):
        raise Problem(f"git could not compare the steps: {asked.stderr.strip()}")
    return sorted(_parse(asked.stdout), key=lambda change: change.path)


def _parse(output: str) -> list[FileChange]:
    changes: list[FileChange] = []
    for raw in output.split("\n"):
        text = ANSI.sub("", raw)
        if text.startswith("diff --git "):
            changes.append(FileChange(""))
        elif changes and not changes[-1].lines and not text.startswith("@@"):
            _header(changes[-1], text)
        elif changes and text:
            changes[-1].lines.append(_line(raw, text))
    for change in changes:
        if change.path.endswith(LOCKS):
            change.lines = []
    return changes


def _header(change: FileChange, text: str) -> None:
    for words, kind in KINDS.items():
        if text.startswith(words):
            change.kind = kind
    for words, name in (("--- a/", "old_path"), ("rename from a/", "old_path"), ("+++ b/", "path")):
        if text.startswith(words):
            setattr(change, name, text.removeprefix(words).rstrip("\t"))
    if text.startswith("rename to b/"):
        change.path = text.removeprefix("rename to b/")
    if text.startswith("+++ /dev/null"):
        change.path = change.old_path


def _line(raw: str, text: str) -> Line:
    if text.startswith("@@"):
        return Line("@", text)
    colour = ANSI.match(raw)
    kind, moved = CODES.get(colour[1] if colour else "", (text[:1], False))
    return Line(kind if kind in "+-" else " ", text[1:], moved)


def changed_lines(before: Path | None, after: Path, file: str) -> set[int]:
    """Return the numbers, from 1, of the lines of a file that are new and were not just moved."""
    if before is None:
        return set(range(1, len((after / file).read_text(encoding="utf-8").splitlines()) + 1))
    numbers: set[int] = set()
    for change in compare(before, after):
        if change.path == file:
            number = 0
            for line in change.lines:
                if line.kind == "@":
                    hunk = re.search(r"\+(\d+)", line.text)
                    number = int(hunk[1]) if hunk else 0
                elif line.kind != "-":
                    if line.kind == "+" and not line.moved:
                        numbers.add(number)
                    number += 1
    return numbers


STYLES = {"+": "green", "-": "red", "@": "blue", " ": None}
MOVED = {"+": "cyan", "-": "magenta"}


@click.command("diff")
@click.argument("before")
@click.argument("after")
def command(before: str, after: str) -> None:
    """Print what changes from one step ("nothing" before the first) to another."""
    old = None if before == "nothing" else steps.find(before).folder
    new = steps.find(after).folder
    changes = compare(old, new)
    for change in changes:
        count = f"+{change.count('+')} -{change.count('-')}" if change.lines else ""
        click.echo(f"{change.kind:8} {change.path} {count}")
    for change in changes:
        if change.lines:
            click.secho(f"\n{change.path}", bold=True)
        for line in change.lines:
            style = MOVED.get(line.kind) if line.moved else STYLES[line.kind]
            mark = "" if line.kind == "@" else line.kind
            click.secho(f"{mark}{line.text}", fg=style)
    click.secho("\nThe schema", bold=True)
    for schema_change in contract.schema_changes(old, new):
        click.echo(f"{schema_change.kind}: {schema_change.text}")
    click.secho("\nThe tables", bold=True)
    click.echo("\n\n".join(contract.tables(new, steps.find(after).app)))
