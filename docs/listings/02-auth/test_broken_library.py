"""The library that broke: what the page installs to break it, to cure it, and to keep it cured.

The page's own blocks install and run all three.
"""

import ast
import re
from pathlib import Path

from tools import facts

FOLDER = Path(__file__).parent
PIN = re.compile(r"^([\w.-]+)(?:==([\w.]+))", re.MULTILINE)


def versions(name):
    """Return the version of each library that a requirements file pins."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return {library.lower(): version for library, version in PIN.findall(text)}


def test_the_lock_is_todays_list_but_for_what_the_pins_hold_back():
    """Flask and Werkzeug are older, and the library that only a newer Flask wants is gone."""
    today, lock = versions("today.txt"), versions("lock.txt")

    differing = {name for name in today.keys() | lock.keys() if today.get(name) != lock.get(name)}

    assert differing == {"flask", "werkzeug", "blinker"}
    assert "blinker" not in lock
    facts.state("auth_locked", len(lock))


def test_every_line_of_the_lock_has_a_hash():
    """Or pip would refuse the whole file."""
    entries = re.split(r"\n(?=\w)", (FOLDER / "lock.txt").read_text(encoding="utf-8"))[1:]

    assert len(entries) == len(versions("lock.txt"))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_script_needs_nothing_but_the_library_and_flask():
    """It is the smallest program that shows the fault."""
    tree = ast.parse((FOLDER / "broken_library.py").read_text(encoding="utf-8"))

    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert imported == {"flask", "flask_graphql_auth"}
