"""A solution to the exercise "Tell the loaders"."""

import pytest

CREATE = 'mutation { createZoo(input: {name: "Berlin", ownerId: 1}) { zoo { id } } }'
BIRTH = 'mutation { createAnimal(input: {name: "A", ownerId: 1, zooId: 1}) { animal { id } } }'
ADA = {"username": "ada"}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (
            "{ user(id: 1) { zoos { nodes { owner { username } } } } }",
            {"user": {"zoos": {"nodes": [{"owner": ADA}]}}},
        ),
        (
            "{ zoo(id: 1) { animals { nodes { zoo { name } } } } }",
            {"zoo": {"animals": {"nodes": [{"zoo": {"name": "Berlin"}}]}}},
        ),
        ("{ animal(id: 1) { owner { username } } }", {"animal": {"owner": ADA}}),
        ("{ user(id: 2) { username } zoo(id: 2) { name } }", {"user": None, "zoo": None}),
    ],
)
def test_a_row_that_was_found_by_its_id_is_not_asked_for_again(gql, statements, query, shown):
    """One statement for it, and one for what belongs to it."""
    gql(CREATE)
    gql(BIRTH)
    statements.clear()

    assert gql(query) == (shown, [])
    assert len(statements) == 2
