"""Few connections: requests take turns at them, and nothing that one remembers is counted on."""

import contextlib

import pytest
import sqlalchemy as sa

QUERY = {"query": "{ animals { nodes { name } } }"}


def test_a_request_that_gets_no_turn_says_that_it_is_worth_a_second_try(app, another):
    """In time, with a code; and so does the health of the process."""
    from app.engine import db

    app = another(database_pool_size=2, database_pool_seconds=0.2)
    with app.app_context(), contextlib.ExitStack() as busy:
        for _ in range(2):
            busy.enter_context(db.engine.connect())
        refused = app.test_client().post("/graphql", json=QUERY).get_json()
        health = app.test_client().get("/readyz")

    assert refused["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert health.status_code == 503
    assert "errors" not in app.test_client().post("/graphql", json=QUERY).get_json()


@pytest.mark.parametrize(
    ("pooler", "time", "prepares"), [(False, "5s", True), (True, "0", False)], ids=["no", "yes"]
)
def test_behind_a_transaction_pooler_a_connection_has_nothing_to_remember(
    app, another, pooler, time, prepares
):
    """No statement is prepared on it and no time is set, or the next client would get both."""
    from app.engine import db

    app = another(database_pool_size=1, transaction_pooler=pooler)
    with app.app_context():
        for number in range(10):
            db.session.scalar(sa.text("SELECT 1 + :number"), {"number": number})
        assert db.session.scalar(sa.text("SHOW statement_timeout")) == time
        prepared = db.session.scalar(sa.text("SELECT count(*) FROM pg_prepared_statements"))
    assert bool(prepared) == prepares
