"""Rules: how much one request may ask for, from both sides of each limit."""

import json

import pytest


def nested(depth):
    """Return a query so many fields deep, for as few rows as may be."""
    fields = ["me { "]
    names = ["zoos(first: 1) { ", "nodes { ", "owner { "]
    while len(fields) < depth - 1:
        fields.append(names[(len(fields) - 1) % 3])
    return "{ " + "".join(fields) + "__typename" + " }" * len(fields) + " }"


def aliased(count):
    """Return a query with so many aliases."""
    return "{ me { " + " ".join(f"a{n}: username" for n in range(count)) + " } }"


def by_fragments(count):
    """Return the same, by a fragment that is spread again and again."""
    spreads = "...F " * count
    return "{ me { " + spreads + "} } fragment F on User { a: username }"


def rooted(count):
    """Return a query with so many fields at its root."""
    return "{ " + "me { id } " * count + "}"


def directed(count):
    """Return a query with so many directives."""
    return "{ me { " + "username @include(if: true) " * count + "} }"


def long(tokens):
    """Return a query of so many tokens."""
    pieces, rest = divmod(tokens - 5, 13)
    return "{ me { " + "... { ... { ... { ... { id } } } } " * pieces + "id " * rest + "} }"


def doubling(times):
    """Return a query that spreads a fragment twice in each of so many fragments."""
    fragments = [f"fragment F{n} on User {{ ...F{n + 1} ...F{n + 1} }}" for n in range(times)]
    return " ".join(["{ me { ...F0 } }", *fragments, f"fragment F{times} on User {{ a: id }}"])


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (nested, 12),
        (aliased, 15),
        (by_fragments, 15),
        (rooted, 10),
        (directed, 20),
        (long, 1000),
    ],
)
def test_a_limit_lets_through_what_it_allows_and_not_one_more(gql, make, limit, statements):
    """The refusal says how much it was and how much may be; nothing has run."""
    _, fine = gql(make(limit))
    statements.clear()
    data, [refused] = gql(make(limit + 1))

    assert fine == []
    assert data is None
    assert refused == {"code": "QUERY_TOO_COMPLEX", "cost": limit + 1, "limit": limit}
    assert statements == []


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ __typename }", {}, 0),
        ("{ me { id username } }", {}, 1),
        ("{ zoos { nodes { name } } }", {}, 1 + 20),
        ("{ zoos(first: 3) { totalCount nodes { name owner { username } } } }", {}, 1 + 3 * 2),
        ("{ zoos(last: 3) { edges { node { name } } } }", {}, 1 + 3 * 2),
        ("query ($n: Int) { zoos(first: $n) { nodes { name } } }", {"n": 7}, 1 + 7),
        ("query ($n: Int = 7) { zoos(first: $n) { nodes { name } } }", {}, 1 + 7),
        ("query ($n: Int = 7) { zoos(first: $n) { nodes { name } } }", {"n": 3}, 1 + 3),
        ("{ zoos { nodes { ... on Zoo { ...Z } } } } fragment Z on Zoo { owner { id } }", {}, 41),
        (
            '{ nodes(ids: ["VXNlcjox", "VXNlcjoy"]) { id ... on User { zoos { nodes { id } } } } }',
            {},
            1 + 2 * 21,
        ),
    ],
)
def test_a_client_is_told_what_a_request_costs(app, query, variables, cost):
    """Each object that may be loaded counts one; a list counts as many as it may show."""
    body = {"query": query, "variables": variables}
    answer = app.test_client().post("/graphql", json=body).get_json()

    assert "errors" not in answer
    assert answer["extensions"] == {"cost": cost}


@pytest.mark.parametrize("size", [2147483647, -1, None])
def test_a_page_of_no_allowed_size_is_counted_all_the_same(gql, size):
    """The page itself says what is wrong with it, or takes what it takes without one."""
    query = "query ($n: Int) { zoos(first: $n) { nodes { name } } }"
    _, errors = gql(query, n=size)

    assert [error["code"] for error in errors] in ([], ["BAD_USER_INPUT"])


def test_lists_within_lists_are_too_dear(gql, statements):
    """Long before they are too deep."""
    query = "{ zoos(first: 50) { nodes { animals(first: 50) { nodes { name } } } } }"
    data, [refused] = gql(query)

    assert data is None
    assert refused == {"code": "QUERY_TOO_COMPLEX", "cost": 1 + 50 * 52, "limit": 2000}
    assert statements == []


def test_fragments_that_double_are_counted_without_being_walked(gql):
    """2 ^ 60 aliases, in a kilobyte or two."""
    data, [refused] = gql(doubling(60))

    assert data is None
    assert refused["cost"] == 2**60


def test_comments_are_no_way_around_the_limit(gql):
    """They are no tokens, and are counted by themselves."""
    assert gql("# a comment\n" * 100 + "{ __typename }")[1] == []
    assert gql("# a comment\n" * 101 + "{ __typename }")[1][0]["code"] == "GRAPHQL_PARSE_FAILED"


@pytest.fixture
def hidden(app, monkeypatch):
    """An application that does not show its schema."""
    monkeypatch.setitem(app.config, "INTROSPECTION", False)
    return app.test_client()


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ __type(name: "User") { name } }',
        "{ ...F } fragment F on Query { s: __schema { queryType { name } } }",
    ],
)
def test_a_schema_that_is_not_shown_cannot_be_asked_for(hidden, query):
    """In no disguise; the name of a type, which clients need, stays."""
    refused = hidden.post("/graphql", json={"query": query}).get_json()
    named = hidden.post("/graphql", json={"query": "{ __typename }"}).get_json()

    assert refused["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "data" not in refused
    assert named["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ zoo { name } }", {}),
        ("{ me { usernam } }", {}),
        ("{ zoos(orderBy: NAMES) { nodes { id } } }", {}),
        ("query ($o: ZooOrder) { zoos(orderBy: $o) { nodes { id } } }", {"o": "NAMES"}),
    ],
)
def test_a_schema_that_is_not_shown_is_not_hinted_at(hidden, app, monkeypatch, query, variables):
    """Where it is shown, a mistake of one letter gets a hint."""
    body = {"query": query, "variables": variables}
    silent = hidden.post("/graphql", json=body).get_data(as_text=True)
    monkeypatch.setitem(app.config, "INTROSPECTION", True)
    helpful = hidden.post("/graphql", json=body).get_data(as_text=True)

    assert "Did you mean" not in silent
    assert json.loads(silent)["errors"]
    assert "Did you mean" in helpful


def test_graphiql_goes_with_the_schema(hidden):
    """A browser is told what every other client is told."""
    answer = hidden.get("/graphql", headers={"Accept": "text/html,*/*;q=0.1"})

    assert answer.status_code == 400
    assert answer.mimetype == "application/json"


@pytest.mark.parametrize(
    ("settings", "shown"),
    [({}, True), ({"introspection": False}, False), ({"introspection": True}, True)],
)
def test_a_laptop_shows_the_schema_unless_told_not_to(database_url, settings, shown):
    """A setting decides."""
    from app import create_app

    app = create_app(database_url=database_url, **settings)
    body = {"query": "{ __schema { queryType { name } } }"}

    assert ("errors" not in app.test_client().post("/graphql", json=body).get_json()) == shown
