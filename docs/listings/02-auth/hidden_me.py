"""A solution to the exercise "Who am I?"."""

from flask_jwt_extended import create_refresh_token

ME = "{ me { id username } }"


def test_a_user_is_told_who_they_are(gql):
    """The one whom the access token names."""
    assert gql(ME) == ({"me": {"id": 1, "username": "ada"}}, [])


def test_a_stranger_is_nobody(stranger):
    """Null, and no error: asking is no offence."""
    assert stranger(ME) == ({"me": None}, [])


def test_a_refresh_token_and_nonsense_are_nobody(app, ada, stranger):
    """What opens nothing names nobody."""
    with app.app_context():
        refresh = create_refresh_token("1")

    for token in (refresh, "nonsense"):
        answer = stranger(ME, headers={"Authorization": f"Bearer {token}"})
        assert answer == ({"me": None}, [])
