"""Global ids: whatever has one is found by it alone."""

import pytest
from graphql_relay import to_global_id

NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on Animal { name } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


def test_a_node_is_found_by_its_id(gql, ada, made):
    """A user, a zoo, an animal; the id says which."""
    [zoo], [animal] = made("Zoo", "Berlin"), made("Animal", "Otto")

    found = [gql(NODE, id=one)[0]["node"] for one in (ada.id, zoo, animal)]

    assert [node["__typename"] for node in found] == ["User", "Zoo", "Animal"]
    assert [node["id"] for node in found] == [ada.id, zoo, animal]


def test_nodes_keep_their_order_and_cost_a_statement_a_kind(gql, ada, made, statements):
    """Null stands in the place of what is not there."""
    [zoo], animals = made("Zoo", "Berlin"), made("Animal", "Otto", "Ida")
    gone, strange = to_global_id("Animal", 999), to_global_id("Sheep", 1)
    statements.clear()

    given = [animals[1], gone, zoo, strange, ada.id, animals[0], animals[1]]
    data, errors = gql(NODES, ids=given)

    ids = [node and node["id"] for node in data["nodes"]]
    assert (errors, ids) == ([], [animals[1], None, zoo, None, ada.id, animals[0], animals[1]])
    assert len(statements) == 3


@pytest.mark.parametrize(
    "id",
    ["", "1", "Otto", "QW5pbWFsOjE", "QW5pbWFsOiAx", "\x00", "ä", to_global_id("Animal", "01")]
    + [to_global_id("Animal", number) for number in (-1, 0, 2**31, 10**30)],
)
def test_what_is_no_id_of_ours_is_nothing(gql, made, id):
    """Null, and no error of the server's."""
    made("Animal", "Otto")

    assert gql(NODE, id=id) == ({"node": None}, [])


def test_no_more_than_fifty_are_asked_for(gql, ada):
    """The argument is named."""
    assert gql(NODES, ids=[ada.id] * 50)[1] == []
    assert gql(NODES, ids=[ada.id] * 51)[1] == [{"code": "BAD_USER_INPUT", "field": "ids"}]
