"""What the page's queries cost is counted as chapter 08 says, before and after."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import facts, postgres, sample, steps

SCRIPT = Path(__file__).with_name("statements.py")
KNOWN = "{ user(id: 1) { zoos { nodes { owner { username } } } } }"
FIRST = """
import sys, statements
from statements import ScriptInfo, sa
app = ScriptInfo(app_import_path="manage").load_app()
from app import model
from app.engine import db, loaders
rows = []
with app.test_request_context():
    known = loaders.Loaders()
    first = known.page(model.Zoo, first=50)["nodes"][0]
    sa.event.listen(db.engine, "after_cursor_execute", lambda c, cur, *_: rows.append(cur.rowcount))
    shown = known.page_of(first, model.Animal.zoo_id, first=50)["nodes"]
    together = rows[0]
    alone = loaders.Loaders().page_of(first, model.Animal.zoo_id, first=50)["nodes"]
assert shown == alone
print(rows[1], together)
"""


@pytest.fixture(scope="module")
def said():
    """Run Python in a step's folder, on the sample data; return the numbers that it prints."""
    with (
        postgres.scratch() as server,
        postgres.new_database(server, "before") as before,
        postgres.new_database(server, "after") as after,
    ):
        urls = {"07-pagination": before, "08-dataloader": after}
        for name, url in urls.items():
            sample.load(steps.find(name), steps.find(name).folder, url)

        def run(name, *arguments):
            printed = subprocess.run(
                [sys.executable, *arguments],
                cwd=steps.find(name).folder,
                env=sample.environment(urls[name], PYTHONPATH=str(SCRIPT.parent)),
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            return [int(number) for number in re.findall(r"\d+", printed)]

        yield run


def test_a_page_of_pages_asked_once_for_each_zoo_and_for_its_owners(said):
    """Before: one for the zoos; for each zoo one for its animals, one for whose they are."""
    total, one, lists, owners, rows = said("07-pagination", SCRIPT)

    assert (one, total) == (1, 1 + lists + owners)
    assert lists == owners == facts.read()["relations_zoos"]["value"]
    assert rows == lists + facts.read()["relations_animals"]["value"] + owners
    facts.state("batches_before", total)


def test_a_page_of_pages_asks_once_for_each_of_its_lists(said):
    """After: zoos, animals, owners, and no owner twice."""
    total, *each, rows = said("08-dataloader", SCRIPT)

    assert each == [1, 1, 1]
    expected = ("relations_zoos", "relations_animals", "relations_owners")
    assert rows == sum(facts.read()[name]["value"] for name in expected)
    facts.state("batches_after", total)


def test_what_a_session_knew_is_asked_for_by_loaders(said):
    """One statement more than before, for the user whom the query began with."""
    before = said("07-pagination", SCRIPT, KNOWN)[0]

    assert said("08-dataloader", SCRIPT, KNOWN)[0] == before + 1
    facts.state("batches_known_before", before)


def test_the_first_of_a_page_brings_the_rows_of_all(said):
    """Where only one zoo's animals are shown, all others' were read for nothing."""
    one, all_of_them = said("08-dataloader", "-c", FIRST)

    facts.state("batches_rows_one", one)
    facts.state("batches_rows_all", all_of_them)
