"""Tokens: where they are sent, what each kind opens, and which are refused."""

from datetime import timedelta

import jwt as pyjwt
import pytest
from flask_jwt_extended import create_access_token, create_refresh_token

REFRESH = "mutation ($token: String!) { refresh(refreshToken: $token) { accessToken } }"
CREATE = 'mutation { createAnimal(input: {name: "Otto", ownerId: 1}) { animal { id } } }'
UPDATE = 'mutation { updateAnimal(input: {id: 1, name: "Bo"}) { animal { id } } }'
DELETE = "mutation { deleteAnimal(id: 1) { id } }"
ANIMALS = "{ animals { nodes { name } } }"

UNAUTHENTICATED = [{"code": "UNAUTHENTICATED"}]


def altered(token, **claims):
    """Return a token's claims, some of them changed."""
    return {**pyjwt.decode(token, options={"verify_signature": False}), **claims}


BAD_TOKENS = {
    "expired": lambda key, _: create_access_token("1", expires_delta=timedelta(seconds=-1)),
    "of a user who is gone": lambda key, _: create_access_token("99"),
    "refresh": lambda key, _: create_refresh_token("1"),
    "tampered": lambda key, good: good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
    "with another's name in it": lambda key, good: ".".join(
        [
            good.split(".")[0],
            pyjwt.encode(altered(good, sub="2"), key + "x").split(".")[1],
            good.split(".")[2],
        ]
    ),
    "alg: none": lambda key, good: pyjwt.encode(altered(good), None, algorithm="none"),
    "another secret": lambda key, good: pyjwt.encode(altered(good), "x" * 32),
    "another algorithm": lambda key, good: pyjwt.encode(altered(good), key * 2, algorithm="HS512"),
    "not yet valid": lambda key, good: pyjwt.encode(altered(good, nbf=4102444800), key),
    "without a name": lambda key, good: pyjwt.encode({"type": "access"}, key),
    "no token": lambda key, _: "nonsense",
    "no text": lambda key, _: "\xff.\xff.\xff",
}


@pytest.fixture(params=BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def bad_token(request, app, ada):
    """A token that opens nothing."""
    with app.app_context():
        return request.param(app.config["JWT_SECRET_KEY"], ada)


def bearer(token):
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("document", [CREATE, UPDATE, DELETE])
def test_changing_animals_needs_a_token(stranger, gql, rows, document):
    """Whether the animal exists is not revealed, and it stays as it is."""
    gql(CREATE)

    _, errors = stranger(document)

    assert errors == UNAUTHENTICATED
    assert rows() == {1: "Otto"}


def test_everybody_reads_animals(stranger, gql):
    """With a token and without."""
    gql(CREATE)

    assert stranger(ANIMALS) == ({"animals": {"nodes": [{"name": "Otto"}]}}, [])


def test_a_token_is_taken_from_the_header_or_the_address(stranger, ada, rows):
    """`Authorization: Bearer TOKEN`, or `?jwt=TOKEN`."""
    stranger(CREATE, headers=bearer(ada))
    stranger(CREATE, address=f"/graphql?jwt={ada}")

    assert rows() == {1: "Otto", 2: "Otto"}


def test_a_bad_token_opens_nothing(stranger, rows, bad_token):
    """However it is sent; the answer has no word of why."""
    for sent in ({"headers": bearer(bad_token)}, {"address": f"/graphql?jwt={bad_token}"}):
        _, errors = stranger(CREATE, **sent)
        assert errors == UNAUTHENTICATED

    assert rows() == {}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer", "Bearer a b"])
def test_a_header_without_a_token_opens_nothing(stranger, header):
    """Nor does it crash anything."""
    assert stranger(CREATE, headers={"Authorization": header})[1] == UNAUTHENTICATED


def test_a_bad_token_does_not_refresh(stranger, bad_token, request):
    """But for the refresh token itself."""
    if "refresh" in request.node.callspec.id.split("-"):
        assert stranger(REFRESH, token=bad_token)[1] == []
    else:
        assert stranger(REFRESH, token=bad_token)[1] == UNAUTHENTICATED


@pytest.mark.parametrize("token", ["", "a.b.c", "\ud800", "x" * 50_000])
def test_a_text_that_is_no_token_does_not_refresh(stranger, token):
    """Whatever is sent, it is an answer and no crash."""
    assert stranger(REFRESH, token=token)[1] == UNAUTHENTICATED


def test_an_access_token_does_not_refresh(stranger, ada):
    """Or one that is stolen would live for ever."""
    assert stranger(REFRESH, token=ada)[1] == UNAUTHENTICATED


def test_reading_ignores_a_bad_token(stranger, bad_token):
    """What needs no token asks for none."""
    assert stranger(ANIMALS, headers=bearer(bad_token)) == ({"animals": {"nodes": []}}, [])
