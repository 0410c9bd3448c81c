"""What chapter 07 says of OFFSET and keyset is measured, and so is what its plot is drawn from."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tools import facts, pictures, postgres, sample, steps

SCRIPT = Path(__file__).with_name("measure.py")
STEP = steps.find("07-pagination")
DRAWN = json.loads((pictures.PICTURES / "07-cost.json").read_text(encoding="utf-8"))


@pytest.fixture
def database():
    """The URL of an empty database."""
    with postgres.scratch() as server, postgres.new_database(server, "pages") as url:
        yield url


def counted(data):
    """Return what is the same on every machine."""
    return {
        name: [(point["page"], point["rows"]) for point in line]
        for name, line in data["lines"].items()
    }


def test_a_page_by_number_costs_more_with_each_page_and_by_keyset_none_does(database, tmp_path):
    """The plot's numbers are these, times aside; the server is left as it was."""
    file = tmp_path / "data.json"

    script = subprocess.Popen(
        [sys.executable, SCRIPT, "data", file], cwd=STEP.folder, env=sample.environment(database)
    )

    assert script.wait() == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    assert data["axes"] == DRAWN["axes"]
    assert counted(data) == counted(DRAWN)
    offset, keyset = (
        {point["page"]: point for point in data["lines"][name]} for name in ("OFFSET", "keyset")
    )
    facts.state("pages_walked", offset[10_000]["rows"])
    facts.state("pages_found", keyset[10_000]["rows"])
    facts.state("pages_blocks_offset", offset[10_000]["blocks"])
    facts.state("pages_blocks_keyset", keyset[10_000]["blocks"])
    times = offset[10_000]["milliseconds"] / keyset[10_000]["milliseconds"]
    facts.state("pages_times", round(times, -2))
    assert len({point["blocks"] for point in keyset.values()}) <= 2
    with psycopg.connect(postgres.plain(database)) as connection:
        name = f"measure_{script.pid}"
        left = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        assert left.fetchone() is None
