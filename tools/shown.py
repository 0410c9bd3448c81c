"""Nothing left out: every line that a step adds stands in a listing of its chapter, or is given.

Given are the files of the card, and what the chapter's interim patch writes.
"""

from collections.abc import Iterator
from pathlib import Path

from tools import blocks, differences, names, pages, steps
from tools.steps import ROOT

LONGEST = 25  # lines of one listing


def missing(page: Path, root: Path = ROOT) -> list[str]:
    """Return a sentence for each line that a step adds and its chapter does not show."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(root).as_posix()
    meta = pages.front_matter(text)
    step = steps.find(meta["step"])
    before = step.before.folder if step.before else None
    seen = _seen(text, name, root)
    handed = {line for patch in meta.get("interim", []) for line in _handed(root / patch)}
    found = []
    for file in steps.files(step.folder):
        if file in meta["given"] or any(file.startswith(g) for g in meta["given"] if g[-1] == "/"):
            continue
        lines = (step.folder / file).read_text(encoding="utf-8").splitlines()
        added = differences.changed_lines(before, step.folder, file)
        path = (step.folder / file).relative_to(ROOT).as_posix()
        for number in sorted(added - seen.get(path, set())):
            if lines[number - 1].strip() and (file, lines[number - 1]) not in handed:
                line = lines[number - 1].strip()
                found.append(f"{path}:{number}: no listing of {name} shows {line!r}")
    return found


def _handed(patch: Path) -> Iterator[tuple[str, str]]:
    """Give each line that a patch adds, with its file: the reader applies it, and types none."""
    file = ""
    for line in patch.read_text(encoding="utf-8").splitlines():
        if line.startswith("+++ b/"):
            file = line.removeprefix("+++ b/")
        elif line.startswith("+"):
            yield file, line[1:]


def _seen(text: str, page: str, root: Path) -> dict[str, set[int]]:
    """Return the numbers of the lines that a page's listings show, by file."""
    seen: dict[str, set[int]] = {}
    for block in blocks.parse(text, page):
        if block.kind == "listing":
            path = f"{block.args[0]}/{block.args[1]}"
            part = names.cut(root / path, block.args[2] if len(block.args) > 2 else None)
            seen.setdefault(path, set()).update(range(part.first, part.last + 1))
    return seen


def too_long(page: Path, root: Path = ROOT) -> list[str]:
    """Return a sentence for each listing of code that nobody reads to its end."""
    text = page.read_text(encoding="utf-8")
    found = []
    for block in blocks.parse(text, page.name):
        if block.kind == "listing" and not block.args[1].endswith(".patch"):
            name = block.args[2] if len(block.args) > 2 else None
            part = names.cut(root / block.args[0] / block.args[1], name)
            length = part.last - part.first + 1
            if length > LONGEST:
                found.append(f"{page.name}:{block.line}: the listing has {length} lines")
    return found
