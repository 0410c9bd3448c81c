"""The directives in a page's source: where they stand, what they ask for.

A directive is a line `::: kind argument… key=value…`. Those of BODIES go on to a line `:::`.
"""

import re
import shlex
from dataclasses import dataclass, field

from tools.steps import Problem

BODIES = {"console", "graphql"}
OPTION = re.compile(r"\w+=")
FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass
class Block:
    """One directive; `line` and `end` are the numbers of its first and last line, from 1."""

    kind: str
    args: list[str]
    options: dict[str, str]
    line: int
    end: int
    indent: str = ""
    body: list[str] = field(default_factory=list)

    def part(self, name: str) -> str | None:
        """Return the lines below `--- name`, or the first part for "", as text; None without it."""
        parts: dict[str, list[str]] = {"": []}
        current = ""
        for line in self.body:
            if line.startswith("--- "):
                current = line[4:].strip()
                parts[current] = []
            else:
                parts[current].append(line)
        return "\n".join(parts[name]) if name in parts else None


def _opened(line: str, number: int) -> Block:
    """Return the directive that a line opens; a word with `=` is an option, except in quotes."""
    kind, *words = shlex.split(line.strip()[4:])
    options = dict(word.split("=", 1) for word in words if OPTION.match(word))
    arguments = [word for word in words if not OPTION.match(word)]
    return Block(kind, arguments, options, number, number, line[: len(line) - len(line.lstrip())])


def parse(text: str, page: str) -> list[Block]:
    """Return the directives of a page's source; raise Problem where one has no end."""
    found: list[Block] = []
    lines = text.splitlines()
    fenced = False
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if FENCE.match(line):
            fenced = not fenced
        if not fenced and line.strip() == ":::":
            raise Problem(f"{page}:{number}: this ':::' closes nothing; a listing needs none.")
        if fenced or not line.lstrip().startswith("::: "):
            continue
        block = _opened(line, number)
        kind = block.kind
        if kind in BODIES:
            while number < len(lines) and lines[number] != ":::":
                block.body.append(lines[number])
                number += 1
            if number == len(lines):
                raise Problem(
                    f"{page}:{block.line}: this {kind} block is never closed by a line ':::'."
                )
            number += 1
            block.end = number
        found.append(block)
    return found
