"""Ask this folder's app for a page, and for a page of pages; count the SQL statements of each."""

import sqlalchemy as sa
from flask.cli import ScriptInfo

QUERIES = {
    "20 animals": "{ animals { nodes { name } } }",
    "20 zoos, and the animals of each": "{ zoos { nodes { animals { nodes { name } } } } }",
}

app = ScriptInfo(app_import_path="manage").load_app()
statements = []


def note(connection, cursor, statement, *rest):
    """Keep a statement that is about to be sent."""
    statements.append(statement)


with app.app_context():
    sa.event.listen(app.extensions["sqlalchemy"].engine, "before_cursor_execute", note)
for what, query in QUERIES.items():
    statements.clear()
    app.test_client().post("/graphql", json={"query": query})
    print(f"{what}: {len(statements)}")
