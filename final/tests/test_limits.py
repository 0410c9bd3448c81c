"""Limits: how often one may ask, from both sides of each, in one process and in Redis."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from asking import LIMITED, codes
from pictures import form, picture

DEAR = "{ zoos(first: 50) { nodes { animals(first: 37) { nodes { name } } } } }"
REGISTER = "register(input: { username: %s, email: %s, password: %s }) { clientMutationId }"
LOGIN = 'login(input: { username: "%s", password: "wrong password" }) { accessToken }'
REFRESH = 'refresh(input: { refreshToken: "%s" }) { refreshToken }'
RESET = 'requestPasswordReset(input: { email: "%s" }) { clientMutationId }'
RESEND = "resendConfirmation(input: {}) { accepted }"
CHANGE = (
    'changePassword(input: { oldPassword: "wrong", newPassword: "another one" }) { user { id } }'
)
UPLOAD = """mutation ($file: Upload!) {
  setProfileImage(input: { file: $file }) { user { id } }
}"""


def test_an_address_and_a_person_have_their_number_of_requests_and_not_one_more(asked, ada):
    """The refusal is HTTP's own, says when to come again, and is nobody else's."""
    assert codes(asked() for _ in range(120)) == [None] * 120
    refused = asked()
    [error] = refused.get_json()["errors"]

    assert refused.status_code == 429
    assert error["extensions"]["code"] == LIMITED
    assert 1 < error["extensions"]["retryAfter"] <= 60
    assert refused.headers["Retry-After"] == str(error["extensions"]["retryAfter"])
    assert codes([asked(address="192.0.2.2")]) == [None]

    token = ada.tokens["access_token"]
    assert codes(asked(token=token) for _ in range(600)) == [None] * 600
    assert codes([asked(token=token, address="192.0.2.3")]) == [LIMITED]


def test_who_has_no_address_is_counted_too(asked):
    """As a client at the other end of a Unix socket has none."""
    assert codes(asked(address="") for _ in range(121)) == [None] * 120 + [LIMITED]


def test_no_address_is_written_down(asked, caplog):
    """Not even of who asked too often."""
    with caplog.at_level(logging.INFO):
        answers = [asked() for _ in range(121)]

    assert codes(answers)[-1] == LIMITED
    assert "RATE_LIMITED" in caplog.text
    assert "192.0.2.1" not in caplog.text


def test_headers_tell_how_much_is_left(asked):
    """As the draft of the IETF writes them."""
    first, second = asked(), asked()

    assert first.headers["RateLimit-Policy"] == '"requests";q=120;w=60'
    assert re.fullmatch(r'"requests";r=119;t=\d+', first.headers["RateLimit"])
    assert second.headers["RateLimit"].startswith('"requests";r=118;')


def test_what_is_asked_costs_no_more_than_a_minute_has(asked):
    """Ten times what one request may; then small ones go on while there is something left."""
    cost = 1 + 50 * 39
    spent = [asked(DEAR) for _ in range(10)]
    refused = asked(DEAR)

    assert [answer.get_json()["extensions"]["cost"] for answer in spent] == [cost] * 10
    assert (refused.status_code, codes([refused])) == (429, [LIMITED])
    assert codes([asked(), asked(DEAR, address="192.0.2.2")]) == [None, None]


@pytest.mark.parametrize(
    ("field", "limit", "answered"),
    [
        (REGISTER % ('"no name"', '"a@example.org"', '"correct horse"'), 10, "BAD_USER_INPUT"),
        (LOGIN % "ada", 5, "UNAUTHENTICATED"),
        (REFRESH % "no.token.at-all", 5, "UNAUTHENTICATED"),
        (RESET % "ada@example.org", 5, None),
    ],
)
def test_what_is_guessed_or_sends_letters_has_limits_of_its_own(asked, field, limit, answered):
    """Within GraphQL, so that the rest of the request is answered."""
    within = codes(asked(f"mutation {{ {field} }}") for _ in range(limit))
    refused = asked(f"mutation {{ {field} }}")
    [error] = refused.get_json()["errors"]

    assert within == [answered] * limit
    assert refused.status_code == 200
    assert error["extensions"]["code"] == LIMITED
    assert error["extensions"]["retryAfter"] >= 1


@pytest.mark.parametrize(("field", "limit"), [(RESEND, 5), (CHANGE, 5)])
def test_a_person_has_these_limits_from_wherever(asked, ada, field, limit):
    """Another address is no other person."""
    token = ada.tokens["access_token"]
    answers = [asked(f"mutation {{ {field} }}", f"192.0.2.{n}", token) for n in range(limit + 1)]

    assert codes(answers) == ["BAD_USER_INPUT"] * limit + [LIMITED]


def test_a_person_sends_no_more_images_than_allowed(counting, ada):
    """Each is costly to look at."""
    client = counting.test_client()

    def upload():
        headers, body = form(UPLOAD, picture(), "okapi.png")
        headers["Authorization"] = f"Bearer {ada.tokens['access_token']}"
        return client.post("/graphql", data=body, headers=headers)

    assert codes(upload() for _ in range(11)) == [None] * 10 + [LIMITED]


def test_an_address_tries_few_accounts(asked):
    """One password for many names is guessing, too."""
    answers = [asked(f"mutation {{ {LOGIN % f'user{n}'} }}") for n in range(21)]

    assert codes(answers) == ["UNAUTHENTICATED"] * 20 + [LIMITED]


def test_no_more_pass_at_once_than_one_after_another(asked):
    """Counting is one step: two cannot both be the last."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: asked(), range(160)))

    assert codes(answers).count(LIMITED) == 40
