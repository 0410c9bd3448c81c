"""Walks through a list while rows come and go: each row that stays is met once."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WALK = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  animals(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
INSERT = sa.text("INSERT INTO animal (name, owner_id, created_at) VALUES ('Vole', 1, :at)")
DELETE = sa.text(
    "DELETE FROM animal WHERE id IN (SELECT id FROM animal ORDER BY id OFFSET :place LIMIT 1)"
)

# Few instants, a microsecond apart: most rows share theirs with another.
instants = st.integers(0, 4)
changes = st.lists(
    st.one_of(
        st.builds(lambda n: (INSERT, {"at": BEGIN + timedelta(microseconds=n)}), instants),
        st.builds(lambda n: (DELETE, {"place": n}), st.integers(0, 11)),
    ),
    max_size=4,
)


@pytest.fixture
def change(app):
    """Run some statements on the animals, and commit; return the ids that are left."""
    from app.engine import db

    def run(statements):
        with app.app_context():
            for statement, values in statements:
                db.session.execute(statement, values)
            db.session.commit()
            newest = "SELECT id FROM animal ORDER BY created_at DESC, id DESC"
            return db.session.scalars(sa.text(newest)).all()

    return run


@given(
    st.lists(instants, max_size=12),
    st.lists(changes, max_size=6),
    st.integers(1, 5),
    st.booleans(),
)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_walk_meets_each_row_that_stays_once(gql, change, rows, meanwhile, size, backward):
    """Forward and backward, in the list's order, whatever happens between two pages."""
    change([(sa.text("DELETE FROM animal"), {})])
    size_name, cursor_name, end, more = (
        ("last", "before", "startCursor", "hasPreviousPage")
        if backward
        else ("first", "after", "endCursor", "hasNextPage")
    )
    staying = change([(INSERT, {"at": BEGIN + timedelta(microseconds=n)}) for n in rows])
    met, cursor, happening = [], None, iter(meanwhile)
    while True:
        data, errors = gql(WALK, **{size_name: size, cursor_name: cursor})
        assert errors == []
        page = data["animals"]
        found = [node["id"] for node in page["nodes"]]
        met = found + met if backward else met + found
        if not page["pageInfo"][more]:
            break
        cursor = page["pageInfo"][end]
        left = change(next(happening, []))
        staying = [row for row in staying if row in left]

    assert len(set(met)) == len(met)
    assert [row for row in met if row in staying] == staying
