"""Zoos can be created, read, updated and deleted, and hold animals."""

import pytest
import sqlalchemy as sa

ZOOS = """
{ zoos { nodes { id name ownerId owner { username } animals { nodes { name } } } } }
"""
USER = """
{
  user(id: 1) {
    username zoos { nodes { name } } animals { nodes { name zoo { name } } }
  }
}
"""
ZOO = "query ($id: Int!) { zoo(id: $id) { name } }"
CREATE = """
mutation ($name: String!, $owner: Int!) {
  createZoo(input: {name: $name, ownerId: $owner}) { zoo { id name owner { username } } }
}
"""
UPDATE = """
mutation ($id: Int!, $name: String!) { updateZoo(input: {id: $id, name: $name}) { zoo { name } } }
"""
DELETE = "mutation ($id: Int!) { deleteZoo(id: $id) { id } }"
CREATE_ANIMAL = """
mutation ($name: String!, $owner: Int!, $zoo: Int) {
  createAnimal(input: {name: $name, ownerId: $owner, zooId: $zoo}) {
    animal { id zooId zoo { name } owner { username } }
  }
}
"""

BAD_NAMES = ["", " ", "x" * 101, "a\0b", "\ud800"]
UNKNOWN_IDS = [0, -1, 99, 2**31 - 1]


@pytest.fixture
def berlin(gql):
    """The id of ada's zoo, with an okapi in it."""
    data, _ = gql(CREATE, name="Berlin", owner=1)
    zoo = data["createZoo"]["zoo"]["id"]
    gql(CREATE_ANIMAL, name="Okapi", owner=1, zoo=zoo)
    return zoo


def test_a_zoo_has_an_owner_and_animals(gql, berlin):
    """Each way from one to the other."""
    data, errors = gql(ZOOS)

    assert errors == []
    [zoo] = data["zoos"]["nodes"]
    assert zoo["name"] == "Berlin"
    assert (zoo["ownerId"], zoo["owner"]) == (1, {"username": "ada"})
    assert zoo["animals"]["nodes"] == [{"name": "Okapi"}]


def test_a_user_has_zoos_and_animals(gql, berlin):
    """Those that are owned; an animal may live in no zoo."""
    gql(CREATE_ANIMAL, name="Kiwi", owner=1)

    data, _ = gql(USER)

    assert data["user"] == {
        "username": "ada",
        "zoos": {"nodes": [{"name": "Berlin"}]},
        "animals": {
            "nodes": [{"name": "Kiwi", "zoo": None}, {"name": "Okapi", "zoo": {"name": "Berlin"}}]
        },
    }


def test_users_are_listed_without_their_passwords(gql, berlin):
    """A hash is nobody's business."""
    data, _ = gql("{ users { nodes { id username } } }")
    assert data["users"]["nodes"] == [{"id": 1, "username": "ada"}]

    _, errors = gql("{ users { nodes { passwordHash } } }")

    assert [error["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]


def test_a_zoo_is_renamed(gql, berlin):
    """The reply and the table hold the new name."""
    data, errors = gql(UPDATE, id=berlin, name=" Tierpark ")

    assert errors == []
    assert data["updateZoo"]["zoo"] == {"name": "Tierpark"}
    assert gql(ZOO, id=berlin)[0] == {"zoo": {"name": "Tierpark"}}


def test_the_animals_of_a_deleted_zoo_stay(gql, berlin):
    """With their owner, without a zoo."""
    assert gql(DELETE, id=berlin) == ({"deleteZoo": {"id": berlin}}, [])

    data, _ = gql("{ animals { nodes { name zooId owner { username } } } }")
    assert data["animals"]["nodes"] == [
        {"name": "Okapi", "zooId": None, "owner": {"username": "ada"}}
    ]


@pytest.mark.parametrize("table", ["zoo", "animal"])
def test_the_database_keeps_an_owner(app, gql, berlin, table):
    """A user who has zoos or animals cannot vanish, whoever tries."""
    from app.engine import db

    other = {"zoo": "animal", "animal": "zoo"}[table]
    with app.app_context():
        db.session.execute(sa.text(f"DELETE FROM {other}"))  # noqa: S608 - a name from above
        with pytest.raises(sa.exc.IntegrityError, match=f"{table}_owner_id_fkey"):
            db.session.execute(sa.text('DELETE FROM "user"'))


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_a_bad_name_is_refused(gql, berlin, bad):
    """The error names the field, and nothing is stored."""
    for document, variables in ((CREATE, {"owner": 1}), (UPDATE, {"id": berlin})):
        _, errors = gql(document, name=bad, **variables)
        assert errors == [{"code": "BAD_USER_INPUT", "field": "name"}]

    assert [zoo["name"] for zoo in gql(ZOOS)[0]["zoos"]["nodes"]] == ["Berlin"]


@pytest.mark.parametrize("unknown", UNKNOWN_IDS)
def test_an_unknown_id_is_not_found(gql, berlin, unknown):
    """A zoo, or the owner of one; reading gives null."""
    assert gql(ZOO, id=unknown) == ({"zoo": None}, [])
    assert gql("query ($id: Int!) { user(id: $id) { id } }", id=unknown) == ({"user": None}, [])
    for document, variables in (
        (UPDATE, {"id": unknown, "name": "Bo"}),
        (DELETE, {"id": unknown}),
        (CREATE, {"name": "Bo", "owner": unknown}),
        (CREATE_ANIMAL, {"name": "Bo", "owner": unknown}),
        (CREATE_ANIMAL, {"name": "Bo", "owner": 1, "zoo": unknown}),
    ):
        _, errors = gql(document, **variables)
        assert [error["code"] for error in errors] == ["NOT_FOUND"]


def test_changing_zoos_needs_a_token(gql, berlin, stranger):
    """Reading does not."""
    for document, variables in (
        (CREATE, {"name": "Bo", "owner": 1}),
        (UPDATE, {"id": berlin, "name": "Bo"}),
        (DELETE, {"id": berlin}),
    ):
        assert stranger(document, **variables)[1] == [{"code": "UNAUTHENTICATED"}]

    assert [zoo["name"] for zoo in stranger(ZOOS)[0]["zoos"]["nodes"]] == ["Berlin"]


def test_nested_lists_ask_once_for_all_things_in_them(gql, berlin, statements):
    """A statement for the zoos, and one for the animals of all of them."""
    for name in ("Leipzig", "Basel"):
        gql(CREATE, name=name, owner=1)
    statements.clear()

    gql("{ zoos { nodes { animals { nodes { name } } } } }")

    assert len(statements) == 2
