"""A solution to the exercise "Find by name"."""

import pytest

CREATE = "mutation ($name: String!) { createAnimal(input: {name: $name}) { animal { id } } }"
FIND = "query ($text: String) { animals(nameContains: $text) { name } }"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OTT", ["Otto"]),
        ("%", ["100% Ada"]),
        ("_", []),
        ("", ["Otto", "100% Ada"]),
        (None, ["Otto", "100% Ada"]),
    ],
)
def test_animals_are_found_by_a_part_of_their_name(gql, text, found):
    """Whatever the case; a percent sign means itself; nothing given finds all."""
    for name in ("Otto", "100% Ada"):
        gql(CREATE, name=name)

    data, errors = gql(FIND, text=text)

    assert errors == []
    assert [animal["name"] for animal in data["animals"]] == found
