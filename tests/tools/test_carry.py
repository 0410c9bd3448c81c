"""A change of one snapshot reaches all later ones, through `carry` and a chain of four."""

import re
import subprocess

import pytest

from tools import carry, steps

MODEL = '''"""What is stored."""


class Animal:
    """One animal."""

    def rename(self, name):
        """Give it a name."""
        self.name = name


class Zoo:
    """One zoo."""

    def open(self):
        """Let people in."""
        self.is_open = True


class Keeper:
    """One keeper."""

    def feed(self, animal):
        """Give it a meal."""
        animal.is_hungry = False
'''
HEAD, ANIMAL, ZOO, KEEPER = re.split(r"\n\n\n(?=class)", MODEL)
HTTP = "".join(f"def station_{number}():\n    return {number}\n\n\n" for number in range(9))
OLD = "old.py"


def write(folder, files):
    """Make a folder of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def change(path, old, new):
    """Replace a text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def chain(tmp_path):
    """Four snapshots under git: the third moves and splits, the fourth has grown."""
    root = tmp_path / "repository"
    flat = {"model.py": MODEL, "http.py": HTTP, OLD: "x = 1\n", "README.md": "# Zoo\n\nIt runs.\n"}
    split = {
        "app/animal.py": f"{HEAD}\n\n\n{ANIMAL}\n",
        "app/zoo.py": f'"""Zoos."""\n\n\n{ZOO}\n\n\n{KEEPER}',
        "app/http.py": HTTP,
        OLD: "x = 1\n",
        "README.md": "# Zoo\n\nIt runs.\n",
    }
    write(root / "1", flat)
    write(root / "2", {**flat, "http.py": "import json\n\n\n" + HTTP})
    write(root / "3", split)
    write(root / "4", {**split, "README.md": "# Zoo\n\nIt flies.\n"})
    (root / ".gitignore").write_text(".carry/\n")
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "four"]):
        who = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
        subprocess.run(["git", *who, *arguments], cwd=root, check=True)
    return [root / number for number in "1234"]


@pytest.fixture
def state(chain):
    """Where an unfinished carry is kept."""
    return chain[0].parent / ".carry"


def contents(folder):
    """Return what is in a folder, by path."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in steps.files(folder)}


def test_nothing_changed_is_said_and_is_no_failure(chain, state, capsys):
    """And nothing is written."""
    before = [contents(folder) for folder in chain]

    carry.carry(chain, "HEAD", state)

    assert "nothing to carry" in capsys.readouterr().out
    assert [contents(folder) for folder in chain] == before
    assert not state.exists()


def test_an_edit_follows_a_file_that_was_renamed(chain, state):
    """What the later snapshots changed themselves stays."""
    change(chain[0] / "http.py", "return 4", "return 44")

    carry.carry(chain, "HEAD", state)

    assert "return 44" in contents(chain[1])["http.py"]
    assert contents(chain[1])["http.py"].startswith("import json")
    for folder in chain[2:]:
        assert contents(folder)["app/http.py"] == HTTP.replace("return 4", "return 44")
        assert "http.py" not in contents(folder)
    assert not state.exists()


def test_an_edit_of_a_file_that_was_split_reaches_both_halves(chain, state, capsys):
    """Each block goes to the file in which its text stands, a new line with its neighbours."""
    change(chain[0] / "model.py", "self.name = name", "self.name = name.strip()")
    change(chain[0] / "model.py", "self.is_open = True", "self.is_open = True\n        self.bell()")
    change(chain[0] / "model.py", "animal.is_hungry = False", "animal.eat()")

    carry.carry(chain, "HEAD", state)

    for folder in chain[2:]:
        found = contents(folder)
        assert "self.name = name.strip()" in found["app/animal.py"]
        assert "self.is_open = True\n        self.bell()\n" in found["app/zoo.py"]
        assert found["app/zoo.py"].endswith("animal.eat()\n")
        assert "model.py" not in found
    assert "model.py → app/zoo.py" in capsys.readouterr().out


def test_a_file_that_goes_goes_everywhere(chain, state):
    """And one that comes, comes."""
    (chain[0] / OLD).unlink()
    write(chain[0], {"docs/new.md": "New.\n"})

    carry.carry(chain, "HEAD", state)

    for folder in chain[1:]:
        assert OLD not in contents(folder)
        assert contents(folder)["docs/new.md"] == "New.\n"


def test_a_change_in_the_middle_of_the_chain_leaves_the_earlier_ones(chain, state):
    """From the third on."""
    before = contents(chain[1])
    change(chain[2] / "README.md", "# Zoo", "# Zoos")

    carry.carry(chain[2:], "HEAD", state)

    assert contents(chain[1]) == before
    assert contents(chain[3])["README.md"] == "# Zoos\n\nIt flies.\n"


def test_a_conflict_stops_and_resumes_when_it_is_mended(chain, state):
    """Markers are left in the file, the snapshot is named, and nothing goes on with them."""
    change(chain[0] / "README.md", "It runs.", "It walks.")

    with pytest.raises(steps.Problem, match=r"4 has conflicts in README\.md"):
        carry.carry(chain, "HEAD", state)

    assert contents(chain[2])["README.md"] == "# Zoo\n\nIt walks.\n"
    text = contents(chain[3])["README.md"]
    assert "<<<<<<< 4\nIt flies.\n=======\nIt walks.\n>>>>>>> 3\n" in text
    with pytest.raises(steps.Problem, match=r"4/README.md, line 3: mend"):
        carry.resume(state)
    with pytest.raises(steps.Problem, match="unfinished"):
        carry.carry(chain, "HEAD", state)

    write(chain[3], {"README.md": "# Zoo\n\nIt walks and flies.\n"})
    carry.resume(state)

    assert contents(chain[3])["README.md"] == "# Zoo\n\nIt walks and flies.\n"
    assert not state.exists()


def test_a_conflict_in_the_middle_goes_on_to_the_end(chain, state):
    """What the person wrote at the conflict is what the next snapshot is merged with."""
    change(chain[1] / "README.md", "It runs.", "It jumps.")
    change(chain[0] / "README.md", "It runs.", "It walks.")
    change(chain[0] / "http.py", "return 4", "return 44")
    with pytest.raises(steps.Problem, match="2 has conflicts"):
        carry.carry(chain, "HEAD", state)
    assert "return 44" not in contents(chain[2])["app/http.py"]

    write(chain[1], {"README.md": "# Zoo\n\nIt jumps.\n"})
    carry.resume(state)

    for folder in chain[2:]:
        assert "return 44" in contents(folder)["app/http.py"]
    assert contents(chain[2])["README.md"] == "# Zoo\n\nIt runs.\n"


def test_aborting_puts_every_later_snapshot_back(chain, state):
    """The change of the first stays."""
    before = [contents(folder) for folder in chain[1:]]
    change(chain[0] / "README.md", "It runs.", "It walks.")
    with pytest.raises(steps.Problem, match="has conflicts"):
        carry.carry(chain, "HEAD", state)

    carry.abort(state)

    assert [contents(folder) for folder in chain[1:]] == before
    assert "It walks." in contents(chain[0])["README.md"]
    with pytest.raises(steps.Problem, match="No carry is unfinished"):
        carry.resume(state)


def test_an_executable_and_a_picture_are_carried_as_they_are(chain, state):
    """Mode and bytes."""
    (chain[0] / "start").write_bytes(b"#!/bin/sh\n")
    (chain[0] / "start").chmod(0o755)
    (chain[0] / "picture.png").write_bytes(bytes(range(256)))

    carry.carry(chain, "HEAD", state)

    assert (chain[3] / "start").stat().st_mode & 0o100
    assert (chain[3] / "picture.png").read_bytes() == bytes(range(256))
