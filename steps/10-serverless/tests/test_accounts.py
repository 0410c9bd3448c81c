"""Accounts: who registers, logs in and refreshes, and who does not."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

REGISTER = """
mutation ($username: String!, $password: String!) {
  register(input: {username: $username, password: $password}) {
    user { id username } accessToken refreshToken
  }
}
"""
LOGIN = REGISTER.replace("register(", "login(")
REFRESH = "mutation ($token: String!) { refresh(refreshToken: $token) { accessToken } }"
CREATE = 'mutation { createAnimal(input: {name: "Otto", ownerId: 1}) { animal { name } } }'

PASSWORD = "correct horse"
BAD_USERNAMES = ["", "ab", "x" * 31, "a b", "ada!", "äda", "ada\0", "ada\u212a", "\ud800ada"]
BAD_PASSWORDS = ["", "1234567", "x" * 129, "x" * 50_000, "1234567\ud800"]


@pytest.fixture
def grace(stranger):
    """What grace got when she registered."""
    data, _ = stranger(REGISTER, username="grace", password=PASSWORD)
    return data["register"]


@pytest.fixture
def usernames(app):
    """Return the names in the user table, in their order."""
    from app.engine import db

    def read():
        with app.app_context():
            return db.session.scalars(sa.text('SELECT username FROM "user" ORDER BY id')).all()

    return read


def creates(stranger, token):
    """Tell whether an access token lets its bearer create an animal."""
    _, errors = stranger(CREATE, headers={"Authorization": f"Bearer {token}"})
    return errors == []


def test_somebody_registers_and_is_logged_in(stranger, usernames, grace):
    """The user is in the table, and the access token works at once."""
    assert grace["user"] == {"id": 1, "username": "grace"}
    assert usernames() == ["grace"]
    assert creates(stranger, grace["accessToken"])


def test_a_password_is_stored_as_a_hash_alone(app, grace):
    """scrypt with a salt: two users with one password have two hashes."""
    from app import model
    from app.engine import db

    with app.app_context():
        stored = db.session.get(model.User, 1).password_hash

    assert stored.startswith("scrypt:")
    assert PASSWORD not in stored


@pytest.mark.parametrize("username", BAD_USERNAMES)
def test_a_bad_username_is_refused(stranger, usernames, username):
    """The error names the field, and nobody is stored."""
    _, errors = stranger(REGISTER, username=username, password=PASSWORD)

    assert errors == [{"code": "BAD_USER_INPUT", "field": "username"}]
    assert usernames() == []


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_a_bad_password_is_refused(stranger, usernames, password):
    """Too short, too long, or no text."""
    _, errors = stranger(REGISTER, username="ada", password=password)

    assert errors == [{"code": "BAD_USER_INPUT", "field": "password"}]
    assert usernames() == []


@pytest.mark.parametrize("username", ["grace", "GRACE", " Grace "])
def test_a_name_is_taken_whatever_its_case(stranger, usernames, grace, username):
    """CONFLICT, and the one who has it keeps it."""
    _, errors = stranger(REGISTER, username=username, password="another one")

    assert errors == [{"code": "CONFLICT", "field": "username"}]
    assert usernames() == ["grace"]


def test_eight_who_want_one_name_at_once_make_one_account(stranger, usernames):
    """One wins, seven are told CONFLICT."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(
            pool.map(lambda _: stranger(REGISTER, username="ada", password=PASSWORD), range(8))
        )

    codes = [error["code"] for _, errors in answers for error in errors]
    assert codes == ["CONFLICT"] * 7
    assert usernames() == ["ada"]


@pytest.mark.parametrize("username", ["grace", "GRACE", " grace "])
def test_a_user_logs_in(stranger, grace, username):
    """The name in any case, the password to the letter."""
    data, errors = stranger(LOGIN, username=username, password=PASSWORD)

    assert errors == []
    assert data["login"]["user"] == grace["user"]
    assert creates(stranger, data["login"]["accessToken"])


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("grace", "correct hors"),
        ("grace", f" {PASSWORD}"),
        ("grace", ""),
        ("grace", "\ud800" * 8),
        ("grace", "x" * 50_000),
        ("nobody", PASSWORD),
        ("nobody", "nobody's password"),
        ("a\0b", PASSWORD),
        ("\u212aada", PASSWORD),
    ],
)
def test_a_wrong_name_and_a_wrong_password_answer_alike(app, grace, username, password):
    """Nobody learns which names exist."""
    body = {"query": LOGIN, "variables": {"username": username, "password": password}}

    [error] = app.test_client().post("/graphql", json=body).get_json()["errors"]

    assert error["message"] == "The username or the password is wrong."
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}


def test_a_login_hashes_once_whether_or_not_the_user_exists(stranger, grace, monkeypatch):
    """The time that it takes tells nothing: it is the hash's, and both do one of the same kind."""
    from app.model import user as model

    hashes = []
    check = model.check_password_hash
    monkeypatch.setattr(
        model,
        "check_password_hash",
        lambda stored, sent: hashes.append(stored) or check(stored, sent),
    )

    for username in ("grace", "nobody"):
        stranger(LOGIN, username=username, password="wrong password")

    assert len(hashes) == 2
    assert {stored.partition("$")[0] for stored in hashes} == {"scrypt:32768:8:1"}


def test_a_refresh_token_gives_an_access_token(stranger, grace):
    """Which works."""
    data, errors = stranger(REFRESH, token=grace["refreshToken"])

    assert errors == []
    assert creates(stranger, data["refresh"]["accessToken"])
