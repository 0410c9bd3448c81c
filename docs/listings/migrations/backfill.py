"""Give each animal that has none its nickname: a hundred rows, a commit, and on."""

import os
import sys

import sqlalchemy as sa

sys.path.insert(0, os.getcwd())
import settings

SIZE = 100
BATCH = sa.text("""
UPDATE animal SET nickname = name WHERE id IN (
    SELECT id FROM animal WHERE nickname IS NULL AND id > :after ORDER BY id LIMIT :size
) RETURNING id
""")


def main() -> None:
    """Go through the table by its ids, and say how far it came."""
    engine = sa.create_engine(settings.SQLALCHEMY_DATABASE_URI)
    after, rows, batches = 0, 0, 0
    while True:
        with engine.begin() as connection:
            ids = connection.scalars(BATCH, {"after": after, "size": SIZE}).all()
        if not ids:
            break
        after, rows, batches = max(ids), rows + len(ids), batches + 1
    print(f"{rows:,} rows in batches of at most {SIZE:,}: {batches}")


if __name__ == "__main__":
    main()
