"""Values that no honest person types, in every argument that takes a text."""

import base64
import json
import unicodedata

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type
from graphql_relay import to_global_id

from app.schema import schema

TEXTS = {
    "NUL": "\0",
    "a control character": "\x1b[31m",
    "half a character": "\ud800",
    "a right-to-left override": "\u202eottO",
    "a space without width": "\u200b",
    "only spaces": " \t\u2003 ",
    "90,000 letters": "x" * 90_000,
    "a new line and a header": "a\r\nBcc: all@example.org",
    "SQL": "'; DROP TABLE animal; --",
    "all that a search knows": "%_\\%_\\",
    "a template": "{{ 7 * 7 }} ${7 * 7} %(a)s {0}",
    "no character": "\uffff\U0010ffff",
    "a hundred accents": "a" + "\u0301" * 99,
}
OUR_FAULT = {"INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"}
CREATE = """mutation ($name: String!) {
  createAnimal(input: {name: $name}) { animal { name } }
}"""
NAMES = """query ($part: String, $after: String, $last: Int) {
  animals(filter: {nameContains: $part}, after: $after, last: $last) { nodes { name } }
}"""


def places():
    """Yield each argument of the schema: an operation, its type, and where in it a text goes."""
    whole = schema.graphql_schema
    for kind, root in (("query", whole.query_type), ("mutation", whole.mutation_type)):
        for name, field in root.fields.items():
            below = "{ __typename }" if hasattr(get_named_type(field.type), "fields") else ""
            for argument, given in field.args.items():
                document = f"{kind} ($v: {given.type}) {{ {name}({argument}: $v) {below} }}"
                inner = get_named_type(given.type)
                fields = inner.fields if isinstance(inner, GraphQLInputObjectType) else {None: None}
                needed = [n for n, f in fields.items() if n and isinstance(f.type, GraphQLNonNull)]
                yield from ((document, needed, place) for place in fields)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_breaks_anything(ada, made, text):
    """Each is taken, or is the client's mistake; the tables are as they were."""
    made("Animal", "Otto", "Ida")
    for document, needed, place in places():
        value = dict.fromkeys(needed, "x") | {place: text} if place else text
        answer = ada.gql(document, v=value)

        assert not {error["code"] for error in answer[1]} & OUR_FAULT, (document, place)
    left = ada.gql(NAMES)[0]["animals"]["nodes"]
    assert {"Otto", "Ida"} <= {animal["name"] for animal in left}


@pytest.mark.parametrize(
    "name",
    ["\u200b", "\u2060 \u200d", "Otto\u202e", "\u2066ottO\u2069", "\x7f", "x" * 101],
    ids=lambda name: unicodedata.name(name[-1], "a control character").lower(),
)
def test_a_name_that_hides_what_it_is_is_refused(ada, name):
    """BAD_USER_INPUT and the field; what only joins letters is fine among them."""
    assert ada.gql(CREATE, name=name)[1] == [{"code": "BAD_USER_INPUT", "field": "name"}]
    assert ada.gql(CREATE, name="👩‍🚀 نمی‌خواهم")[1] == []


@pytest.mark.parametrize(
    "name", ["'; DROP TABLE animal; --", "Robert'); --", "%s %(a)s {0}", "<b>Otto</b>", "\\x00"]
)
def test_a_name_is_kept_as_it_is(ada, name):
    """It is a value, never a part of a statement, and comes back letter by letter."""
    assert ada.gql(CREATE, name=name) == ({"createAnimal": {"animal": {"name": name}}}, [])
    assert ada.gql(NAMES, part=name)[0] == {"animals": {"nodes": [{"name": name}]}}


@pytest.mark.parametrize(
    "part", ["%", "_", "%tt%", "O_to", "\\", "Otto'--", "' OR '1' = '1", "%" * 100, "(O+)+$", ".*"]
)
def test_a_search_finds_what_it_says(ada, made, part):
    """No name has these letters in it, so that nothing is found."""
    made("Animal", "Otto", "Ida")

    assert ada.gql(NAMES, part=part) == ({"animals": {"nodes": []}}, [])


def sealed(*place):
    """Return a cursor that says what an attacker wants it to say."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


CURSORS = {
    "of another type": sealed("Zoo", "NEWEST", 1, 1),
    "of another order": sealed("Animal", "NAME", "otto", 1),
    "of SQL": sealed("Animal", "NEWEST", "0); DROP TABLE animal; --", 1),
    "of the year 300,000": sealed("Animal", "NEWEST", 10**19, 1),
    "of a fraction": sealed("Animal", "NEWEST", 1.5, 1),
    "of a number too large": sealed("Animal", "NEWEST", 1, 2**31),
    "of a truth": sealed("Animal", "NEWEST", 1, True),
    "of lists in lists": base64.urlsafe_b64encode(b"[" * 60_000).decode(),
    "of 4,000 digits": sealed("Animal", "NEWEST", 10**4_000, 1),
    "that is empty": "",
    "that is no base64": "ä\0",
}


@pytest.mark.parametrize("cursor", CURSORS.values(), ids=CURSORS)
def test_a_cursor_that_the_app_never_made_opens_nothing(gql, statements, cursor):
    """BAD_USER_INPUT, naming the argument; the database is not asked."""
    assert gql(NAMES, after=cursor)[1] == [{"code": "BAD_USER_INPUT", "field": "after"}]
    assert statements == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**30, "1e3", "0x1", "１", "1 OR 1=1"])
def test_an_id_beyond_all_rows_finds_nothing(gql, statements, number):
    """Null, and the database is not asked."""
    given = to_global_id("Animal", number)

    assert gql("query ($id: ID!) { node(id: $id) { id } }", id=given) == ({"node": None}, [])
    assert statements == []


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_at_the_end_of_all_times_is_one(gql, time):
    """It is compared like any other, though it is in no year of UTC."""
    query = """query ($time: DateTime) {
      animals(filter: {createdAfter: $time, createdBefore: $time}) { totalCount }
    }"""

    assert gql(query, time=time) == ({"animals": {"totalCount": 0}}, [])
