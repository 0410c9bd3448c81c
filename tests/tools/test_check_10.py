"""Typical mistakes in a reader's copy of step 10 are named before its tests need to run."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("10-serverless")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


def change(folder, file, old, new):
    """Write something wrong into a file of a copy."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("app/engine/errors.py", "import exc\n", "import exe\n", "cannot import name 'exe'"),
        ("app/engine/health.py", "import db, errors", "import db, error", "cannot import name"),
        ("app/engine/storage.py", "def patience(", "def patience((", "app/engine/storage.py, line"),
        ("settings.py", "REMEMBERED = ", "REMEMBER = ", "name 'REMEMBERED' is not defined"),
        ("settings.py", '"pool_timeout": 3,', '"pool_timeout" 3,', "settings.py, line"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_typical_mistake_is_named(tmp_path, file, old, new, cause):
    """What is broken stands in the answer, and no traceback."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    change(mine, file, old, new)

    assert cause in said(mine)


@pytest.mark.parametrize("file", ["main.py", "serverless/service.yaml", "serverless/local.yml"])
def test_a_file_that_is_missing_is_named(tmp_path, file):
    """Before anything is started."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    (mine / file).unlink()

    assert f"There is no {file} yet." in said(mine)


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The first thing that is missing is named."""
    mine = steps.copy(STEP.before.folder, tmp_path / "my-zoo")

    assert "There is no main.py yet." in said(mine)


@pytest.mark.parametrize(
    ("file", "old", "new", "test", "claim"),
    [
        (
            "app/engine/storage.py",
            "import imgix\n",
            "import google.cloud.storage\nimport imgix\n",
            "imports_nothing",
            "The libraries for them come with the first image.",
        ),
        (
            "app/engine/errors.py",
            "(exc.OperationalError, exc.TimeoutError)",
            "(exc.OperationalError,)",
            "gets_no_turn",
            "In time, with a code; and so does the health of the process.",
        ),
        (
            "settings.py",
            '{"prepare_threshold": None} if TRANSACTION_POOLER else REMEMBERED',
            "REMEMBERED",
            "nothing_to_remember",
            "No statement is prepared on it and no time is set",
        ),
        (
            "main.py",
            "Response.from_app(app, request.environ)",
            "app.test_client().get(request.path)",
            "answers_graphql",
            "A mutation as somebody, a query as anybody",
        ),
    ],
    ids=["import at the top", "no turn", "remembered", "function"],
)
def test_what_behaves_wrongly_is_told_by_the_test_that_misses_it(
    tmp_path, monkeypatch, file, old, new, test, claim
):
    """With what the test claims; the step's other tests are left out here, for their time."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    change(mine, file, old, new)
    monkeypatch.setenv("PYTEST_ADDOPTS", f"-k {test}")

    assert claim in said(mine)
