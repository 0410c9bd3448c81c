"""Text that moved to another file: a change follows it to the one place where it stands now."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from tools import steps

# Lines above and below a change that are looked for with it: the surest place first, and the
# neighbours of one side for a block that came to stand at the edge of a file.
AROUND = ((3, 3), (2, 2), (1, 1), (0, 0), (3, 0), (0, 3), (2, 0), (0, 2))


@dataclass
class Hunk:
    """Lines `start` to `end` of a text, and what replaces them."""

    text: list[str]
    start: int
    end: int
    new: list[str]

    def block(self, above: int, below: int) -> tuple[str, str]:
        """Return the old text and the new one, with so many lines around both."""
        head = self.text[max(0, self.start - above) : self.start]
        tail = self.text[self.end : self.end + below]
        old = head + self.text[self.start : self.end] + tail
        return "".join(old), "".join(head + self.new + tail)


def transplant(base: Path, ours: Path, theirs: Path) -> list[str]:
    """Carry what changed from base to theirs, and stands in another file of ours; say each move.

    What found its place is undone in theirs, so that a merge has no more to do with it.
    """
    told = []
    for name in steps.files(theirs):
        if not (base / name).is_file() or _text(base / name) == _text(theirs / name):
            continue
        old = _text(base / name).splitlines(keepends=True)
        left = []
        for hunk in _hunks(old, _text(theirs / name).splitlines(keepends=True)):
            if moved := _carried(hunk, name, base, ours):
                told.append(f"{name} → {moved}")
            else:
                left.append(hunk)
        for hunk in reversed(left):
            old[hunk.start : hunk.end] = hunk.new
        _write(theirs / name, "".join(old))
    return list(dict.fromkeys(told))


def _carried(hunk: Hunk, name: str, base: Path, ours: Path) -> str:
    """Change the one other file of ours that has the hunk's old text; return its path, or ""."""
    for context in AROUND:
        old, new = hunk.block(*context)
        if not old.strip() or len(_places(base, old)) != 1:
            continue
        places = _places(ours, old)
        if name in places:
            return ""
        if len(places) == 1:
            _write(ours / places[0], _text(ours / places[0]).replace(old, new))
            return places[0]
    return ""


def _places(folder: Path, block: str) -> list[str]:
    """Return the file of each place where a block of whole lines stands."""
    found = []
    for name in steps.files(folder):
        text = "\n" + _text(folder / name)
        found += [name] * text.count("\n" + block)
    return found


def _hunks(before: list[str], after: list[str]) -> Iterator[Hunk]:
    for code, start, end, first, last in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if code != "equal":
            yield Hunk(list(before), start, end, after[first:last])


def _text(path: Path) -> str:
    # Latin-1 keeps every byte as it is, of a picture too.
    return path.read_bytes().decode("latin-1")


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("latin-1"))
