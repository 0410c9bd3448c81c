"""The page of attacks names tests that there are, and says what they say."""

import re

import pytest
import yaml

from tools import attacks
from tools.steps import Problem

ENTRY = re.compile(r"^- \*\*.* \*\((?:(\d+) ways, )?([\d.]+) s\)\*$", re.MULTILINE)


def test_the_page_says_what_the_tests_say_today():
    """`python -m tools attacks` tries them all, and writes it anew."""
    text = attacks.PAGE.read_text(encoding="utf-8")
    tests = [test for those in attacks.attacks().values() for test in those]
    told = [(int(ways or 1), float(seconds)) for ways, seconds in ENTRY.findall(text)]

    assert len(tests) == len(set(tests)) >= 80
    assert text == attacks.page(dict(zip(tests, told, strict=True)))


def test_an_attack_without_its_test_is_named(monkeypatch, tmp_path):
    """A test that was renamed does not stay on the page."""
    source = tmp_path / "attacks.yaml"
    source.write_text(yaml.safe_dump({"Group": {"test_http.py::test_nothing": "something"}}))
    monkeypatch.setattr(attacks, "SOURCE", source)

    with pytest.raises(Problem, match="There is no test test_http"):
        attacks.page({"test_http.py::test_nothing": (1, 0.1)})
