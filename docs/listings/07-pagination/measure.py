"""Measure pages of a million animals, in a database of its own that is dropped at the end.

Say `OFFSET` or `keyset` for a table, `explain` for Postgres's own words on page 10,000, or `data`
and a file for what the plot is drawn from. The server is the one of this folder's settings.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, os.getcwd())
import settings

ROWS, SIZE, TRIES = 1_000_000, 20, 3
PAGES = (1, 10, 100, 1_000, 10_000, ROWS // SIZE)
STATEMENTS = {
    "OFFSET": "SELECT * FROM animal ORDER BY created_at DESC, id DESC LIMIT 20 OFFSET :skipped",
    "keyset": "SELECT * FROM animal WHERE (created_at, id) < (:created_at, :id)"
    " ORDER BY created_at DESC, id DESC LIMIT 21",
}
PREPARE = (
    "CREATE TABLE animal (id int PRIMARY KEY, name text, created_at timestamptz NOT NULL)",
    "INSERT INTO animal SELECT n, 'Vole', '2026-01-01Z'::timestamptz + n * interval '250 ms'"
    " FROM generate_series(1, 1000000) n",
    "CREATE INDEX ix_animal_page ON animal (created_at, id)",
    "VACUUM ANALYZE animal",
    "SET jit = off",
    "SET timezone = 'UTC'",
)
PLAN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
WORDS = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) "


@contextmanager
def filled():
    """Give a connection to a new database with the rows; drop the database at the end."""
    url, name = sa.make_url(settings.SQLALCHEMY_DATABASE_URI), f"measure_{os.getpid()}"
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    own = sa.create_engine(
        url.set(database=name), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with server.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            with own.connect() as rows:
                for statement in PREPARE:
                    rows.execute(sa.text(statement))
                yield rows
        finally:
            connection.execute(sa.text(f"DROP DATABASE {name}"))


def place(rows, page):
    """Return what the statements need to find a page: the rows to skip, or the row before it."""
    skipped = (page - 1) * SIZE
    before = sa.text("SELECT created_at, id FROM animal WHERE id = :id")
    row = rows.execute(before, {"id": ROWS - skipped + 1}).mappings().first()
    return {"skipped": skipped, **(row or {"created_at": "infinity", "id": ROWS})}


def measured(rows, way, page):
    """Return how many rows and blocks Postgres reads for a page, and its best time."""
    explained = sa.text(PLAN + STATEMENTS[way])
    plans = [rows.scalar(explained, place(rows, page))[0] for _ in range(TRIES)]
    plan = plans[-1]["Plan"]
    return {
        "page": page,
        "rows": int(plan["Plans"][0]["Actual Rows"]),
        "blocks": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        "milliseconds": min(plan["Execution Time"] for plan in plans),
    }


def main(what, file=None):
    """Print, or write, what was asked for."""
    with filled() as rows:
        if what == "explain":
            for statement in STATEMENTS.values():
                print(*rows.scalars(sa.text(WORDS + statement), place(rows, 10_000)), sep="\n")
            return
        if what == "data":
            lines = {way: [measured(rows, way, page) for page in PAGES] for way in STATEMENTS}
            data = {"axes": ["page", "milliseconds"], "lines": lines}
            Path(file).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
            return
        print(f"{'page':>6} {'rows':>9} {'blocks':>7} {'time':>10}")
        for page in PAGES:
            found = measured(rows, what, page)
            seconds = found.pop("milliseconds") / 1000
            print("{page:6,} {rows:9,} {blocks:7,}".format(**found), f"{seconds:8.5f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
