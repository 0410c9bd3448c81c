"""Documents that are made to cost: refused for what they are, before anything has run."""

import pytest


def each(count, piece):
    """Return a piece so many times, with its number in the place of #."""
    return " ".join(piece.replace("#", str(number)) for number in range(count))


def chain(count, piece, last="id"):
    """Return a query with so many fragments, each of which has the next one's name for ++."""
    links = (
        f"fragment F{n} on User {{ {piece.replace('++', f'F{n + 1}')} }}" for n in range(count)
    )
    return " ".join(["{ me { ...F0 } }", *links, f"fragment F{count} on User {{ {last} }}"])


TOO_MUCH = {
    "5,000 fields in one another": "{ me " * 5_000 + "}" * 5_000,
    "200 fields in one another": "{ me " * 200 + "{ id }" + "}" * 200,
    "10,000 aliases": "{ me { " + each(10_000, "a#:id") + " } }",
    "250 aliases of lists in lists": "{ " + each(31, "a#: zoos { nodes { id } }") + " }",
    "16 passwords in one request": "mutation { "
    + each(16, 'a#: login(input: {username: "ada", password: "#"}) { accessToken }')
    + " }",
    "a fragment within itself": "{ me { ...F } } fragment F on User { id ...F }",
    "two fragments within each other": "{ me { ...F } } fragment F on User { ...G }"
    " fragment G on User { ...F }",
    "a hundred fragments in a circle": chain(100, "...++", "...F0"),
    "a circle of fragments and fields": "{ me { ...F } }"
    " fragment F on User { zoos { nodes { owner { ...F } } } }",
    "a fragment with fields that doubles 30 times": chain(30, "a: id ...++ ...++", "a: id"),
    "a fragment that doubles within a list": chain(6, "zoos { nodes { owner { ...++ ...++ } } }"),
    "10,000 directives": "{ me { id " + "@skip(if: false) " * 5_000 + "} }",
    "400 directives that there are not": "{ me { id " + "@zoo " * 400 + "} }",
    "one directive again and again": "{ me { id " + "@skip(if: false) " * 100 + "} }",
    "many tokens": "{ " + "a " * 45_000 + "}",
    "995 times the same field": "{ me { " + "id " * 995 + "} }",
    "990 fields that there are not": "{ me { " + each(990, "x#") + " } }",
    "330 fields by one name": "{ me { " + "a: id a: username " * 165 + "} }",
    "a long name": "{ " + "x" * 90_000 + " }",
    "a text that does not end": '{ user(username: "' + "x" * 90_000,
    "a list of 980 ids that are none": "{ nodes(ids: [" + '"x" ' * 980 + "]) { id } }",
    "480 lists in one another": "{ nodes(ids: " + "[" * 480 + "]" * 480 + ") { id } }",
    "300 objects in one another": "{ animals(filter: "
    + "{a: " * 300
    + "1"
    + "}" * 300
    + ") { totalCount } }",
    "300 conditions": "{ animals(filter: {" + each(300, "a#: 1") + "}) { totalCount } }",
    "190 variables": "query (" + each(190, "$a#: Int") + ") { me { id } }",
    "120 operations": each(120, "query A# { me { id } }"),
    "140 fragments for nothing": "{ me { id } } " + each(140, "fragment F# on User { id }"),
    "a page of 2,147,483,648": "{ animals(first: 2147483648) { totalCount } }",
    "a page of 5,000 digits": "{ animals(first: " + "9" * 5_000 + ") { totalCount } }",
    "ten lists, each in a list": "{ zoos(first: 10) { nodes { "
    + each(10, "a#: animals(first: 50) { nodes { id } }")
    + " } } }",
    "50 ids with lists of lists": "{ nodes(ids: ["
    + '"VXNlcjox" ' * 50
    + "]) { ... on User { zoos { nodes { animals { nodes { id } } } } } } }",
    "the schema's types of types of types": "{ __schema { types { fields { type { fields {"
    " type { fields { type { fields { type { name } } } } } } } } } } }",
    "a subscription": "subscription { animals { totalCount } }",
    "a subscription beside a query": "query A { me { id } } subscription B { me { id } }",
}
CODES = {"QUERY_TOO_COMPLEX", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}


@pytest.mark.parametrize("document", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_document_that_is_made_to_cost_is_refused(gql, statements, document):
    """With a code that says why, a hundred errors at most, and no statement."""
    data, errors = gql(document)

    assert not data
    assert 1 <= len(errors) <= 101
    assert {error["code"] for error in errors} <= CODES
    assert statements == []


@pytest.mark.parametrize("quote", ['"', '"""'], ids=["in a line", "in lines"])
def test_a_long_text_finds_nothing(gql, statements, quote):
    """It is one token, and no name that anybody could have; the database is not asked."""
    document = f"{{ user(username: {quote}{'x' * 90_000}{quote}) {{ id }} }}"

    assert gql(document) == ({"user": None}, [])
    assert statements == []


@pytest.mark.parametrize(
    "document",
    ["{" + "a " * 1_000_000 + "}", '{user(username:"' + "x" * 1_000_000, "#" * 1_000_000],
    ids=["tokens", "text", "comment"],
)
def test_a_megabyte_is_not_read(app, document):
    """413: it is longer than a request may be."""
    answer = app.test_client().post("/graphql", json={"query": document})

    assert answer.status_code == 413
    assert answer.get_json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


MANY = {
    "15,000 ids that are none": ["x"] * 15_000,
    "10,000 nulls": [None] * 10_000,
    "10,000 objects": [{}] * 10_000,
    "lists in one another": [[[[[[[[]]]]]]]] * 2_000,
}


@pytest.mark.parametrize("ids", MANY.values(), ids=MANY)
def test_a_variable_of_very_many_values_is_refused(gql, statements, ids):
    """A hundred errors at most, and no statement."""
    data, errors = gql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)

    assert data is None
    assert {error["code"] for error in errors} <= {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX"}
    assert 1 <= len(errors) <= 101
    assert statements == []
