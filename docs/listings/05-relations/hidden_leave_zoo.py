"""A solution to the exercise "Leave the zoo"."""

import pytest

LEAVE = "mutation ($id: Int!) { leaveZoo(animalId: $id) { animal { name zooId owner { id } } } }"
ZOO = 'mutation { createZoo(input: {name: "Berlin", ownerId: 1}) { zoo { id } } }'
OKAPI = """
mutation { createAnimal(input: {name: "Okapi", ownerId: 1, zooId: 1}) { animal { id } } }
"""


@pytest.fixture(autouse=True)
def _okapi(gql):
    gql(ZOO)
    gql(OKAPI)


def test_an_animal_leaves_its_zoo_and_keeps_its_owner(gql):
    """In the reply and in the table; to leave twice is no error."""
    for _ in range(2):
        data, errors = gql(LEAVE, id=1)

        assert errors == []
        animal = {"name": "Okapi", "zooId": None, "owner": {"id": 1}}
        assert data == {"leaveZoo": {"animal": animal}}
    assert gql("{ zoos { animals { id } } }")[0] == {"zoos": [{"animals": []}]}


def test_nobody_leaves_without_a_token_or_an_animal(gql, stranger):
    """The codes are those of every other mutation, and the okapi stays."""
    assert gql(LEAVE, id=99)[1] == [{"code": "NOT_FOUND"}]
    assert stranger(LEAVE, id=1)[1] == [{"code": "UNAUTHENTICATED"}]
    assert gql("{ animals { zooId } }")[0] == {"animals": [{"zooId": 1}]}
