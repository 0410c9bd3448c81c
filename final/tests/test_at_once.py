"""Two at once: one wins, the other gets a clear error, and the rows stay true."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

TRANSFER = """mutation ($input: TransferZooInput!) {
  transferZoo(input: $input) { zoo { owner { username } } }
}"""
GIVE = """mutation ($input: TransferAnimalInput!) {
  transferAnimal(input: $input) { animal { owner { username } } }
}"""
MOVE = "mutation ($input: MoveAnimalInput!) { moveAnimal(input: $input) { animal { id } } }"
DELETE = "mutation ($input: DeleteZooInput!) { deleteZoo(input: $input) { deletedId } }"
REGISTER = "mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }"
REFRESH = "mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken } }"
ME = "{ me { username } }"
STRAYS = """
SELECT count(*) FROM animal JOIN zoo ON zoo.id = animal.zoo_id WHERE animal.owner_id <> zoo.owner_id
"""
ROUNDS = range(8)


def together(*calls):
    """Make all calls at the same time; return the code of each, or None where it succeeded."""
    with ThreadPoolExecutor(len(calls)) as pool:
        results = [future.result() for future in [pool.submit(call) for call in calls]]
    return [errors[0]["code"] if errors else None for _, errors in results]


@pytest.fixture
def strays(app):
    """Count the animals that live in a zoo of somebody else's."""
    from app.engine import db

    def count():
        with app.app_context():
            return db.session.scalar(sa.text(STRAYS))

    return count


@pytest.mark.parametrize("_", ROUNDS)
def test_one_of_two_transfers_wins(person, ada, bob, made, _):
    """The other finds the zoo to be somebody else's."""
    [zoo] = made("Zoo", "Berlin")
    eve = person("eve")
    give = [
        lambda to=to: ada.gql(TRANSFER, input={"zooId": zoo, "userId": to.id}) for to in (bob, eve)
    ]

    assert sorted(together(*give), key=str) == ["FORBIDDEN", None]


@pytest.mark.parametrize("_", ROUNDS)
def test_an_animal_never_lives_with_somebody_else(ada, bob, made, strays, _):
    """While its zoo, or itself, changes hands."""
    zoos, [animal] = made("Zoo", "Berlin", "Rome"), made("Animal", "Otto")
    codes = together(
        lambda: ada.gql(TRANSFER, input={"zooId": zoos[0], "userId": bob.id}),
        lambda: ada.gql(MOVE, input={"animalId": animal, "zooId": zoos[0]}),
        lambda: ada.gql(MOVE, input={"animalId": animal, "zooId": zoos[1]}),
        lambda: ada.gql(GIVE, input={"animalId": animal, "userId": bob.id}),
    )

    assert set(codes) <= {None, "FORBIDDEN"}
    assert strays() == 0


@pytest.mark.parametrize("_", ROUNDS)
def test_one_of_two_deletions_wins(ada, made, _):
    """The other finds nothing; an animal that moves in meanwhile stays, without a zoo."""
    [zoo], [animal] = made("Zoo", "Berlin"), made("Animal", "Otto")
    codes = together(
        lambda: ada.gql(DELETE, input={"id": zoo}),
        lambda: ada.gql(DELETE, input={"id": zoo}),
        lambda: ada.gql(MOVE, input={"animalId": animal, "zooId": zoo}),
    )

    assert sorted(codes[:2], key=str) == ["NOT_FOUND", None]
    assert codes[2] in (None, "NOT_FOUND")
    left = ada.gql("query ($id: ID!) { node(id: $id) { ... on Animal { zoo { id } } } }", id=animal)
    assert left == ({"node": {"zoo": None}}, [])


@pytest.mark.parametrize("_", ROUNDS)
def test_a_name_is_registered_once(gql, _):
    """The other is told that it is taken."""
    account = {"email": "eve@example.org", "password": "correct horse"}
    codes = together(
        *(
            lambda n=n: gql(REGISTER, input={"username": n, **account})
            for n in ("eve", "Eve", "EVE")
        )
    )

    assert sorted(codes, key=str) == ["CONFLICT", "CONFLICT", None]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_refresh_token_is_spent_once(ada, gql, _):
    """Two who have it both lose the session: one of them has stolen it."""
    spend = [lambda: gql(REFRESH, input={"refreshToken": ada.tokens["refresh_token"]})] * 2

    assert sorted(map(str, together(*spend))) == ["None", "UNAUTHENTICATED"]
    assert ada.gql(ME)[1] == [{"code": "UNAUTHENTICATED"}]
