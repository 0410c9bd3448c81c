"""A solution to the exercise "Only the okapis"."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

# One in a hundred is an okapi.
ROWS = """
INSERT INTO animal (name, owner_id, created_at)
SELECT CASE WHEN n % 100 = 0 THEN 'Okapi' ELSE 'Vole' END, 1, now() + n / 3 * interval '1 s'
FROM generate_series(1, 3000) n;
ANALYZE animal;
"""
PAGE = """
query ($name: String, $after: String) {
  animals(name: $name, first: 7, after: $after) {
    nodes { id name } pageInfo { hasNextPage endCursor }
  }
}
"""


@pytest.fixture
def many(app, ada):
    """Three thousand animals of ada's."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()


def test_okapis_come_in_pages_of_their_own(many, gql):
    """Newest first, each once; nobody has the name "Yeti"; null is every animal."""
    met, cursor, more = [], None, True
    while more:
        page = gql(PAGE, name="Okapi", after=cursor)[0]["animals"]
        met += page["nodes"]
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert {animal["name"] for animal in met} == {"Okapi"}
    assert [animal["id"] for animal in met] == list(range(3000, 0, -100))
    assert gql(PAGE, name="Yeti")[0]["animals"]["nodes"] == []
    assert [a["id"] for a in gql(PAGE)[0]["animals"]["nodes"]] == list(range(3000, 2993, -1))


def test_a_page_of_them_reads_no_other_animal(many, app, gql, statements):
    """There is an index that has them together, by age."""
    from app.engine import db

    gql(PAGE, name="Okapi")
    [statement] = statements
    with app.app_context():
        values = {"name_1": "Okapi", "param_1": 8}
        explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
        with db.engine.connect() as connection:
            [plan] = connection.exec_driver_sql(explain, values).scalar()

    scan = plan["Plan"]["Plans"][0]
    assert scan["Node Type"] == "Index Scan"
    assert scan.get("Rows Removed by Filter", 0) == 0
    assert scan["Actual Rows"] == 8


def test_the_index_comes_with_a_migration(app, database_url):
    """From the database of the step to that of the models there is nothing left to do."""
    from app.engine import db

    with app.app_context():
        db.drop_all()
        db.session.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        db.session.commit()
    for what in ("upgrade", "check"):
        command = [sys.executable, "-m", "flask", "--app", "manage", "db", what]
        done = subprocess.run(command, env={**os.environ, "DATABASE_URL": database_url})
        assert done.returncode == 0
    with app.app_context():
        db.session.execute(sa.text("DROP TABLE alembic_version"))
        db.session.commit()
