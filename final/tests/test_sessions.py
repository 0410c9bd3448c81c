"""Logins: on several devices, renewed by tokens that are used once, ended here and everywhere."""

import pytest

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { user { username email emailConfirmed } accessToken refreshToken }
}"""
LOGIN = """mutation ($input: LoginInput!) {
  login(input: $input) { user { username } accessToken refreshToken }
}"""
REFRESH = """mutation ($input: RefreshInput!) {
  refresh(input: $input) { accessToken refreshToken }
}"""
LOGOUT = "mutation ($input: LogoutInput!) { logout(input: $input) { clientMutationId } }"
CHANGE = """mutation ($input: ChangePasswordInput!) {
  changePassword(input: $input) { user { username } }
}"""
ME = "{ me { username } }"
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}
OUT = [{"code": "UNAUTHENTICATED"}]


@pytest.fixture
def eve(gql):
    """Register eve; return the tokens."""
    return gql(REGISTER, input=EVE)[0]["register"]


@pytest.fixture
def login(gql):
    """Log eve in; return the tokens, or the errors' extensions."""

    def send(**changes):
        data, errors = gql(LOGIN, input={"username": "eve", "password": EVE["password"], **changes})
        return errors or data["login"]

    return send


@pytest.fixture
def refresh(gql):
    """Spend a refresh token; return the tokens, or the errors' extensions."""

    def send(token):
        data, errors = gql(REFRESH, input={"refreshToken": token})
        return errors or data["refresh"]

    return send


def test_who_registers_is_logged_in(gql, eve):
    """And sees the own address, which is still to be confirmed."""
    assert eve["user"] == {"username": "eve", "email": None, "emailConfirmed": None}
    assert gql(ME, eve["accessToken"]) == ({"me": {"username": "eve"}}, [])


@pytest.mark.parametrize("name", ["eve", "EVE", " eve "])
def test_a_name_is_taken_whatever_its_case(gql, eve, name):
    """CONFLICT, and it says which field."""
    errors = gql(REGISTER, input={**EVE, "username": name})[1]

    assert errors == [{"code": "CONFLICT", "field": "username"}]


def test_an_address_tells_nobody_that_it_is_known(gql, eve):
    """Whoever registers with it is answered like anybody else."""
    data, errors = gql(REGISTER, input={**EVE, "username": "mallory"})

    assert (errors, data["register"]["user"]["username"]) == ([], "mallory")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "ev"}, "username"),
        ({"username": "e" * 31}, "username"),
        ({"username": "eve\x00"}, "username"),
        ({"password": "1234567"}, "password"),
        ({"password": "1" * 129}, "password"),
        ({"password": "\ud800" * 8}, "password"),
        ({"email": "eve"}, "email"),
        ({"email": "eve@localhost"}, "email"),
        ({"email": "eve@example.org\nBcc: all@example.org"}, "email"),
        ({"email": f"{'e' * 300}@example.org"}, "email"),
    ],
)
def test_what_no_account_can_have_is_named(gql, changes, field):
    """BAD_USER_INPUT and the field, and no account."""
    assert gql(REGISTER, input=EVE | changes)[1] == [{"code": "BAD_USER_INPUT", "field": field}]
    assert gql('{ user(username: "eve") { id } }')[0] == {"user": None}


@pytest.mark.parametrize(
    "changes",
    [{"password": "wrong"}, {"username": "adam"}, {"username": "e"}, {"password": "x" * 9999}],
)
def test_a_wrong_name_and_a_wrong_password_look_alike(eve, login, changes):
    """UNAUTHENTICATED, whichever it was."""
    assert login(**changes) == OUT


def test_nobodys_hash_costs_as_much_as_a_new_one():
    """Or a wrong name would be told from a wrong password by the time it takes."""
    from app.model import user

    assert not user.hasher.check_needs_rehash(user.NO_HASH)


def test_each_device_has_a_session_of_its_own(gql, eve, login):
    """Logging out on one leaves the other."""
    other = login(username="EVE")
    gql(LOGOUT, eve["accessToken"], input={})

    assert gql(ME, eve["accessToken"])[1] == OUT
    assert gql(ME, other["accessToken"])[1] == []


def test_logging_out_everywhere_ends_every_session(gql, eve, login, refresh):
    """Neither their access nor their refresh tokens open anything."""
    other = login()
    gql(LOGOUT, eve["accessToken"], input={"everywhere": True})

    assert gql(ME, other["accessToken"])[1] == OUT
    assert refresh(other["refreshToken"]) == OUT


def test_a_refresh_token_is_used_once(gql, eve, refresh):
    """The second use ends the session, for whoever has got hold of it."""
    new = refresh(eve["refreshToken"])
    assert gql(ME, new["accessToken"])[1] == []

    assert refresh(eve["refreshToken"]) == OUT
    assert refresh(new["refreshToken"]) == OUT
    assert gql(ME, new["accessToken"])[1] == OUT


def test_changing_the_password_ends_the_other_sessions(gql, eve, login):
    """This one goes on; the old password opens nothing."""
    other = login()
    wrong = gql(CHANGE, eve["accessToken"], input={"oldPassword": "no", "newPassword": "12345678"})
    done = gql(
        CHANGE,
        eve["accessToken"],
        input={"oldPassword": EVE["password"], "newPassword": "battery staple"},
    )

    assert wrong[1] == [{"code": "BAD_USER_INPUT", "field": "oldPassword"}]
    assert done[1] == []
    assert gql(ME, eve["accessToken"])[1] == []
    assert gql(ME, other["accessToken"])[1] == OUT
    assert login() == OUT
    assert "accessToken" in login(password="battery staple")


def test_without_a_token_nobody_is_asking(gql):
    """`me` is null, and no error."""
    assert gql(ME) == ({"me": None}, [])


def test_an_old_hash_is_made_anew_at_the_next_login(app, eve, login):
    """The steps before made theirs with scrypt; whoever has such a one keeps the password."""
    from werkzeug.security import generate_password_hash

    from app import model
    from app.engine import db

    with app.app_context():
        db.session.get(model.User, 1).password_hash = generate_password_hash("correct horse")
        db.session.commit()

    assert login(password="wrong horse") == OUT
    assert "accessToken" in login()
    with app.app_context():
        assert db.session.get(model.User, 1).password_hash.startswith("$argon2id$")
    assert "accessToken" in login()
