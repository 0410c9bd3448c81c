"""What people get wrong in chapter 02 is named by `check` in words."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("02-auth")


@pytest.fixture
def mine(tmp_path):
    """A reader's copy, finished."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


def said(folder):
    """Return the exit status and the words of `check`."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    return result.exit_code, result.output


def edit(file, old, new):
    """Change a file as a reader would, by mistake."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        (
            "schema.py",
            "refresh = accounts.Refresh",
            "renew = accounts.Refresh",
            "refresh was removed",
        ),
        ("engine.py", "SQLAlchemy()", "SQLAlchemy(app)", "name 'app' is not defined"),
        (
            "engine.py",
            "import Migrate\n",
            "import Migrate\nfrom app import app\n",
            "circular import",
        ),
        ("errors.py", "class Conflict", "class Taken", "cannot import name 'Conflict'"),
    ],
    ids=lambda value: str(value).strip()[:20],
)
def test_an_app_that_is_not_whole_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    edit(mine / file, old, new)

    status, words = said(mine)

    assert status == 1
    assert cause in words
    assert "Traceback" not in words


def test_every_open_door_is_named(mine):
    """Four mistakes at once: each is told by the claim that it breaks."""
    edit(
        mine / "schema.py",
        "        auth.viewer()\n        db.session.delete",
        "        db.session.delete",
    )
    edit(mine / "auth.py", ' if payload["type"] == "refresh" else None', "")
    edit(mine / "settings.py", '["headers", "query_string"]', '["headers"]')
    edit(mine / "model.py", "else NO_HASH", 'else ""')

    status, words = said(mine)

    assert status == 1
    assert "test_changing_animals_needs_a_token: " in words
    assert "test_an_access_token_does_not_refresh: Or one that is stolen" in words
    assert "test_a_token_is_taken_from_the_header_or_the_address: " in words
    assert "test_a_login_hashes_once_whether_or_not_the_user_exists: " in words
    assert "Traceback" not in words


def test_a_copy_with_its_own_port_passes(mine):
    """The page says to keep the port, and the compose file, of the chapter before."""
    edit(mine / "settings.py", "127.0.0.1:5402", "127.0.0.1:5401")
    (mine / "compose.yaml").write_bytes((STEP.before.folder / "compose.yaml").read_bytes())

    assert said(mine) == (0, "Your copy does all that 02-auth does.\n")


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The files that it lacks are named."""
    status, words = said(steps.copy(STEP.before.folder, tmp_path / "my-zoo"))

    assert status == 1
    assert "There is no accounts.py yet." in words
