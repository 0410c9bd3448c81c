"""What people get wrong in chapter 04 is named by `check` in words."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("04-heroku")


@pytest.fixture
def mine(tmp_path):
    """A reader's copy, finished."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


def mistaken(folder, file, old, new):
    """Put a mistake into a file; without a text, take the file away."""
    path = folder / file
    if old is None:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("scripts/deploy", None, None, "There is no scripts/deploy yet."),
        ("app.py", "werkzeug.middleware", "werkzeug", "No module named 'werkzeug.proxy_fix'"),
        ("settings.py", 'TRUSTED_PROXIES", "0"', 'TRUSTED_PROXIES", ""', "invalid literal for int"),
        ("app.py", "check(app.debug)", "check()", "missing 1 required positional argument"),
    ],
    ids=lambda value: str(value).strip()[:20],
)
def test_a_typical_mistake_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer."""
    mistaken(mine, file, old, new)

    assert cause in said(mine)


def test_mistakes_that_only_tests_can_see_are_named_together(mine):
    """The check that is never called, the proxy's address, Heroku's way to write an address."""
    mistaken(mine, "app.py", "    settings.check(app.debug)\n", "")
    mistaken(mine, "app.py", "x_for=proxies, ", "")
    mistaken(mine, "settings.py", 'in ("postgres", "postgresql")', '== "postgresql"')

    words = said(mine)

    assert "suits_a_laptop: Every variable that is wrong is named" in words
    assert "believed: The last entries of X-Forwarded-For are the proxies' own" in words
    assert "gets_the_drivers_name: Heroku's too" in words
