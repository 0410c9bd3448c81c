"""Ask this folder's app for the first and for the last page of 100,000 animals.

It works in a database of its own, which is dropped at the end.
"""

import math
import os
import sys
import time
import tracemalloc
from contextlib import contextmanager

import sqlalchemy as sa

sys.path.insert(0, os.getcwd())
import settings
from app import create_app
from app.engine import db

ROWS, SIZE, TRIES = 100_000, 20, 20
PREPARE = (
    "INSERT INTO \"user\" (username, password_hash) VALUES ('ada', '')",
    "INSERT INTO animal (name, owner_id, created_at) SELECT 'Vole', 1, now() + n * interval '1 s'"
    " FROM generate_series(1, 100000) n",
    "ANALYZE animal",
)
QUERY = """query ($first: Int, $after: String, $last: Int) {
  animals(first: $first, after: $after, last: $last) {
    nodes { id name createdAt } pageInfo { startCursor hasNextPage }
  }
}"""


@contextmanager
def filled():
    """Give the app on a new database with the rows; drop the database at the end."""
    url, name = sa.make_url(settings.SQLALCHEMY_DATABASE_URI), f"deep_{os.getpid()}"
    own = url.set(database=name).render_as_string(hide_password=False)
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        app = create_app(SQLALCHEMY_DATABASE_URI=own)
        try:
            with app.app_context():
                db.create_all()
                for statement in PREPARE:
                    db.session.execute(sa.text(statement))
                db.session.commit()
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()
            connection.execute(sa.text(f"DROP DATABASE {name}"))


def asked(app, **variables):
    """Return a page as a client gets it."""
    body = {"query": QUERY, "variables": variables}
    return app.test_client().post("/graphql", json=body).get_json()["data"]["animals"]


def measured(app, after):
    """Return a page's rows, its best time in seconds, and the most memory it held, in bytes."""
    page = asked(app, first=SIZE, after=after)
    times = []
    for _ in range(TRIES):
        begin = time.perf_counter()
        asked(app, first=SIZE, after=after)
        times.append(time.perf_counter() - begin)
    tracemalloc.start()
    asked(app, first=SIZE, after=after)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return len(page["nodes"]), min(times), most


def main():
    """Print both pages, one a line."""
    with filled() as app:
        before_last = asked(app, last=SIZE + 1)["pageInfo"]["startCursor"]
        for number, after in ((1, None), (ROWS // SIZE, before_last)):
            rows, seconds, most = measured(app, after)
            memory = f"less than {math.ceil(most / 1e6)} MB of memory"
            print(f"page {number:5,}: {rows} rows, {seconds:.4f} s, {memory}")


if __name__ == "__main__":
    main()
