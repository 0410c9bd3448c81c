"""A solution to the exercise "A number that is none": the settings are read by a new process."""

import os
import subprocess
import sys

import pytest

NUMBERS = ["MAX_BODY_BYTES", "TRUSTED_PROXIES", "ACCESS_TOKEN_MINUTES", "REFRESH_TOKEN_DAYS"]


def read(**changes):
    """Import the settings in a process of its own; return how that ended."""
    return subprocess.run(
        [sys.executable, "-c", "import settings"],
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["", "many", "1.5", "-1"])
def test_what_is_no_number_is_refused_by_its_name(name, value):
    """In a sentence, as every other bad setting."""
    refused = read(**{name: value})

    last = refused.stderr.strip().splitlines()[-1]
    assert refused.returncode != 0
    assert last.startswith("settings.UnsafeSettings: ")
    assert name in last


def test_zero_proxies_are_a_number_and_zero_bytes_are_not():
    """Nobody stands before a laptop; and an API that takes no byte takes no request."""
    assert read(TRUSTED_PROXIES="0").returncode == 0
    assert read(MAX_BODY_BYTES="1").returncode == 0
    assert read(MAX_BODY_BYTES="0").returncode != 0
