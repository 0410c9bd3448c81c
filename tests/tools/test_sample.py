"""The sample data suits every step, as far as its models can hold it."""

import itertools
import tomllib

import psycopg
import pytest

from tools import postgres, sample
from tools.steps import FINAL, STEPS

SAMPLE = tomllib.loads(sample.SAMPLE.read_text(encoding="utf-8"))
ZOOS = {zoo: [a.strip() for a in animals.split(",")] for zoo, animals in SAMPLE["zoos"].items()}
OWNED = """
SELECT zoo.name, zoo_owner.username, animal.name, animal_owner.username
FROM animal JOIN zoo ON zoo.id = animal.zoo_id
JOIN "user" zoo_owner ON zoo_owner.id = zoo.owner_id
JOIN "user" animal_owner ON animal_owner.id = animal.owner_id
ORDER BY animal.id
"""


@pytest.mark.parametrize("step", [*STEPS, FINAL], ids=lambda step: step.name)
def test_the_sample_is_loaded_once_and_in_order(step, database):
    """Animals everywhere, users where there are some, and zoos that belong to them in turn."""
    for _ in range(2):
        sample.load(step, step.folder, database)

    with psycopg.connect(postgres.plain(database)) as connection:
        shown = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        tables = {name for (name,) in connection.execute(shown)}
        animals = connection.execute("SELECT name FROM animal ORDER BY id").fetchall()
        assert [name for (name,) in animals] == list(itertools.chain(*ZOOS.values()))
        if "user" in tables:
            users = connection.execute('SELECT username FROM "user" ORDER BY id').fetchall()
            assert [name for (name,) in users] == SAMPLE["users"]
        if "zoo" in tables:
            turns = zip(ZOOS, itertools.cycle(SAMPLE["users"]), strict=False)
            assert connection.execute(OWNED).fetchall() == [
                (zoo, owner, animal, owner) for zoo, owner in turns for animal in ZOOS[zoo]
            ]
    assert ("user" in tables) == (step.name >= "02-auth")
    assert ("zoo" in tables) == (step.name >= "05-relations")
