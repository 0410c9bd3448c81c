"""Letters: an address is confirmed, a password forgotten; what a mail server really got."""

import re

import pytest
from mailserver import Catcher
from ports import free_port

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { user { id } accessToken }
}"""
CONFIRM = """mutation ($input: ConfirmEmailInput!) {
  confirmEmail(input: $input) { user { username } }
}"""
RESEND = """mutation { resendConfirmation(input: {}) { accepted } }"""
FORGOT = """mutation ($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { accepted }
}"""
RESET = """mutation ($input: ResetPasswordInput!) {
  resetPassword(input: $input) { user { username } }
}"""
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
ME = "{ me { email emailConfirmed } }"
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}
BAD = [{"code": "BAD_USER_INPUT", "field": "token"}]


@pytest.fixture
def server(app, monkeypatch):
    """A mail server that the application sends through."""
    from app.engine import config, mail

    port = free_port()
    catcher = Catcher(port)
    for name, value in config.for_mail(f"smtp://127.0.0.1:{port}").items():
        monkeypatch.setitem(app.config, name, value)
    mail.mailer.init_app(app)
    yield catcher
    catcher.stop()
    monkeypatch.undo()
    mail.mailer.init_app(app)


@pytest.fixture
def post(app):
    """Send what is due, by the command; return what that said."""
    return lambda: app.test_cli_runner().invoke(args=["post"]).output


@pytest.fixture
def token(server, post):
    """Send what is due; return the token in the last letter."""

    def read():
        post()
        text = server.letters[-1].get_body(("plain",)).get_content()
        return re.search(r"#(\S+)", text)[1]

    return read


@pytest.fixture
def eve(gql):
    """Register eve; return the access token."""
    return gql(REGISTER, input=EVE)[0]["register"]["accessToken"]


def test_a_letter_says_the_same_in_text_and_in_html(server, post, eve):
    """To the address, from the zoo, once."""
    assert post() == "Sent: 1\n"
    assert post() == "Sent: 0\n"

    [letter] = server.letters
    assert (letter["To"], letter["From"]) == ("eve@example.org", "zoo@localhost")
    links = [
        set(
            re.findall(
                r"http://127.0.0.1:8000/confirm#[\w.-]+", letter.get_body((kind,)).get_content()
            )
        )
        for kind in ("plain", "html")
    ]
    assert links[0] == links[1]
    assert len(links[0]) == 1


def test_an_address_is_confirmed_by_its_letter(gql, eve, token):
    """Once, and only with the token of that letter."""
    letter = token()
    assert gql(ME, eve)[0]["me"] == {"email": "eve@example.org", "emailConfirmed": False}
    assert gql(CONFIRM, input={"token": letter})[1] == []
    assert gql(ME, eve)[0]["me"]["emailConfirmed"] is True

    assert gql(CONFIRM, input={"token": letter})[1] == BAD
    assert gql(RESEND, eve)[1] == [{"code": "BAD_USER_INPUT", "field": "input"}]


def test_an_address_is_confirmed_by_one_account_alone(gql, eve, server, token):
    """Whoever comes second is told so, and stays unconfirmed."""
    first = token()
    gql(REGISTER, input={**EVE, "username": "mallory", "email": "EVE@example.org"})
    second = token()

    assert gql(CONFIRM, input={"token": first})[1] == []
    assert gql(CONFIRM, input={"token": second})[1] == [{"code": "CONFLICT", "field": "token"}]


def test_a_forgotten_password_is_chosen_anew(gql, eve, token):
    """By the letter, once; every session ends."""
    gql(CONFIRM, input={"token": token()})
    assert gql(FORGOT, input={"email": " EVE@example.org "})[0] == {
        "requestPasswordReset": {"accepted": True}
    }
    letter = token()
    short = gql(RESET, input={"token": letter, "password": "short"})[1]
    done = gql(RESET, input={"token": letter, "password": "battery staple"})

    assert short == [{"code": "BAD_USER_INPUT", "field": "password"}]
    assert done == ({"resetPassword": {"user": {"username": "eve"}}}, [])
    assert gql(ME, eve)[1] == [{"code": "UNAUTHENTICATED"}]
    assert gql(LOGIN, input={"username": "eve", "password": "battery staple"})[1] == []
    assert gql(RESET, input={"token": letter, "password": "battery staple"})[1] == BAD


@pytest.mark.parametrize("email", ["eve@example.org", "adam@example.org", "", "x", "\x00", "%"])
def test_who_forgets_a_password_learns_of_nobody(gql, eve, server, post, email):
    """Accepted, whoever has the address; one that is not confirmed gets no letter."""
    post()

    assert gql(FORGOT, input={"email": email})[0] == {"requestPasswordReset": {"accepted": True}}
    assert post() == "Sent: 0\n"


def test_a_token_is_for_one_thing_and_for_a_time(app, gql, eve, token, monkeypatch):
    """A letter of one kind opens nothing of the other; an old one opens nothing."""
    letter = token()

    assert gql(RESET, input={"token": letter, "password": "battery staple"})[1] == BAD
    for wrong in ("", "x", letter[:-1], letter + "x", "\x00", "ä", "a.b.c"):
        assert gql(CONFIRM, input={"token": wrong})[1] == BAD
    monkeypatch.setitem(app.config, "CONFIRM_LIFETIME", app.config["CONFIRM_LIFETIME"] * -1)
    assert gql(CONFIRM, input={"token": letter})[1] == BAD


def test_a_mail_server_that_is_away_loses_no_letter(app, gql, eve, server, post):
    """Registering does not wait for it; the letter is sent when it is back."""
    import sqlalchemy as sa

    from app.engine import db

    server.stop()
    assert post() == "Sent: 0\n"
    assert post() == "Sent: 0\n"  # not due yet
    with app.app_context():
        db.session.execute(sa.text("UPDATE letter SET due_at = now()"))
        db.session.commit()
    server.start()

    assert post() == "Sent: 1\n"


def test_a_letter_that_nobody_takes_is_given_up(app, gql, eve, server, post, caplog):
    """After ten attempts, with a line in the log that names no address."""
    import sqlalchemy as sa

    from app.engine import db

    server.stop()
    for _ in range(10):
        assert "given up" not in caplog.text
        with app.app_context():
            db.session.execute(sa.text("UPDATE letter SET due_at = now()"))
            db.session.commit()
        post()

    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM letter")) == 0
    assert "given up" in caplog.text
    assert "eve@" not in caplog.text


def test_without_a_mail_server_letters_are_shown(app, gql, eve, post, capsys):
    """On the console of whoever tries the app on a laptop."""
    assert "http://127.0.0.1:8000/confirm#" in post()
