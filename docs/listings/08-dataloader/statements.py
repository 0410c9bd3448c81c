"""Ask this folder's app one query; count the SQL statements that it sends by table."""

import re
import sys
import time
from collections import Counter

import sqlalchemy as sa
from flask.cli import ScriptInfo

QUERY = """{ zoos(first: 50) { nodes { name
  animals(first: 50) { nodes { name owner { username } } } } } }"""


def asked(app, query):
    """Return each statement that a query costs: its table, rows, begin and time in seconds."""
    sent = []

    def begin(connection, cursor, statement, *rest):
        table = re.findall(r'FROM "?(\w+)', statement)[-1]
        sent.append({"table": table, "begin": time.perf_counter() - start})

    def end(connection, cursor, *rest):
        sent[-1]["time"] = time.perf_counter() - start - sent[-1]["begin"]
        sent[-1]["rows"] = cursor.rowcount

    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        sa.event.listen(engine, "before_cursor_execute", begin)
        sa.event.listen(engine, "after_cursor_execute", end)
    start = time.perf_counter()
    answer = app.test_client().post("/graphql", json={"query": query}).get_json()
    sa.event.remove(engine, "before_cursor_execute", begin)
    sa.event.remove(engine, "after_cursor_execute", end)
    assert "errors" not in answer, answer
    return sent


def main(query=QUERY):
    """Print how many there were."""
    app = ScriptInfo(app_import_path="manage").load_app()
    sent = asked(app, query)
    tables = Counter(one["table"] for one in sent)
    print(tables.total(), "statements:", dict(tables))
    print(sum(one["rows"] for one in sent), "rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
