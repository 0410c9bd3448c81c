"""Typical mistakes in a reader's copy of step 08 are named before its tests need to run."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("08-dataloader")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("app/engine/loaders.py", None, None, "There is no app/engine/loaders.py yet."),
        ("app/engine/pages.py", "def pages(", "def pages((", "app/engine/pages.py, line "),
        ("app/engine/http.py", "errors, loaders, ", "errors, loader, ", "cannot import name"),
        ("app/engine/pages.py", "import ARRAY\n", "import Array\n", "cannot import name 'Array'"),
        (
            "app/engine/pages.py",
            "InstrumentedAttribute, aliased",
            "aliased",
            "name 'InstrumentedAttribute' is not defined",
        ),
        ("app/types/zoo.py", 'animals = pages.field("app.types.AnimalConnection")', "", "animals"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_typical_mistake_is_named(tmp_path, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    path = mine / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    assert cause in said(mine)


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The first thing that is missing is named."""
    mine = steps.copy(STEP.before.folder, tmp_path / "my-zoo")

    assert "There is no app/engine/loaders.py yet." in said(mine)


def test_loaders_that_are_not_handed_over_are_told_by_the_test_that_misses_them(
    tmp_path, monkeypatch
):
    """With what the test claims; the step's other tests are left out here, for their time."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    http = mine / "app/engine/http.py"
    text = http.read_text(encoding="utf-8")
    http.write_text(text.replace("context_value=loaders.Loaders(),", ""), encoding="utf-8")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k animals_without_a_zoo")

    assert "There is nothing to load for any of them." in said(mine)
