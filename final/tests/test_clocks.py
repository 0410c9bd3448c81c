"""Two machines whose clocks are apart: one that serves, or sweeps, and one that is right."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from asking import LIMITED, ME, codes

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken refreshToken }
}"""
REFRESH = """mutation ($input: RefreshInput!) {
  refresh(input: $input) { accessToken refreshToken }
}"""
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}
OUT = [{"code": "UNAUTHENTICATED"}]


def off(**by):
    """Be a machine whose clock is ahead by so much, while a block lasts; Postgres's is right."""
    return time_machine.travel(datetime.now(UTC) + timedelta(**by))


@pytest.fixture
def eve(gql):
    """Register eve; return the tokens."""
    return gql(REGISTER, input=EVE)[0]["register"]


@pytest.fixture
def refresh(gql):
    """Spend a refresh token; return the tokens, or the errors' extensions."""

    def send(tokens):
        data, errors = gql(REFRESH, input={"refreshToken": tokens["refreshToken"]})
        return errors or data["refresh"]

    return send


@pytest.mark.parametrize("seconds", [-9, 9])
def test_nobody_notices_clocks_that_are_seconds_apart(gql, eve, refresh, seconds):
    """What one machine has given out opens at the other, there and back."""
    with off(seconds=seconds):
        assert gql(ME, eve["accessToken"])[1] == []
        theirs = refresh(eve)

    assert gql(ME, theirs["accessToken"])[1] == []
    assert gql(ME, refresh(theirs)["accessToken"])[1] == []


def test_a_clock_that_is_an_hour_late_ends_no_session(gql, eve, refresh):
    """What was given out elsewhere is not valid yet; where the clock is right, it still is."""
    with off(hours=-1):
        assert gql(ME, eve["accessToken"])[1] == OUT
        assert refresh(eve) == OUT

    assert gql(ME, eve["accessToken"])[1] == []
    assert gql(ME, refresh(eve)["accessToken"])[1] == []


def test_a_clock_that_is_an_hour_ahead_ends_no_session(gql, eve, refresh):
    """What was given out there is not valid yet elsewhere; an hour later it is."""
    with off(hours=1):
        assert gql(ME, eve["accessToken"])[1] == OUT
        early = refresh(eve)
        assert gql(ME, early["accessToken"])[1] == []

    assert gql(ME, early["accessToken"])[1] == OUT
    assert refresh(early) == OUT
    with off(hours=1):
        assert gql(ME, refresh(early)["accessToken"])[1] == []


def test_a_clock_that_is_years_ahead_sweeps_nobody_away(app, gql, eve):
    """What is over is decided by Postgres's clock."""
    with off(days=3650):
        swept = app.test_cli_runner().invoke(args=["sweep"]).output

    assert swept == "Swept: 0 sessions, 0 accounts, 0 images\n"
    assert gql(ME, eve["accessToken"])[1] == []


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("counting", ["redis"], indirect=True)
def test_clocks_that_are_apart_count_as_one(asked, hours):
    """By Redis's clock: nobody is shut out for longer, and nobody gets more."""
    here = codes(asked() for _ in range(60))
    with off(hours=hours):
        there = codes(asked() for _ in range(60))
        over = codes([asked()])

    assert here + there == [None] * 120
    assert over == codes([asked()]) == [LIMITED]
