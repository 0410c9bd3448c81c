"""Every symptom that chapter 11 names is brought about, and shows the words there."""

import re

import pytest

from tools import pages, record, steps
from tools.steps import Problem

TEXT = (steps.ROOT / "docs" / "11-documentation.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', TEXT, flags=re.MULTILINE)
HEAD = "---\ndata: empty\n---\n\n"
LISTING = "::: listing steps/01-api model.py {}\n"
BLOCK = "::: console steps/01-api\n$ {}\n{}\n:::\n"

# By the symptom: a page that has it.
AILING = {
    "this console block is never closed by a line ':::'": "::: console .\n$ ls\n",
    "has nothing named 'Animel'. Did you mean Animal?": LISTING.format("Animel"),
    "no fact is called 'cold_answer'": "In {{ facts.cold_answer }} seconds.\n",
    "what is recorded differs from what happens now": BLOCK.format("flask init-db", "Done."),
    "which the block does not expect": BLOCK.format("flask init-bd", ""),
}


def test_every_symptom_has_a_page():
    """None is claimed that nobody has brought about."""
    assert set(SYMPTOMS) == set(AILING)


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_symptom_shows_its_words(symptom, tmp_path, postgres_server):
    """Where the site is built, or where the page is recorded."""
    page = tmp_path / "page.md"
    page.write_text(HEAD + AILING[symptom], encoding="utf-8")

    try:
        pages.render(page.read_text(encoding="utf-8"), page.name)
        said = " ".join(record.record(page, postgres_server, root=tmp_path).differences)
    except Problem as problem:
        said = problem.message

    assert symptom in said
