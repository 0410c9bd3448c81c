"""`flask user`: what an operator does for an account, or to one."""

import os
import pty
import subprocess
import sys

import pytest
import sqlalchemy as sa
from pictures import picture

LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
ME = "{ me { username email emailConfirmed } }"
SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
ZOOS = '{ user(username: "bob") { zoos { totalCount } animals { totalCount } } }'
PASSWORD = "correct horse"
EVE = ["create", "eve", "eve@example.org"]


@pytest.fixture
def user(app):
    """Run `flask user …` with some lines of input; return how it ended, and what it said."""

    def run(*arguments, typed=""):
        done = app.test_cli_runner().invoke(args=["user", *arguments], input=typed)
        return done.exit_code, done.output

    return run


@pytest.fixture
def who(gql):
    """Log in with the password; return what an account knows of itself."""

    def ask(name):
        token = gql(LOGIN, input={"username": name, "password": PASSWORD})[0]["login"]
        return gql(ME, token["accessToken"])[0]["me"]

    return ask


def test_an_account_is_made_with_a_password_from_a_pipe(user, who, app):
    """The address is to be confirmed by a letter, as after registering."""
    assert user(*EVE, typed=f"{PASSWORD}\n") == (0, "Made: eve\n")

    assert who("eve") == {"username": "eve", "email": "eve@example.org", "emailConfirmed": False}
    assert "To: eve@example.org" in app.test_cli_runner().invoke(args=["post"]).output


def test_an_account_can_be_made_with_an_address_that_is_known(user, who, app):
    """No letter is sent."""
    assert user(*EVE, "--confirmed", typed=f"{PASSWORD}\n")[0] == 0

    assert who("eve")["emailConfirmed"] is True
    assert app.test_cli_runner().invoke(args=["post"]).output == "Sent: 0\n"


def test_a_password_that_is_typed_is_not_shown(app, database_url, who):
    """It is asked for twice, on the terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "manage", "user", *EVE],
        env={**os.environ, "DATABASE_URL": database_url},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for asked in (b"Password: ", b"confirmation: "):
        while not shown.endswith(asked):
            shown += os.read(ours, 100)
        os.write(ours, f"{PASSWORD}\n".encode())
    while b"Made: eve" not in shown:
        shown += os.read(ours, 100)

    assert process.wait(30) == 0
    os.close(ours)
    assert PASSWORD.encode() not in shown
    assert who("eve")["username"] == "eve"


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (["create", "e", "e@example.org"], PASSWORD, "The username needs 3 to 30"),
        (["create", "eve", "nowhere"], PASSWORD, "This is no e-mail address."),
        (EVE, "short", "The password needs 8 to 128 characters."),
        (["create", "ADA", "a@example.org"], PASSWORD, "Somebody has this username"),
        (["create", "eve", "Ada@example.org", "--confirmed"], PASSWORD, "confirmed this address"),
        (["confirm", "eve"], "", "Nobody is called 'eve'."),
        (["logout", "eve"], "", "Nobody is called 'eve'."),
        (["delete", "eve"], "y\n", "Nobody is called 'eve'."),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(user, ada, arguments, typed, sentence):
    """And nothing is changed."""
    code, said = user(*arguments, typed=typed)

    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("Error: ")
    assert sentence in said


def test_an_address_is_confirmed_unless_another_account_has_it(user, who):
    """For people whom the letter does not reach."""
    user(*EVE, typed=PASSWORD)
    user("create", "mallory", "EVE@example.org", typed=PASSWORD)

    assert user("confirm", "eve") == (0, "Confirmed: eve\n")
    assert who("eve")["emailConfirmed"] is True
    assert user("confirm", "mallory")[1] == ("Error: Another account has confirmed this address.\n")
    assert who("mallory")["emailConfirmed"] is False


def test_an_account_of_the_steps_gets_an_address(user, ada, app):
    """It has none, and could change no zoo."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text('UPDATE "user" SET email = NULL, email_confirmed = false'))
        db.session.commit()

    assert user("confirm", "ada")[1] == "Error: ada has no address: name one.\n"
    assert user("confirm", "ada", "nowhere")[1] == "Error: This is no e-mail address.\n"
    assert ada.gql(ME)[0]["me"]["emailConfirmed"] is False
    assert user("confirm", "ada", "ada@example.com") == (0, "Confirmed: ada\n")
    assert ada.gql(ME)[0]["me"]["email"] == "ada@example.com"
    assert ada.gql(ME)[0]["me"]["emailConfirmed"] is True


def test_an_account_is_logged_out_everywhere(user, ada, bob):
    """Its tokens are worth nothing from then on; others' are."""
    assert ada.gql(ME)[1] == []

    assert user("logout", "ada") == (0, "Ended: 1 sessions\n")
    assert ada.gql(ME)[1] == [{"code": "UNAUTHENTICATED"}]
    assert bob.gql(ME)[1] == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_an_account_is_deleted_with_all_that_is_its_own(user, kept, upload, ada, bob, made, gql):
    """Its zoos, its animals, its image and its sessions; what is others' stays."""
    for person in (ada, bob):
        [zoo] = made("Zoo", "Berlin", by=person)
        made("Animal", "Otto", "Kiri", by=person, zooId=zoo)
    made("Animal", "Nemo")
    upload(SET, picture())

    code, said = user("delete", "ada", typed="y\n")

    assert (code, said.splitlines()[-1].split("]: ")[-1]) == (0, "Deleted: ada")
    assert "Delete ada, 1 zoos and 3 animals?" in said
    assert ada.gql(ME)[1] == [{"code": "UNAUTHENTICATED"}]
    assert gql('{ user(username: "ada") { id } }') == ({"user": None}, [])
    assert gql("{ animals { totalCount } }")[0] == {"animals": {"totalCount": 2}}
    assert bob.gql(ZOOS)[0]["user"] == {"zoos": {"totalCount": 1}, "animals": {"totalCount": 2}}
    assert kept.names() == []


def test_an_account_stays_where_the_answer_is_no(user, ada, made):
    """So does all that is its own."""
    made("Zoo", "Berlin")

    assert user("delete", "ada", typed="n\n")[0] == 1
    assert ada.gql("{ zoos { totalCount } }") == ({"zoos": {"totalCount": 1}}, [])
