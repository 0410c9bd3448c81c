"""Ask this folder's app one nested query; count its SQL statements by table."""

import re
from collections import Counter

import sqlalchemy as sa
from flask.cli import ScriptInfo

QUERY = "{ zoos { name animals { name owner { username } } } }"

app = ScriptInfo(app_import_path="manage").load_app()
tables = Counter()


def count(connection, cursor, statement, *rest):
    """Note which table a statement reads, before it is sent."""
    tables[re.search(r'FROM "?(\w+)', statement)[1]] += 1


with app.app_context():
    sa.event.listen(app.extensions["sqlalchemy"].engine, "before_cursor_execute", count)
zoos = app.test_client().post("/graphql", json={"query": QUERY}).get_json()["data"]["zoos"]

print(len(zoos), "zoos,", sum(len(zoo["animals"]) for zoo in zoos), "animals")
print(tables.total(), "statements:", dict(tables))
