"""Who may do what: every mutation, tried by everybody it is not for."""

import pytest

from app.schema import schema

# What a mutation is sent, with {…} for ids of ada's and the name of somebody else. Then who may
# send it: "all" needs no account, "user" an account, "member" a confirmed address, "owner" the row.
MUTATIONS = {
    "register": ({"username": "eve", "email": "eve@example.org", "password": "12345678"}, "all"),
    "login": ({"username": "nobody", "password": "12345678"}, "all"),
    "refresh": ({"refreshToken": "none"}, "all"),
    "confirmEmail": ({"token": "none"}, "all"),
    "requestPasswordReset": ({"email": "ada@example.org"}, "all"),
    "resetPassword": ({"token": "none", "password": "12345678"}, "all"),
    "logout": ({}, "user"),
    "resendConfirmation": ({}, "user"),
    "changePassword": ({"oldPassword": "12345678", "newPassword": "12345678"}, "user"),
    "setProfileImage": ({"file": "no file"}, "user"),
    "removeProfileImage": ({}, "user"),
    "createZoo": ({"name": "Berlin"}, "member"),
    "createAnimal": ({"name": "Otto", "zooId": "{zoo}"}, "owner"),
    "updateZoo": ({"id": "{zoo}", "name": "Rome"}, "owner"),
    "deleteZoo": ({"id": "{zoo}"}, "owner"),
    "transferZoo": ({"zooId": "{zoo}", "userId": "{bob}"}, "owner"),
    "updateAnimal": ({"id": "{animal}", "name": "Ida"}, "owner"),
    "deleteAnimal": ({"id": "{animal}"}, "owner"),
    "moveAnimal": ({"animalId": "{animal}", "zooId": None}, "owner"),
    "transferAnimal": ({"animalId": "{animal}", "userId": "{bob}"}, "owner"),
}
WHO = ["nobody", "stranger", "owner", "owner unconfirmed", "session ended"]

# Who is turned away from what with which code; everybody else gets past the door.
REFUSED = {
    "all": {},
    "user": {"nobody": "UNAUTHENTICATED", "session ended": "UNAUTHENTICATED"},
    "member": {
        "nobody": "UNAUTHENTICATED",
        "session ended": "UNAUTHENTICATED",
        "owner unconfirmed": "FORBIDDEN",
    },
    "owner": {
        "nobody": "UNAUTHENTICATED",
        "session ended": "UNAUTHENTICATED",
        "owner unconfirmed": "FORBIDDEN",
        "stranger": "FORBIDDEN",
    },
}
DOORS = {"UNAUTHENTICATED", "FORBIDDEN"}
# What these answer to a wrong password or token is no refusal of the person.
ANSWERS = {"login": "UNAUTHENTICATED", "refresh": "UNAUTHENTICATED"}


def send(app, name, given, token):
    """Send a mutation over HTTP; return the codes of its errors."""
    kind = f"{name[0].upper()}{name[1:]}Input!"
    document = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ clientMutationId }} }}"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"query": document, "variables": {"input": {**given, "clientMutationId": "7"}}}
    answer = app.test_client().post("/graphql", json=body, headers=headers).get_json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.fixture
def visitor(app, ada, bob, made):
    """Return a function that gives the token somebody comes with, and the ids of ada's rows."""
    from app import model
    from app.engine import db

    [zoo], [animal] = made("Zoo", "Paris"), made("Animal", "Okapi")
    ids = {"{zoo}": zoo, "{animal}": animal, "{bob}": bob.id}

    def come(who):
        token = {"nobody": None, "stranger": bob.tokens["access_token"]}.get(
            who, ada.tokens["access_token"]
        )
        with app.app_context():
            if who == "session ended":
                model.Session.end(model.Session.user_id == 1)
            if who == "owner unconfirmed":
                db.session.get(model.User, 1).email_confirmed = False
            db.session.commit()
        return token, ids

    return come


def test_the_table_knows_every_mutation():
    """One that is added without a line here fails."""
    assert set(schema.graphql_schema.mutation_type.fields) == set(MUTATIONS)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_is_for_those_it_is_for(app, visitor, name, who):
    """And everybody else is turned away with the code that says why, and changes nothing."""
    token, ids = visitor(who)
    given, door = MUTATIONS[name]
    codes = send(app, name, {k: ids.get(v, v) for k, v in given.items()}, token)

    refused = set(codes) & DOORS
    assert "INTERNAL_SERVER_ERROR" not in codes
    if name in ANSWERS:
        assert codes == [ANSWERS[name]]
    elif who in REFUSED[door]:
        assert codes == [REFUSED[door][who]]
    else:
        assert refused == set()
