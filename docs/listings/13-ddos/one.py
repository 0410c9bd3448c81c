"""Send this folder's app one hostile request; tell what it did for it."""

import time

import sqlalchemy as sa
from flask.cli import ScriptInfo

ALIASES = 1_000
FIELD = "a{}: animals(first: 50) {{ nodes {{ name owner {{ username }} }} }}"

app = ScriptInfo(app_import_path="manage").load_app()
document = f"{{ {' '.join(FIELD.format(n) for n in range(ALIASES))} }}"
statements = 0


def count(*_: object) -> None:
    """Count a statement that is sent to the database."""
    global statements
    statements += 1


with app.app_context():
    from app.engine import db

    sa.event.listen(db.engine, "before_cursor_execute", count)
client = app.test_client()
client.post("/graphql", json={"query": "{ __typename }"})  # what is loaded at first is loaded
began = time.perf_counter()
answer = client.post("/graphql", json={"query": document})
seconds = time.perf_counter() - began
errors = answer.get_json().get("errors")
print(f"{len(document) // 1000} kB asked, {len(answer.data) // 1000} kB answered")
print(f"statements: {statements}, {seconds:.2f} s")
print(errors[0]["extensions"]["code"] if errors else "no error")
