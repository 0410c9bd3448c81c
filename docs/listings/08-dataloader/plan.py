"""Show how Postgres finds the newest ten animals of each of fifty users, in two ways."""

import re

import sqlalchemy as sa
from measure import filled

QUERY = "{ users(first: 50) { nodes { animals(first: 10) { nodes { name } } } } }"
NUMBERED = """
SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY owner_id ORDER BY created_at DESC, id DESC) AS number
  FROM animal WHERE owner_id = ANY(%(param_1)s::INTEGER[])
) AS numbered WHERE number <= 11"""
EXPLAIN = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "


def laid_out(statement):
    """Return SQL to be read: a line for each clause, and a star for a table's columns."""
    short = re.sub(r"((animal|anon_1)\.)\w+( AS \w+)?(, \1\w+( AS \w+)?)+", r"\1*", statement)
    return re.sub(r"\s+(FROM|JOIN|WHERE|ORDER|LIMIT)", r"\n\1", short)


def main():
    """Print the step's statement, Postgres's plan for it, and the plan for numbered rows."""
    from app.engine import db

    sent = []

    def note(connection, cursor, statement, parameters, *rest):
        sent.append((statement, parameters))

    with filled() as app, app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
        app.test_client().post("/graphql", json={"query": QUERY})
        sa.event.remove(db.engine, "before_cursor_execute", note)
        statement, parameters = sent[-1]
        print(laid_out(statement))
        for way in (statement, NUMBERED):
            with db.engine.connect() as connection:
                print(*connection.exec_driver_sql(EXPLAIN + way, parameters).scalars(), sep="\n")


if __name__ == "__main__":
    main()
