"""Measure what four queries cost this folder's app: statements, and the best time of a request.

It fills a database of its own on the server of this folder's settings, and drops it at the end.
"""

import os
import sys
import time
from contextlib import contextmanager

import sqlalchemy as sa
from statements import asked

sys.path.insert(0, os.getcwd())
import settings

TRIES = 30
QUERIES = {
    "nothing but the type's name": "{ __typename }",
    "one animal, its owner and zoo": "{ animal(id: 777) { name owner { username } zoo { name } } }",
    "the newest 50 animals": "{ animals(first: 50) { nodes { id name } } }",
    "50 zoos, 10 animals each, owners": "{ zoos(first: 50) { nodes { name"
    " animals(first: 10) { nodes { name owner { username } } } } } }",
}
PREPARE = (
    """INSERT INTO "user" (username, password_hash)
    SELECT 'user-' || n, '' FROM generate_series(1, 1000) n""",
    """INSERT INTO zoo (name, owner_id)
    SELECT 'Zoo ' || n, 1 + n % 1000 FROM generate_series(1, 10000) n""",
    """INSERT INTO animal (name, owner_id, zoo_id, created_at)
    SELECT 'Vole', 1 + n * 7 % 1000, 1 + n % 10000, '2026-01-01Z'::timestamptz + n * interval '1 s'
    FROM generate_series(1, 200000) n""",
    "VACUUM ANALYZE",
)


@contextmanager
def filled():
    """Give the app on a new database with the rows; drop the database at the end."""
    from app import create_app
    from app.engine import db

    url, name = sa.make_url(settings.SQLALCHEMY_DATABASE_URI), f"measure_{os.getpid()}"
    own = url.set(database=name).render_as_string(hide_password=False)
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        app = create_app(SQLALCHEMY_DATABASE_URI=own)
        try:
            with app.app_context():
                db.create_all()
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as rows:
                    for statement in PREPARE:
                        rows.execute(sa.text(statement))
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()
            connection.execute(sa.text(f"DROP DATABASE {name}"))


def best(app, query):
    """Return the best time of a request in seconds."""
    client, times = app.test_client(), []
    for _ in range(TRIES):
        begin = time.perf_counter()
        client.post("/graphql", json={"query": query})
        times.append(time.perf_counter() - begin)
    return min(times)


def main():
    """Print a line for each query."""
    with filled() as app:
        print(f"{'':32} statements     best")
        for name, query in QUERIES.items():
            number = len(asked(app, query))
            print(f"{name:32} {number:10} {best(app, query):7.4f} s")


if __name__ == "__main__":
    main()
