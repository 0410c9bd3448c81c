"""Every symptom that chapter 12 names is brought about, and shows the words there."""

import re
import subprocess
import sys

import pytest

from tools import sample, steps

PAGE = (steps.ROOT / "docs" / "12-rate-limiting.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
ASK = """
from manage import app
proxies = [{"X-Forwarded-For": f"192.0.2.{n % 250}"} for n in range(121)]
for headers in proxies:
    answer = app.test_client().post("/graphql", json={"query": "{ __typename }"}, headers=headers)
print(answer.text)
"""
# By the symptom: the settings that bring it about.
AILING = {
    "That was too often; come again in": {"TRUSTED_PROXIES": "0"},
    "ACCOUNT_LOGINS_PER_MINUTE Input should be a valid integer": {
        "ACCOUNT_LOGINS_PER_MINUTE": "5/minute"
    },
    "unknown storage scheme : localhost:6379": {"RATELIMIT_STORAGE_URL": "localhost:6379"},
    "RATELIMIT_STORAGE_URL has to be redis://… or rediss://…": {"APP_ENV": "production"},
    "Rate limit storage unreachable - falling back to in-memory storage": {
        "RATELIMIT_STORAGE_URL": "redis://127.0.0.1:9"
    },
}


def said(database, **settings):
    """Return what the app says while it is asked 121 times by a proxy."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=steps.FINAL.folder,
        env={**sample.environment(database), "PYTHONIOENCODING": "utf-8", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.stdout


def test_every_symptom_has_its_settings():
    """None is claimed that nobody has brought about."""
    assert set(SYMPTOMS) == set(AILING)


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_symptom_shows_its_words(symptom, database):
    """Where the app starts, or where it is asked."""
    assert symptom in said(database, **AILING[symptom])


def test_people_behind_a_trusted_proxy_are_many(database):
    """As the page says of the cure."""
    assert "too often" not in said(database, TRUSTED_PROXIES="1")
