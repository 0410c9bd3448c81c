"""A solution to the exercise "How many there are"."""

import sqlalchemy as sa

ROWS = """
INSERT INTO zoo (name, owner_id) VALUES ('Berlin', 1), ('Basel', 1);
INSERT INTO animal (name, owner_id, zoo_id)
SELECT 'Vole', 1, 1 + n % 2 FROM generate_series(1, 61) n;
"""
ALL = "query ($after: String) { animals(first: 5, after: $after) { %s pageInfo { endCursor } } }"
COUNTED = ALL % "totalCount nodes { id }"
ZOOS = "{ zoos { totalCount nodes { animals(first: 3) { totalCount } } } users { totalCount } }"


def test_whoever_asks_learns_how_long_the_list_is(app, gql, statements):
    """From each of its pages, whatever the page's size; nobody else pays for it."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()

    data, errors = gql(COUNTED)
    assert errors == []
    cursor = data["animals"]["pageInfo"]["endCursor"]
    assert data["animals"]["totalCount"] == 61
    assert gql(COUNTED, after=cursor)[0]["animals"]["totalCount"] == 61
    data, _ = gql(ZOOS)
    assert data["zoos"]["totalCount"] == 2
    assert sorted(zoo["animals"]["totalCount"] for zoo in data["zoos"]["nodes"]) == [30, 31]
    assert data["users"]["totalCount"] == 1

    statements.clear()
    gql(ALL % "nodes { id }", after=cursor)
    assert len(statements) == 1
    gql(COUNTED, after=cursor)
    assert len(statements) == 1 + 2
