"""A solution to the exercise "No pool at all"."""

import runpy

import pytest
from sqlalchemy.pool import NullPool, QueuePool

QUERY = {"query": "{ animals { nodes { name } } }"}


@pytest.mark.parametrize(("size", "kind"), [("0", NullPool), ("2", QueuePool)])
def test_a_pool_of_none_keeps_no_connection(app, database_url, monkeypatch, size, kind):
    """Each request opens one and closes it; any other size is a pool as before."""
    from app import create_app
    from app.engine import db

    monkeypatch.setenv("DATABASE_POOL_SIZE", size)
    options = runpy.run_path("settings.py")["SQLALCHEMY_ENGINE_OPTIONS"]
    mine = create_app(SQLALCHEMY_DATABASE_URI=database_url, SQLALCHEMY_ENGINE_OPTIONS=options)

    assert "errors" not in mine.test_client().post("/graphql", json=QUERY).get_json()
    with mine.app_context():
        assert type(db.engine.pool) is kind
        db.engine.dispose()
