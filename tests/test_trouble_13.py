"""Every symptom that chapter 13 names is brought about, and shows the words there."""

import json
import re
import subprocess
import sys

import pytest

from tools import sample, steps

PAGE = (steps.ROOT / "docs" / "13-ddos.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
ASK = """
import json, sys
from manage import app
query, waited, slow = json.loads(sys.argv[1])
if slow:
    import time
    from app.engine import deadline, limits
    counted = limits.count_cost
    limits.count_cost = lambda cost: (counted(cost), time.sleep(slow))
answer = app.test_client().post(
    "/graphql", json={"query": query}, environ_base={"zoo.waited": waited}
)
print(answer.text)
"""
LIST = "{ zoos(first: 50) { nodes { animals(first: 50) { nodes { name } } } } }"
NAMES = "{ zoos(first: 1) { nodes { name } } }"
# By the symptom: the document, the seconds that it waited for a thread, those that it then took.
AILING = {
    "Too much is asked at once; try again in a moment.": (NAMES, 0.6, 0),
    "that are allowed; ask for less at once.": (LIST, 0, 0),
    "This took too long; ask for less, or try again later.": (NAMES, 0, 1.1),
    "The document has more than 1000 tokens": (f"{{ {'me { id } ' * 400} }}", 0, 0),
}


def test_every_symptom_has_its_request():
    """None is claimed that nobody has brought about."""
    assert set(SYMPTOMS) == set(AILING)


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_symptom_shows_its_words(symptom, database):
    """In the answer of final/, of which a request has one second here."""
    sample.prepare(steps.FINAL, steps.FINAL.folder, database)
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(AILING[symptom])],
        cwd=steps.FINAL.folder,
        env=sample.environment(database, REQUEST_SECONDS="1"),
        capture_output=True,
        text=True,
        check=True,
    )

    assert symptom in done.stdout
