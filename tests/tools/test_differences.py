"""What changes between two made-up steps: files, moved lines, the schema, the tables."""

import shutil

import pytest

from tools import contract, differences, diffpage
from tools.steps import ROOT, Step

BLOCK = "def feed(animal):\n    animal.is_hungry = False\n    animal.was_fed_today = True\n"


@pytest.fixture
def pair(tmp_path):
    """A snapshot and its successor: one file edited, one moved from, one renamed, one gone."""
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
        (folder / "same.py").write_text("x = 1\n")
    (before / "model.py").write_text("import json\n\n\n" + BLOCK)
    (before / "old.py").write_text("gone = True\n")
    (before / "http.py").write_text("".join(f"station_{n} = {n}\n" for n in range(20)))
    (after / "model.py").write_text("import json\n\n\nfresh = 1\n")
    (after / "keeper.py").write_text(BLOCK)
    (after / "app").mkdir()
    (after / "app" / "http.py").write_bytes((before / "http.py").read_bytes())
    (after / "requirements.txt").write_text("flask==1\n" * 50)
    (before / "schema.graphql").write_text("type Query { animal: Int, zoo: Int }\n")
    (after / "schema.graphql").write_text("type Query { animal(id: Int!): Int, user: Int }\n")
    return before, after


def test_each_file_is_told_by_what_happened_to_it(pair):
    """Added, changed, deleted, renamed; equal ones are not told."""
    told = {change.path: change.kind for change in differences.compare(*pair)}

    assert told == {
        "app/http.py": "renamed",
        "keeper.py": "added",
        "model.py": "changed",
        "old.py": "deleted",
        "requirements.txt": "added",
        "schema.graphql": "changed",
    }


def test_moved_lines_are_told_from_new_ones(pair):
    """A block that went to another file is no news."""
    assert differences.changed_lines(*pair, "keeper.py") == set()
    assert differences.changed_lines(*pair, "model.py") == {4}
    assert differences.changed_lines(None, pair[1], "keeper.py") == {1, 2, 3}


def test_a_lock_is_counted_and_not_shown(pair):
    """Nobody reads fifty hashes."""
    [lock] = [c for c in differences.compare(*pair) if c.path == "requirements.txt"]

    assert lock.lines == []


def test_a_file_that_only_moved_is_no_lock(pair, monkeypatch):
    """It stands in the table with the name that it had."""
    monkeypatch.setattr(contract, "tables", lambda folder, app: [])
    old, new = Step("before", "", "app", ()), Step("after", "", "app", ())
    monkeypatch.setattr(Step, "folder", property(lambda step: pair[step is new]))

    shown = diffpage.render(old, new)

    assert "| `app/http.py` | renamed from `http.py` | as it was |" in shown
    assert "| `requirements.txt` | added | a lock |" in shown


def test_breaking_changes_of_the_schema_are_named_first(pair):
    """A field that went, an argument that is demanded; then what is new."""
    told = [(change.kind, change.text) for change in contract.schema_changes(*pair)]

    assert ("breaking", "Query.zoo was removed.") in told
    assert any(kind == "breaking" and "id" in text for kind, text in told)
    assert told[-2:] == [("added", "Query.animal(id:)"), ("added", "Query.user")]


def test_a_new_column_is_shown_among_the_tables(tmp_path, monkeypatch):
    """The line that came, and no other."""
    source = ROOT / "steps" / "01-api"
    after = tmp_path / "after"
    shutil.copytree(source, after, ignore=shutil.ignore_patterns("__pycache__"))
    model = after / "model.py"
    text = model.read_text(encoding="utf-8")
    line = "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    assert line in text
    model.write_text(text.replace(line, f"{line}    legs: Mapped[int]\n"), encoding="utf-8")
    old, new = Step("01-api", "", "app", ()), Step("after", "", "app", ())
    monkeypatch.setattr(Step, "folder", property(lambda s: after if s is new else source))

    shown = diffpage.render(old, new)

    assert '<span class="add">+\tlegs INTEGER NOT NULL' in shown
    assert "They stay" not in shown
