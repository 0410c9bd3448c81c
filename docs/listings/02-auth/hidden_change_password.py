"""A solution to the exercise "Another password"."""

import pytest

REGISTER = """
mutation { register(input: {username: "grace", password: "the first one"}) { accessToken } }
"""
LOGIN = """
mutation ($password: String!) {
  login(input: {username: "grace", password: $password}) { user { username } }
}
"""
CHANGE = """
mutation ($old: String!, $new: String!) {
  changePassword(input: {oldPassword: $old, newPassword: $new}) { user { username } }
}
"""


@pytest.fixture
def change(stranger):
    """Register grace; return what changes her password, as herself."""
    data, _ = stranger(REGISTER)
    headers = {"Authorization": f"Bearer {data['register']['accessToken']}"}
    return lambda old, new: stranger(CHANGE, headers=headers, old=old, new=new)


@pytest.fixture
def logs_in(stranger):
    """Tell whether a password is hers."""
    return lambda password: stranger(LOGIN, password=password)[1] == []


def test_the_new_password_takes_the_place_of_the_old(change, logs_in):
    """One opens the account, the other no longer."""
    data, errors = change("the first one", "the second one")

    assert errors == []
    assert data["changePassword"]["user"] == {"username": "grace"}
    assert logs_in("the second one")
    assert not logs_in("the first one")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("a guess", "the second one", "oldPassword"),
        ("", "the second one", "oldPassword"),
        ("the first one", "short", "password"),
    ],
)
def test_a_bad_change_changes_nothing(change, logs_in, old, new, field):
    """The old password has to be right, and the new one a password."""
    _, errors = change(old, new)

    assert errors == [{"code": "BAD_USER_INPUT", "field": field}]
    assert logs_in("the first one")


def test_a_stranger_changes_no_password(stranger):
    """Not even with the right old one: whose would it be?"""
    assert stranger(CHANGE, old="the first one", new="x" * 8)[1] == [{"code": "UNAUTHENTICATED"}]
