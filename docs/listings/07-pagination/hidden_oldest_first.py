"""A solution to the exercise "The oldest first"."""

import pytest
import sqlalchemy as sa

# Pairs of one instant.
ROWS = """
INSERT INTO animal (name, owner_id, created_at)
SELECT 'Vole', 1, '2026-01-01Z'::timestamptz + n / 2 * interval '1 us'
FROM generate_series(1, 23) n;
"""
PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $oldest: Boolean) {
  animals(first: $first, after: $after, last: $last, before: $before, oldestFirst: $oldest) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


@pytest.fixture
def walk(app, gql):
    """Read the whole list from one of its ends; return the ids as the list has them."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()

    def read(size_name, cursor_name, end, more, **order):
        met, cursor = [], None
        while True:
            data, errors = gql(PAGE, **{size_name: 4, cursor_name: cursor, **order})
            assert errors == []
            found = [node["id"] for node in data["animals"]["nodes"]]
            met = met + found if size_name == "first" else found + met
            if not data["animals"]["pageInfo"][more]:
                return met
            cursor = data["animals"]["pageInfo"][end]

    return read


@pytest.mark.parametrize("oldest", [True, False, None])
def test_a_list_is_read_in_either_order_from_either_end(walk, oldest):
    """Each row once; null is the order that the list has always had."""
    ids = list(range(1, 24)) if oldest else list(range(23, 0, -1))

    assert walk("first", "after", "endCursor", "hasNextPage", oldest=oldest) == ids
    assert walk("last", "before", "startCursor", "hasPreviousPage", oldest=oldest) == ids


def test_a_cursor_leads_on_in_both_orders(walk, gql):
    """A place is a place, whichever way one goes from it."""
    newest = walk("first", "after", "endCursor", "hasNextPage")
    data, _ = gql(PAGE, first=10)
    cursor = data["animals"]["pageInfo"]["endCursor"]

    older = gql(PAGE, first=3, after=cursor)[0]["animals"]["nodes"]
    newer = gql(PAGE, first=3, after=cursor, oldest=True)[0]["animals"]["nodes"]

    assert [node["id"] for node in older] == newest[10:13]
    assert [node["id"] for node in newer] == newest[6:9][::-1]
