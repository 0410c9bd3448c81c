"""What this step does not yet defend against: an attack that succeeds, and is marked so."""

import pytest

GIVE = """
mutation ($animal: Int!, $user: Int!) {
  transferAnimal(animalId: $animal, userId: $user) { animal { owner { username } } }
}
"""
CREATE = 'mutation { createAnimal(input: {name: "Okapi", ownerId: 1}) { animal { id } } }'
REGISTER = """
mutation { register(input: {username: "mallory", password: "a password"}) { accessToken } }
"""


@pytest.mark.xfail(strict=True, reason="whoever has a token owns everything; final/ closes this")
def test_nobody_takes_what_is_anothers(gql, stranger):
    """Mallory has an account of her own, and asks for Ada's okapi."""
    gql(CREATE)
    mallory = stranger(REGISTER)[0]["register"]["accessToken"]

    data, _ = stranger(GIVE, headers={"Authorization": f"Bearer {mallory}"}, animal=1, user=2)

    assert data == {"transferAnimal": None}
