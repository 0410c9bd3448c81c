"""Edges, and accidents: what a run of mutants found that no other test had tried."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from graphql_relay import to_global_id
from itsdangerous import URLSafeTimedSerializer
from pictures import picture

NODE = "query ($id: ID!) { node(id: $id) { ... on Animal { name } } }"
SEARCH = "query ($part: String) { animals(filter: { nameContains: $part }) { nodes { name } } }"
SET = """mutation ($file: Upload!) {
  setProfileImage(input: { file: $file }) { user { id } }
}"""
REMOVE = "mutation { removeProfileImage(input: {}) { user { profileImage { url } } } }"
REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken }
}"""
RESEND = "mutation { resendConfirmation(input: {}) { accepted } }"
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}


def test_the_last_id_that_postgres_has_is_found(app, gql, made):
    """2 ^ 31 - 1; the next one is nothing, and no error of the server's."""
    from app.engine import db

    made("Animal", "Otto")
    with app.app_context():
        db.session.execute(sa.text("UPDATE animal SET id = 2147483647"))
        db.session.commit()

    assert gql(NODE, id=to_global_id("Animal", 2**31 - 1))[0] == {"node": {"name": "Otto"}}


def test_the_longest_name_is_found_by_all_of_it(gql, made):
    """A hundred letters are a name, and a part of one."""
    made("Animal", "x" * 100)

    assert gql(SEARCH, part="x" * 100)[0]["animals"]["nodes"] == [{"name": "x" * 100}]


def test_a_file_may_have_as_long_a_name_as_a_disk_allows(app, upload):
    """255 letters, and not one more."""
    assert upload(SET, picture(), "x" * 251 + ".png")[1] == []
    assert upload(SET, picture(), "x" * 252 + ".png")[1] == [
        {"code": "BAD_USER_INPUT", "field": "file"}
    ]


def test_a_page_of_no_allowed_size_is_told_which_are(app):
    """In words, since the code and the field alone would not help."""
    body = {"query": "{ animals(first: 51) { nodes { id } } }"}
    [error] = app.test_client().post("/graphql", json=body).get_json()["errors"]

    assert error["message"] == "The first is 1 to 50 rows."


@pytest.mark.parametrize(
    ("kind", "said"), [("Animal", "an animal"), ("Zoo", "a zoo"), ("User", "a user")]
)
def test_an_id_of_another_kind_is_told_of_which_it_should_be(app, ada, kind, said):
    """In words that a person can act on."""
    asks = {
        "Animal": "deleteAnimal(input: { id: %s }) { deletedId }",
        "Zoo": "deleteZoo(input: { id: %s }) { deletedId }",
        "User": "transferZoo(input: { zooId: %s, userId: %s }) { zoo { id } }",
    }
    wrong = f'"{to_global_id("Sheep", 1)}"'
    zoo = (
        '"'
        + ada.gql('mutation { createZoo(input: { name: "Z" }) { zoo { id } } }')[0]["createZoo"][
            "zoo"
        ]["id"]
        + '"'
    )
    field = asks[kind] % ((zoo, wrong) if kind == "User" else wrong)
    headers = {"Authorization": f"Bearer {ada.tokens['access_token']}"}
    answer = app.test_client().post(
        "/graphql", json={"query": f"mutation {{ {field} }}"}, headers=headers
    )

    assert f"id of {said}" in answer.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("2026-01-01T11:59:59", ["Otto"]),
        ("2026-01-01T12:00:01", []),
        ("2026-01-01T13:59:59+02:00", ["Otto"]),
        ("2026-01-01T14:00:01+02:00", []),
    ],
)
def test_a_time_counts_in_its_zone(app, gql, made, after, found):
    """One without a zone is UTC."""
    from app.engine import db

    made("Animal", "Otto")
    with app.app_context():
        db.session.execute(sa.text("UPDATE animal SET created_at = '2026-01-01T12:00:00Z'"))
        db.session.commit()
    query = """query ($after: DateTime) {
      animals(filter: { createdAfter: $after }) { nodes { name } }
    }"""

    data, _ = gql(query, after=after)
    assert [animal["name"] for animal in data["animals"]["nodes"]] == found


def test_an_image_is_removed_though_its_file_is_gone(app, upload, ada):
    """Whoever has deleted it on the disk has done no harm."""
    assert upload(SET, picture())[1] == []
    for file in Path(app.config["IMAGE_FOLDER"]).rglob("*.png"):
        file.unlink()

    assert ada.gql(REMOVE)[1] == []


def test_another_letter_is_on_its_way(gql):
    """The answer says so."""
    token = gql(REGISTER, input=EVE)[0]["register"]["accessToken"]

    assert gql(RESEND, token) == ({"resendConfirmation": {"accepted": True}}, [])


def test_a_letter_tells_nothing_of_a_password(app, gql):
    """Its token changes with the salt, and holds no part of the hash."""
    from app import model
    from app.engine import db, mail

    gql(REGISTER, input=EVE)
    with app.app_context():
        user = db.session.scalars(sa.select(model.User)).one()
        salt, _, digest = user.password_hash.rpartition("$")
        token = mail.signer("reset").dumps([user.id, mail.state(user, "reset")])
        told = URLSafeTimedSerializer("any").loads_unsafe(token)[1]

    assert salt[-22:] in str(told)
    assert digest[:8] not in str(told)


def test_a_connection_that_has_ended_meanwhile_is_replaced(app, gql, database_url):
    """Before a request would find out."""
    from app.engine import db

    gql("{ animals { nodes { id } } }")
    with app.app_context():
        own = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        db.session.remove()
    outside = sa.create_engine(database_url, poolclass=sa.NullPool)
    with outside.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    assert gql("{ animals { nodes { id } } }")[1] == []


def test_an_image_is_removed_though_its_bucket_is_away(app, upload, gql, ada, monkeypatch):
    """Nobody sees it any more; what is left of it, `sweep` takes away."""
    from app.engine import storage

    assert upload(SET, picture())[1] == []
    monkeypatch.setitem(app.config, "BUCKET", "nobodys")
    monkeypatch.setitem(app.config, "STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    before = app.extensions["storage"]
    storage.init_app(app)
    data, errors = ada.gql(REMOVE)
    app.extensions["storage"] = before

    assert (data["removeProfileImage"]["user"], errors) == ({"profileImage": None}, [])


def test_an_accident_outside_of_graphql_shows_its_id_alone(app, monkeypatch, caplog):
    """In JSON, with the code of every other accident."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app.extensions["migrate"], "directory", "/nowhere")
    response = app.test_client().get("/readyz")
    [error] = response.get_json()["errors"]

    assert response.status_code == 500
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["id"] in caplog.text
    assert "nowhere" in caplog.text
    assert "nowhere" not in response.text
