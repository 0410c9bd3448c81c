"""A reader's folder is checked without being touched, and the first cause is named in words."""

import re

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("01-api")


@pytest.fixture
def mine(tmp_path):
    """A reader's copy, finished."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


def said(folder, step="01-api"):
    """Return the exit status and the words of `check`."""
    result = CliRunner().invoke(check.command, ["--step", step, "--dir", str(folder)])
    return result.exit_code, result.output


def everything(folder):
    """Return every file of a folder, with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_finished_copy_passes_and_is_left_alone(mine):
    """Not a byte of it changes, and nothing is added."""
    before = everything(mine)

    assert said(mine) == (0, "Your copy does all that 01-api does.\n")
    assert everything(mine) == before


def test_the_step_before_fails(tmp_path):
    """Before the first step there is an empty folder."""
    status, words = said(tmp_path)

    assert status == 1
    assert "There is no app.py yet." in words
    assert "This is not yet 01-api" in words


@pytest.mark.parametrize("step", steps.STEPS[1:], ids=lambda step: step.name)
def test_a_step_passes_its_check_and_the_step_before_does_not(step):
    """Flat or a package, whatever the module of its app is called."""
    before = check.check(step, step.before.folder)

    assert check.check(step, step.folder) == []
    assert any(re.fullmatch(r"There is no \S+ yet\.", sentence) for sentence in before)


def test_a_folder_that_lacks_much_is_told_a_little(tmp_path):
    """Five of the files, and how many more there are."""
    (tmp_path / "app.py").touch()

    words = said(tmp_path, "05-relations")[1]

    assert words.count("There is no ") == check.SHOWN
    assert re.search(r"^… and \d+ more of the kind\.$", words, re.MULTILINE)


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("errors.py", None, None, "There is no errors.py yet."),
        ("schema.py", "class Query(", "class Query((", "schema.py, line "),
        ("app.py", "import settings", "import my_settings", "No module named 'my_settings'"),
        ("model.py", "from engine import db", "", "NameError: name 'db' is not defined"),
        ("schema.py", "delete_animal =", "remove_animal =", "Mutation.deleteAnimal was removed"),
        ("model.py", ".strip()", "", "test_a_name_is_kept_as_it_was_sent: Any readable text"),
        (
            "schema.py",
            "db.session.commit()",
            "db.session.flush()",
            "test_anyone_creates_an_animal: The reply and the table hold the new animal.",
        ),
        (
            "schema.py",
            "Animal.id)).all",
            "Animal.name)).all",
            "test_animals_are_listed_oldest_first",
        ),
        (
            "graphql_http.py",
            'current_app.config["GRAPHIQL_URL"]',
            '""',
            "test_a_browser_is_shown_graphiql",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_typical_mistake_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    path = mine / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    status, words = said(mine)

    assert status == 1
    assert cause in words
    assert "Traceback" not in words


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """So is a step that is not, and a DIR that was forgotten."""
    assert "There is no folder" in said(tmp_path / "none")[1]
    assert "Did you mean 01-api?" in said(tmp_path, "01-apo")[1]
    assert "make check STEP=01-api DIR=" in said("")[1]
