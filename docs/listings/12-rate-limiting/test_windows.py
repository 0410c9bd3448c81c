"""What chapter 12 says of the three windows holds for whatever comes, not for its example alone."""

import random
import runpy
from pathlib import Path

import pytest

WINDOWS = runpy.run_path(str(Path(__file__).with_name("windows.py")))


@pytest.mark.parametrize(("way", "most"), [("fixed", 20), ("sliding", 20), ("moving", 10)])
def test_no_window_lets_through_more_than_it_can(way, most):
    """Twice the limit at worst; a moving window never more than the limit."""
    chance = random.Random(12)  # noqa: S311 - the same requests each time
    for _ in range(50):
        asked = sorted(chance.choices(range(240), k=chance.randint(20, 200)))
        assert WINDOWS["worst"](WINDOWS["let_in"](WINDOWS[way], asked)) <= most


def test_a_rush_at_the_end_of_a_minute_is_forgotten_too_early():
    """By the sliding window, which supposes that requests come evenly."""
    asked = [59.0] * 10 + [90.0] * 10

    assert WINDOWS["worst"](WINDOWS["let_in"](WINDOWS["sliding"], asked)) == 15
    assert WINDOWS["worst"](WINDOWS["let_in"](WINDOWS["fixed"], asked)) == 20
