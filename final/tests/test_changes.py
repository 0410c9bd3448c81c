"""What each mutation changes, and what it does not take."""

import pytest
from graphql_relay import to_global_id

ZOO = "zoo { id name owner { username } animals { nodes { name } } }"
ANIMAL = "animal { id name owner { username } zoo { name } }"
ANSWERS = {"Zoo": ZOO, "Animal": ANIMAL}


@pytest.fixture
def change(ada):
    """Send a mutation as ada; return what it answers, or its errors' extensions."""

    def send(mutation, answer, by=ada, **given):
        kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
        query = f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {answer} }} }}"
        data, errors = by.gql(query, input=given)
        return errors or data[mutation]

    return send


@pytest.fixture
def zoo(made):
    """A zoo of ada's, in which an animal lives."""
    [zoo] = made("Zoo", "Berlin")
    made("Animal", "Otto", zooId=zoo)
    return zoo


def test_what_is_made_belongs_to_who_makes_it(change):
    """Names are trimmed; the answer says whose it is, and repeats what the client sent along."""
    zoo = change("createZoo", f"{ZOO} clientMutationId", name=" Rome ", clientMutationId="7")

    assert (zoo["zoo"]["name"], zoo["zoo"]["owner"]) == ("Rome", {"username": "ada"})
    assert zoo["clientMutationId"] == "7"


def test_a_name_is_changed(change, zoo):
    """And nothing else."""
    assert change("updateZoo", ZOO, id=zoo, name="Rome")["zoo"] == {
        "id": zoo,
        "name": "Rome",
        "owner": {"username": "ada"},
        "animals": {"nodes": [{"name": "Otto"}]},
    }


def test_a_zoo_takes_its_animals_along(change, zoo, bob):
    """Both are bob's then, and no longer ada's to change."""
    given = change("transferZoo", ZOO, zooId=zoo, userId=bob.id)["zoo"]

    assert (given["owner"], given["animals"]) == (
        {"username": "bob"},
        {"nodes": [{"name": "Otto"}]},
    )
    assert change("updateZoo", ZOO, id=zoo, name="Mine") == [{"code": "FORBIDDEN"}]
    assert change("updateZoo", "zoo { name }", by=bob, id=zoo, name="Mine")["zoo"] == {
        "name": "Mine"
    }


def test_an_animal_outlives_its_zoo(change, gql, zoo):
    """It lives in none then; the zoo is gone."""
    assert change("deleteZoo", "deletedId", id=zoo) == {"deletedId": zoo}

    assert gql("{ animals { nodes { name zoo { name } } } }")[0]["animals"]["nodes"] == [
        {"name": "Otto", "zoo": None}
    ]
    assert change("deleteZoo", "deletedId", id=zoo) == [{"code": "NOT_FOUND"}]


def test_an_animal_moves_in_and_out(change, made, zoo):
    """Null takes it out of its zoo, and so does leaving the zoo out."""
    [ida] = made("Animal", "Ida")

    assert change("moveAnimal", ANIMAL, animalId=ida, zooId=zoo)["animal"]["zoo"] == {
        "name": "Berlin"
    }
    assert change("moveAnimal", ANIMAL, animalId=ida, zooId=None)["animal"]["zoo"] is None
    change("moveAnimal", ANIMAL, animalId=ida, zooId=zoo)
    assert change("moveAnimal", ANIMAL, animalId=ida)["animal"]["zoo"] is None


def test_an_animal_that_is_given_away_leaves_its_zoo(change, made, zoo, bob):
    """The zoo stays with who gave it."""
    [ida] = made("Animal", "Ida", zooId=zoo)
    given = change("transferAnimal", ANIMAL, animalId=ida, userId=bob.id)["animal"]

    assert (given["owner"], given["zoo"]) == ({"username": "bob"}, None)
    assert change("moveAnimal", ANIMAL, animalId=ida, zooId=zoo) == [{"code": "FORBIDDEN"}]


def test_nothing_enters_the_zoo_of_somebody_else(change, made, bob):
    """Neither a new animal nor an old one."""
    [theirs], [ida] = made("Zoo", "Rome", by=bob), made("Animal", "Ida")

    assert change("createAnimal", ANIMAL, name="Otto", zooId=theirs) == [{"code": "FORBIDDEN"}]
    assert change("moveAnimal", ANIMAL, animalId=ida, zooId=theirs) == [{"code": "FORBIDDEN"}]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\nb", "\ud800"])
@pytest.mark.parametrize("kind", ["Zoo", "Animal"])
def test_a_name_that_cannot_be_is_refused(change, kind, name):
    """BAD_USER_INPUT and the field."""
    wrong = [{"code": "BAD_USER_INPUT", "field": "name"}]

    assert change(f"create{kind}", ANSWERS[kind], name=name) == wrong


@pytest.mark.parametrize(
    "id", ["", "1", "ä", to_global_id("User", 1), to_global_id("Animal", 2**31)]
)
def test_an_id_that_is_none_is_named(change, zoo, id):
    """One of another kind, or of no kind at all."""
    wrong = [{"code": "BAD_USER_INPUT", "field": "animalId"}]

    assert change("moveAnimal", ANIMAL, animalId=id, zooId=zoo) == wrong


def test_an_address_is_seen_by_its_owner_alone(ada, bob, gql):
    """Whichever way somebody else comes to it."""
    query = '{ user(username: "ada") { email emailConfirmed } }'
    hidden = {"user": {"email": None, "emailConfirmed": None}}

    assert bob.gql(query) == gql(query) == (hidden, [])
    assert ada.gql(query)[0]["user"] == {"email": "ada@example.org", "emailConfirmed": True}
