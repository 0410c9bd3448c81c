"""The rehearsal of chapter 04: the real script, and a stand-in in Heroku's place."""

import importlib.util
from pathlib import Path

HERE = Path(__file__).parent
STEP = HERE.parents[2] / "steps" / "04-heroku"


def rehearse(tmp_path):
    """Load the listing, and deploy the step by it."""
    spec = importlib.util.spec_from_file_location("rehearse", HERE / "rehearse.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.rehearse(STEP, tmp_path)


def test_a_rehearsal_deploys_and_shows_no_secret(tmp_path, capfd):
    """Every call in order, the pushed commit on the other side, the key unreadable."""
    assert rehearse(tmp_path) == 0

    said = capfd.readouterr().out
    calls = [line for line in said.splitlines() if line.startswith(("heroku", "git"))]
    assert calls[0] == "heroku auth:whoami"
    assert calls[-1] == "heroku ps:scale web=1 --app my-zoo"
    assert "git push" in calls
    assert "JWT_SECRET_KEY=…" in said
    assert (tmp_path / "heroku" / "my-zoo.git" / "refs" / "heads" / "main").exists()


def test_a_rehearsal_fails_where_the_script_does(tmp_path, monkeypatch, capfd):
    """The script's sentence, and its status."""
    monkeypatch.setenv("FAILS", "stack:set")

    assert rehearse(tmp_path) == 1
    assert "The app could not be told to run containers." in capfd.readouterr().err
