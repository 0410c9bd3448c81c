"""The reference pages are made from the code, and say all of it."""

import re

import pytest
import yaml

from tools import reference
from tools.steps import FINAL, ROOT

CONTRACT = ROOT / "tests" / "contract" / "final.graphql"
ERRORS = yaml.safe_load((ROOT / "docs" / "reference" / "errors.yaml").read_text(encoding="utf-8"))
CODE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:CONFLICT|FORBIDDEN|UNAUTHENTICATED)\b")


@pytest.mark.parametrize("path", reference.made(), ids=lambda path: path.name)
def test_a_reference_is_what_the_code_says_today(path):
    """`python -m tools reference` writes it anew."""
    assert path.read_text(encoding="utf-8") == reference.made()[path]


def test_each_error_code_has_an_entry_and_no_other_has():
    """The codes are those at the end of the contract."""
    _, _, listed = CONTRACT.read_text(encoding="utf-8").partition("# errors[].extensions.code")

    assert set(ERRORS) == set(CODE.findall(listed))


def test_every_code_that_the_app_can_give_is_among_them():
    """What stands in the modules that make errors."""
    engine = FINAL.folder / "app" / "engine"
    given = {
        code
        for name in ("errors.py", "http.py")
        for code in re.findall(r'"([A-Z_]{8,})"', (engine / name).read_text(encoding="utf-8"))
    }

    assert {"NOT_FOUND", "PAYLOAD_TOO_LARGE", "INTERNAL_SERVER_ERROR"} <= given
    assert given - {name.upper() for name in reference.settings_class().model_fields} <= set(ERRORS)


def test_the_settings_page_tells_each_setting_with_its_default_and_its_demand():
    """A newcomer finds all three in one place."""
    page = reference.settings_page()

    assert re.search(r"`ACCESS_TOKEN_MINUTES`\n:   How .*\n\n    \*number\*; default `15`\n", page)
    assert re.search(r"`INTROSPECTION`\n:   .*\n\n    \*0 or 1\*\n", page)
    assert re.search(r"`BUCKET`\n:   .*\n\n    \*text\*; production: has to be set\n", page)


def test_the_example_is_read_as_settings(tmp_path):
    """Each line that is commented out is the default, as the app reads it."""
    settings = reference.settings_class()
    example = re.sub(r"^# ([A-Z_]+=.*)$", r"\1", reference.env_example(), flags=re.MULTILINE)
    lines = dict(line.split("=", 1) for line in example.splitlines() if "=" in line[:40])

    for name, field in settings.model_fields.items():
        if (text := lines[name.upper()]) and name != "jwt_secret_key":
            read = settings.__pydantic_validator__.validate_python({name: text})
            assert getattr(read, name) == field.default
