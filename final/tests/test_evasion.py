"""Ways around the limits of one request, and none of them one."""

import pytest

DEAR = "zoos(first: 50) { nodes { animals(first: 50) { nodes { name } } } }"
BY_VARIABLE = """query ($n: Int) {
  zoos(first: $n) { nodes { animals(first: 50) { nodes { name } } } }
}"""


def test_a_negative_page_makes_nothing_cheaper(gql, statements):
    """It would pay for what stands beside it."""
    less = "less: zoos(first: -50) { nodes { animals(first: 50) { nodes { name } } } }"
    data, [refused] = gql(f"{{ {DEAR} {less} }}")

    assert data is None
    assert refused["code"] == "QUERY_TOO_COMPLEX"
    assert statements == []


@pytest.mark.parametrize("size", [50, 50.0])
def test_a_number_counts_as_graphql_reads_it(gql, statements, size):
    """Which takes 50.0 for 50."""
    data, [refused] = gql(BY_VARIABLE, n=size)

    assert data is None
    assert refused == {"code": "QUERY_TOO_COMPLEX", "cost": 1 + 50 * 52, "limit": 2000}
    assert statements == []


@pytest.mark.parametrize(
    ("fragments", "code"), [(3, "QUERY_TOO_COMPLEX"), (5, "GRAPHQL_VALIDATION_FAILED")]
)
def test_fragments_within_fields_within_fragments_are_no_accident(gql, fragments, code):
    """Deeper than one fragment could be written; what graphql-core gives up on, it refuses."""
    down, up = "zoos { nodes { owner { " * 20, "} } } " * 20
    chain = [f"fragment F{n} on User {{ {down} ...F{n + 1} {up} }}" for n in range(fragments)]
    last = f"fragment F{fragments} on User {{ id }}"
    data, [refused] = gql(" ".join(["{ me { ...F0 } }", *chain, last]))

    assert data is None
    assert refused["code"] == code


def test_a_null_where_none_may_be_is_the_clients_mistake(gql):
    """A variable with a default may be null by the document, and not by the schema."""
    _, [refused] = gql("query ($x: [ID!] = []) { nodes(ids: $x) { id } }", x=None)

    assert refused["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "query",
    [
        "{ me { ...A } } fragment A on User { ...A }",
        "{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }",
        "{ me { ...A } } fragment A on User { zoos { nodes { owner { ...A } } } }",
        "{ __typename } fragment A on User { ...A }",
        "subscription { me { id } }",
        "subscription { __typename }",
        "query A { __typename } subscription B { me { id } }",
        "type Query { me: ID }",
        "{ __typename } extend type User { password: ID }",
    ],
)
def test_what_would_never_end_is_not_begun(gql, query, statements):
    """Neither a fragment within itself, nor a subscription; and no document changes the schema."""
    data, refused = gql(query)

    assert data is None
    assert {error["code"] for error in refused} <= {"GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"}
    assert statements == []
