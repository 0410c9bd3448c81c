"""Ways around the limits on how often one may ask, and none of them one."""

import pytest
import sqlalchemy as sa
from asking import LIMITED, codes

LOGIN = 'login(input: { username: "%s", password: "wrong password" }) { accessToken }'
RESET = 'requestPasswordReset(input: { email: "%s" }) { clientMutationId }'


def test_an_account_is_tried_seldom_from_however_many_addresses(asked):
    """Whatever case and spaces the name is written with."""
    names = ["ada", "ADA", " Ada", "aDa  ", "adA", "ada"]
    answers = [asked(f"mutation {{ {LOGIN % names[n]} }}", f"192.0.2.{n}") for n in range(6)]

    assert codes(answers) == ["UNAUTHENTICATED"] * 5 + [LIMITED]


def test_each_alias_in_a_request_counts(asked):
    """Six guesses in one request are six guesses."""
    fields = " ".join(f"a{n}: {LOGIN % 'ada'}" for n in range(6))

    assert codes([asked(f"mutation {{ {fields} }}")]) == ["UNAUTHENTICATED"] * 5 + [LIMITED]


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\ufeff"])
def test_an_address_has_one_spelling(app, asked, ada, hidden):
    """Letters that show nothing would make others, each with letters of its own to send."""
    from app.engine import db

    for n in range(1, 8):
        asked(f"mutation {{ {RESET % f'a{hidden * n}da@example.org'} }}", f"192.0.2.{n}")
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM letter")) == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP"])
def test_no_header_makes_another_address(asked, header):
    """Only as many proxies are believed as TRUSTED_PROXIES says; here, none."""
    values = [f"198.51.100.{n}" for n in range(120)]
    for value in values:
        asked(**{header: f"for={value}" if header == "Forwarded" else value})

    assert codes([asked(**{header: "203.0.113.7"})]) == [LIMITED]


def test_a_network_of_ipv6_is_one_address(asked):
    """Each customer has 2 ^ 64 of them."""
    for n in range(120):
        asked(address=f"2001:db8:1:2::{n:x}")

    assert codes([asked(address="2001:db8:1:2:ffff::1")]) == [LIMITED]
    assert codes([asked(address="2001:db8:1:3::1"), asked(address="::ffff:192.0.2.1")]) == [
        None,
        None,
    ]


@pytest.mark.parametrize("token", ["garbage", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_a_token_of_ones_own_making_is_no_person(asked, token):
    """It is counted by address, as none would be."""
    for _ in range(120):
        asked(token=token)

    assert codes([asked()]) == [LIMITED]
