"""lie.py finds each kind of lie that chapter 11 plants, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.steps import ROOT

HERE = Path(__file__).parent
PAGE = HERE / "page.md"
FACT = "{{ facts.cold_answer_seconds }}"


def said(*words):
    """Run it; return its exit code and what it said."""
    command = [sys.executable, HERE / "lie.py", *words]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
    )
    return done.returncode, done.stdout


def test_a_true_page_and_a_sentence_that_nothing_proves_are_passed():
    """No program reads prose."""
    assert said(PAGE) == (0, "All of it is so.\n")
    assert said(PAGE, "empty at first", "full at first") == (0, "All of it is so.\n")


@pytest.mark.parametrize(
    ("truth", "lie", "found"),
    [
        ("are there", "are here", "-The tables are here.\n+The tables are there."),
        ('"name": "Otto"', '"name": "Otti"', '+        "name": "Otto"'),
        ("model.py Animal", "model.py Animel", "has nothing named 'Animel'. Did you mean Animal?"),
        (FACT, "{{ facts.cold_answer }}", "no fact is called 'cold_answer'"),
    ],
)
def test_a_lie_is_found(truth, lie, found):
    """In an output, a response, a listing and a number; the original is left alone."""
    before = PAGE.read_text(encoding="utf-8")

    code, words = said(PAGE, truth, lie)

    assert (code, PAGE.read_text(encoding="utf-8")) == (1, before)
    assert found in words


def test_a_page_that_is_another_each_time_is_never_true():
    """The numbers are random."""
    assert said(HERE / "dice.md")[0] == 1
