"""The doctor names what is in the way, and where to read on."""

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import suppress

import pytest
from click.testing import CliRunner

from tools import doctor, postgres, steps
from tools.steps import ROOT, STEPS, Problem


@pytest.fixture
def healthy(monkeypatch, tmp_path):
    """A machine with nothing in the way: its ports free, its clone fresh, its Docker awake."""
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "STEPS", ())
    monkeypatch.setattr(doctor.postgres, "docker_answers", lambda: True)
    monkeypatch.setattr(doctor.run, "check_free", lambda port: None)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "Makefile").write_bytes(b"run:\n")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "ready").touch()
    return tmp_path


def said():
    """Return the doctor's exit status and words."""
    result = CliRunner().invoke(doctor.command)
    return result.exit_code, result.output


def test_a_healthy_machine_has_nothing_in_the_way(healthy):
    """And the doctor says so."""
    assert said() == (0, "Nothing is in the way.\n")


def test_each_finding_is_a_sentence_with_an_entry_of_the_page(healthy, monkeypatch):
    """All at once: none hides another."""
    (healthy / "Makefile").write_bytes(b"run:\r\n")
    os.utime(healthy / ".venv" / "ready", (1, 1))
    monkeypatch.setattr(doctor, "OLDEST", (99, 0))
    monkeypatch.setattr(doctor, "ROOM", 10**18)
    (healthy / "bin").mkdir()
    (healthy / "bin" / "git").symlink_to(shutil.which("git"))
    monkeypatch.setenv("PATH", str(healthy / "bin"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://zoo:secret@127.0.0.1:1/zoo")
    monkeypatch.setattr(doctor.postgres, "docker_answers", lambda: False)

    def taken(port):
        raise Problem(f"Port {port} is taken.")

    monkeypatch.setattr(doctor.run, "check_free", taken)

    status, words = said()

    found = re.findall(r"docs/troubleshooting\.md#(\S+)", words)
    assert found == [
        "python-too-old",
        "no-make",
        "no-docker",
        "port-taken",
        "port-taken",
        "broken-database-url",
        "crlf",
        "out-of-date",
        "disk-full",
    ]
    assert status == 1
    assert "secret" not in words
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    assert [anchor for anchor in found if f"{{: #{anchor} }}" not in page] == []


def test_a_machine_without_docker_is_no_failure(healthy, monkeypatch):
    """Everything but the tests of containers works there."""
    monkeypatch.setattr(doctor.postgres, "docker_answers", lambda: False)

    status, words = said()

    assert status == 0
    assert words.endswith("docs/troubleshooting.md#no-docker\n")


def test_a_taken_port_is_found_by_asking_for_it(healthy, monkeypatch):
    """Something really listens."""
    monkeypatch.undo()
    with socket.socket() as listening:
        with suppress(OSError):  # somebody else listens there, which serves as well
            listening.bind(("127.0.0.1", 8000))
            listening.listen()
        assert "port-taken" in dict(doctor.ports())


def test_a_wrong_password_and_a_stale_volume_are_told_apart(database, monkeypatch, tmp_path):
    """One is in the variable, the other in the step's own default."""
    url = re.sub(r"//([^:]+):[^@]*@", r"//\1:wrong@", postgres.sqlalchemy_url(database))
    if not refuses(url):
        pytest.skip("this Postgres trusts everybody on loopback")
    monkeypatch.setenv("DATABASE_URL", url)
    assert [anchor for anchor, _ in doctor.address()] == ["wrong-password"]

    (tmp_path / "settings.py").write_text(f'URL = "{url}"', encoding="utf-8")
    step = steps.Step("x", "X", "app", ())
    monkeypatch.setattr(steps.Step, "folder", tmp_path)
    monkeypatch.setattr(doctor, "STEPS", (step,))
    monkeypatch.setattr(doctor, "LOCAL_URL", re.compile(r'postgresql\+psycopg://[^"]+'))

    assert [anchor for anchor, _ in doctor.volumes()] == ["stale-volume"]


def refuses(url):
    """Tell whether a database refuses this address."""
    try:
        postgres.check(url)
    except Problem:
        return True
    return False


def test_the_command_is_reached_through_the_tools():
    """As `make doctor` does."""
    done = subprocess.run(
        [sys.executable, "-m", "tools", "doctor"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in (0, 1)
    assert done.stdout
    assert STEPS
