"""Documents: kept where they come again, and refused at once where they are made to take long."""

import sys
from collections import Counter

import pytest

from app.engine import documents

CONFLICTS = " ".join(f"a: {'id' if n % 2 else 'username'}" for n in range(320))
BELOW = "zoos {{ nodes {{ owner {{ ...F{} }} }} }}"
FRAGMENTS = " ".join(
    f"fragment F{a} on User {{ id {' '.join(map(BELOW.format, range(a + 1, 13)))} }}"
    for a in range(13)
)
IDS = "query ($v: [ID!]!) { nodes(ids: $v) { id } }"
CREATE = "mutation ($v: CreateZooInput!) { createZoo(input: $v) { zoo { id } } }"

MOST = 250_000  # calls; the worst of these needs 170,000
HOSTILE = {
    "one field, a thousand times": ("{ me { " + "id " * 990 + "} }", None),
    "one list, again and again": ("{ me { " + "zoos { nodes { id } } " * 140 + "} }", None),
    "one name for two fields": (f"{{ me {{ {CONFLICTS} }} }}", None),
    "conflicts after a long way": ("{" + "\n" * 45_000 + f"me {{ {CONFLICTS} }} }}", None),
    "unknown fields after a long way": ("{" + "\n" * 45_000 + "x " * 990 + "}", None),
    "fragments below fields, doubling": ("{ me { ...F0 } } " + FRAGMENTS, None),
    "a number of 90,000 digits": ("{ zoos(first: " + "9" * 90_000 + ") { totalCount } }", None),
    "30,000 ids": (IDS, [1] * 30_000),
    "15,000 ids that are none": (IDS, [1.5] * 15_000),
    "a list of objects": (IDS, [{}] * 20_000),
    "fields that nothing has": (CREATE, {f"nam{n}": 1 for n in range(7_000)}),
    "as many as are counted, and none": (CREATE, {f"nam{n}": 1 for n in range(990)}),
}


@pytest.fixture
def asked(app):
    """Send a document; return its answer, and how many calls of functions that took."""

    def send(query, variables=None):
        client, body = app.test_client(), {"query": query, "variables": variables}
        calls = Counter()
        before = sys.getprofile()
        sys.setprofile(lambda frame, event, _: calls.update([event]))
        try:
            answer = client.post("/graphql", json=body).get_json()
        finally:
            sys.setprofile(before)
        return answer, calls["call"]

    send("{ __typename }")
    return send


@pytest.mark.parametrize(("query", "value"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_at_once(asked, statements, query, value):
    """In few words, as the client's own mistake, and with little work: 50 ms or less are so much.

    Work is counted in calls of Python's functions, which no other work on the machine adds to.
    """
    answer, calls = asked(query, {"v": value})

    codes = {error["extensions"]["code"] for error in answer["errors"]}
    assert codes <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "QUERY_TOO_COMPLEX"}
    assert len(answer["errors"]) <= 4
    assert "data" not in answer
    assert statements == []
    assert calls < MOST, calls


@pytest.mark.parametrize("values", [1_000, 1_001])
def test_variables_hold_no_more_than_a_document(gql, values):
    """Whatever they are nested in, and whether or not the document asks for them."""
    _, errors = gql("{ __typename }", v=[[{"a": 1}] * 330, *range(values - 2 - 660)])

    assert [error["code"] for error in errors] == ["QUERY_TOO_COMPLEX"] * (values - 1_000)


def test_aliases_count_in_the_schema_too(gql):
    """Where it is shown, it is not shown a hundred times in one answer."""
    types = " ".join(f"a{n}: types {{ name }}" for n in range(16))

    assert gql(f"{{ __schema {{ {types} }} }}")[1][0]["code"] == "QUERY_TOO_COMPLEX"


def test_a_number_that_python_does_not_read_is_the_clients_mistake(asked):
    """It is no failure of the server, and says nothing of its inside."""
    answer, _ = asked(HOSTILE["a number of 90,000 digits"][0])

    assert "sys." not in answer["errors"][0]["message"]


def test_a_document_that_comes_again_is_neither_parsed_nor_validated(asked):
    """It takes a fraction of the work."""
    query = "query ($n: Int) { me { " + "zoos(first: $n) { nodes { id name } } " * 20 + "} }"
    documents.checked.cache_clear()
    _, first = asked(query, {"n": 1})
    _, again = min((asked(query, {"n": n}) for n in (1, 2, 3)), key=lambda told: told[1])

    assert documents.checked.cache_info().misses == 1
    assert again < first / 2


def test_a_document_that_is_kept_is_counted_anew_for_each_page_size(app, gql):
    """A cheap one first makes nothing cheaper, nor does a mistake."""
    query = "query ($n: Int, $o: ZooOrder) { zoos(first: $n, orderBy: $o) { nodes { id } } }"
    costs = []
    for size in (1, 50, 3):
        body = {"query": query, "variables": {"n": size}}
        answer = app.test_client().post("/graphql", json=body).get_json()
        costs.append(answer["extensions"]["cost"])

    assert costs == [2, 51, 4]
    assert gql(query, n=1, o="NONE")[1][0]["code"] == "BAD_USER_INPUT"


def test_a_document_that_is_kept_is_refused_where_the_schema_is_not_shown(app, asked, monkeypatch):
    """What was fine under one setting is not under another."""
    query = "{ __schema { queryType { name } } }"
    shown, _ = asked(query)
    monkeypatch.setitem(app.config, "INTROSPECTION", False)
    hidden, _ = asked(query)

    assert "errors" not in shown
    assert hidden["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_no_more_is_kept_than_was_settled(app, asked, monkeypatch):
    """Values of one's own in a text push out others; a long text and a wrong one are not kept."""
    monkeypatch.setitem(app.config, "ADDRESS_REQUESTS_PER_MINUTE", 1_000)
    documents.checked.cache_clear()
    for n in range(200):
        asked(f'{{ node(id: "{n}") {{ id }} }}')
    asked("{ wrong }")
    kept = documents.checked.cache_info().currsize
    before = documents.checked.cache_info().misses
    asked("{ __typename }" + " " * documents.LONGEST)

    assert kept == documents.KEPT
    assert documents.checked.cache_info().misses == before
