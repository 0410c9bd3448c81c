"""Animals and zoos change hands, and an animal only lives in a zoo of its owner's."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

MOVE = """
mutation ($animal: Int!, $zoo: Int!) {
  moveAnimal(animalId: $animal, zooId: $zoo) { animal { zoo { name } } }
}
"""
TRANSFER_ANIMAL = """
mutation ($animal: Int!, $user: Int!) {
  transferAnimal(animalId: $animal, userId: $user) { animal { owner { username } zoo { name } } }
}
"""
TRANSFER_ZOO = """
mutation ($zoo: Int!, $user: Int!) {
  transferZoo(zooId: $zoo, userId: $user) {
    zoo { owner { username } animals { nodes { ownerId } } }
  }
}
"""
CREATE_ANIMAL = """
mutation { createAnimal(input: {name: "Kiwi", ownerId: 1, zooId: 3}) { animal { id } } }
"""
SHOW_AND_MOVE = """
mutation {
  updateAnimal(input: {id: 1, name: "Okapi"}) { animal { owner { zoos { nodes { id } } } } }
  moveAnimal(animalId: 1, zooId: 2) { animal { id } }
}
"""
UNKNOWN_IDS = [0, -1, 99, 2**31 - 1]

# Ada (1) has two zoos and an okapi in the first; Grace (2) has a third zoo.
ROWS = """
INSERT INTO "user" (username, password_hash) VALUES ('grace', '');
INSERT INTO zoo (name, owner_id) VALUES ('Berlin', 1), ('Leipzig', 1), ('Basel', 2);
INSERT INTO animal (name, owner_id, zoo_id) VALUES ('Okapi', 1, 1);
"""


@pytest.fixture(autouse=True)
def _rows(app, ada):
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()


@pytest.fixture
def okapi(app):
    """Return the animal's owner and zoo, by id."""
    from app.engine import db

    def read():
        with app.app_context():
            return db.session.execute(sa.text("SELECT owner_id, zoo_id FROM animal")).one()

    return read


def test_an_animal_moves_between_its_owners_zoos(gql, okapi):
    """The reply and the row agree."""
    data, errors = gql(MOVE, animal=1, zoo=2)

    assert errors == []
    assert data["moveAnimal"]["animal"]["zoo"] == {"name": "Leipzig"}
    assert okapi() == (1, 2)


def test_an_animal_does_not_move_into_another_owners_zoo(gql, okapi, rows):
    """Nor is it born there; the error names the field, and nothing is stored."""
    for document in (MOVE, CREATE_ANIMAL):
        variables = {"animal": 1, "zoo": 3} if document == MOVE else {}
        _, errors = gql(document, **variables)
        assert errors == [{"code": "BAD_USER_INPUT", "field": "zooId"}]

    assert okapi() == (1, 1)
    assert rows() == {1: "Okapi"}


def test_a_transferred_animal_leaves_its_zoo(gql, okapi):
    """The zoo stays with its former owner."""
    data, errors = gql(TRANSFER_ANIMAL, animal=1, user=2)

    assert errors == []
    assert data["transferAnimal"]["animal"] == {"owner": {"username": "grace"}, "zoo": None}
    assert okapi() == (2, None)


def test_a_transferred_zoo_takes_its_animals_along(gql, okapi):
    """Those that live in it, and no others."""
    gql('mutation { createAnimal(input: {name: "Kiwi", ownerId: 1}) { animal { id } } }')

    data, errors = gql(TRANSFER_ZOO, zoo=1, user=2)

    assert errors == []
    zoo = data["transferZoo"]["zoo"]
    assert zoo == {"owner": {"username": "grace"}, "animals": {"nodes": [{"ownerId": 2}]}}
    answer, _ = gql("{ animals { nodes { name ownerId } } }")
    assert answer["animals"]["nodes"] == [
        {"name": "Kiwi", "ownerId": 1},
        {"name": "Okapi", "ownerId": 2},
    ]


@pytest.mark.parametrize("unknown", UNKNOWN_IDS)
def test_an_unknown_id_is_not_found(gql, okapi, unknown):
    """Whichever of the two it is."""
    for document, variables in (
        (MOVE, {"animal": unknown, "zoo": 1}),
        (MOVE, {"animal": 1, "zoo": unknown}),
        (TRANSFER_ANIMAL, {"animal": unknown, "user": 2}),
        (TRANSFER_ANIMAL, {"animal": 1, "user": unknown}),
        (TRANSFER_ZOO, {"zoo": unknown, "user": 2}),
        (TRANSFER_ZOO, {"zoo": 1, "user": unknown}),
    ):
        _, errors = gql(document, **variables)
        assert [error["code"] for error in errors] == ["NOT_FOUND"]

    assert okapi() == (1, 1)


@pytest.mark.parametrize("document", [MOVE, TRANSFER_ANIMAL, TRANSFER_ZOO])
def test_moves_need_a_token(stranger, okapi, document):
    """And leave everything where it is."""
    names = {"animal": 1, "zoo": 2, "user": 2}
    variables = {name: number for name, number in names.items() if f"${name}:" in document}

    assert stranger(document, **variables)[1] == [{"code": "UNAUTHENTICATED"}]
    assert okapi() == (1, 1)


def test_moves_and_transfers_at_once_leave_each_animal_with_its_zoos_owner(app, gql, ada):
    """Whatever the order, nobody waits in a circle and the rule holds at the end."""
    from app.engine import db

    begin = threading.Barrier(8)
    requests = [
        (MOVE, {"animal": 1, "zoo": 2}),
        (TRANSFER_ZOO, {"zoo": 2, "user": 2}),
        (TRANSFER_ANIMAL, {"animal": 1, "user": 2}),
        (TRANSFER_ZOO, {"zoo": 1, "user": 2}),
    ] * 2

    def send(request):
        begin.wait(10)
        body = {"query": request[0], "variables": request[1]}
        headers = {"Authorization": f"Bearer {ada}"}
        answer = app.test_client().post("/graphql", json=body, headers=headers).get_json()
        return [error["extensions"]["code"] for error in answer.get("errors", [])]

    with ThreadPoolExecutor(max_workers=8) as pool:
        codes = {code for found in pool.map(send, requests) for code in found}

    strays = (
        "SELECT * FROM animal JOIN zoo ON zoo_id = zoo.id WHERE animal.owner_id <> zoo.owner_id"
    )
    with app.app_context():
        assert db.session.execute(sa.text(strays)).all() == []
    assert codes <= {"BAD_USER_INPUT"}


def test_a_zoo_that_changes_hands_meanwhile_takes_no_animal_in(app, gql, okapi):
    """What a request has shown before it takes the lock is read anew with it."""
    from app.engine import db

    with app.app_context():
        engine = db.engine

    def give_away(connection, cursor, statement, *rest):
        if "FROM zoo" in statement and "FOR UPDATE" in statement and not given:
            given.append(True)
            assert other.submit(gql, TRANSFER_ZOO, zoo=2, user=2).result()[1] == []

    given = []
    with ThreadPoolExecutor(max_workers=1) as other:
        sa.event.listen(engine, "before_cursor_execute", give_away)
        data, errors = gql(SHOW_AND_MOVE)
        sa.event.remove(engine, "before_cursor_execute", give_away)

    assert data["updateAnimal"]["animal"]["owner"]["zoos"] == {"nodes": [{"id": 2}, {"id": 1}]}
    assert errors == [{"code": "BAD_USER_INPUT", "field": "zooId"}]
    assert okapi() == (1, 1)
