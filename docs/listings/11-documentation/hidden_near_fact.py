"""A fact whose name is misspelt is named as it was meant."""

import pytest

from tools import facts
from tools.steps import Problem


def test_the_nearest_name_is_given():
    """And where none is near, none."""
    with pytest.raises(Problem, match=r"'cold_answer_secnds'\. Did you mean cold_answer_seconds\?"):
        facts.fill("{{ facts.cold_answer_secnds }}", "page.md")
    with pytest.raises(Problem, match=r"'xyzzy'\.$"):
        facts.fill("{{ facts.xyzzy }}", "page.md")
