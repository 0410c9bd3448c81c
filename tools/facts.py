"""Numbers in the prose: measured by tests, kept in docs/facts.json, each with its band."""

import json
import os
import re
from pathlib import Path

from tools.steps import ROOT, Problem

FILE = ROOT / "docs" / "facts.json"
MENTION = re.compile(r"\{\{\s*facts\.(\w+)\s*\}\}")


def read(file: Path = FILE) -> dict[str, dict[str, float | str]]:
    """Return every fact by its name: `value`, and the `low` and `high` ends of its band."""
    known: dict[str, dict[str, float | str]] = json.loads(file.read_text(encoding="utf-8"))
    return known


def state(name: str, value: float, file: Path = FILE) -> None:
    """Hold a measured value against its band; with RECORD_FACTS=1 write it down as well."""
    known = read(file)
    assert name in known, f"No fact is called {name!r}; add it to {file} with its band."
    fact = known[name]
    held = float(fact["low"]) <= value <= float(fact["high"])
    assert held, f"{name} is {value}, outside of {fact['low']} to {fact['high']} in {file}."
    assert float(fact["low"]) <= float(fact["value"]) <= float(fact["high"]), f"{file}: {name}"
    if os.environ.get("RECORD_FACTS"):
        fact["value"] = value
        file.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def fill(text: str, page: str, file: Path = FILE) -> str:
    """Return the text with each `{{ facts.name }}` replaced; raise Problem at an unknown one."""
    known = read(file)

    def value(mention: re.Match[str]) -> str:
        if mention[1] not in known:
            line = text.count("\n", 0, mention.start()) + 1
            raise Problem(f"{page}:{line}: no fact is called {mention[1]!r}.")
        return f"{known[mention[1]]['value']:,}"

    return MENTION.sub(value, text)
