"""Milliseconds mean nothing, megabytes do."""

from tools.normalise import same


def test_milliseconds_are_equal_and_nothing_else_is():
    """Whole ones and those with a point."""
    assert same(["took 12 ms"], ["took 15.25 ms"])
    assert same(["took 12ms"], ["took 15.25 ms"])
    assert not same(["took 12 MB"], ["took 15 MB"])
    assert not same(["12 msgs"], ["15 msgs"])
