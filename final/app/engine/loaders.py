"""What one request loads: for a row, and by the same statement for all rows that came with it.

So a list costs one statement, and not one for each row in it. What a batch is, and that it belongs
to one request, is as in https://github.com/graphql/dataloader; nothing waits, so no loop is needed.
"""

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.engine import db, pages

Row = TypeVar("Row", bound=db.Model)


class Loaders:
    """What has been loaded for one request; anything that is written makes it forget."""

    def __init__(self) -> None:
        self.together: dict[db.Model, list[db.Model]] = {}
        self.rows: dict[tuple[type, int], db.Model] = {}
        self.pages: dict[tuple, dict] = {}
        self.totals: dict[tuple, dict[int, int]] = {}
        sa.event.listen(db.session(), "after_commit", self.forget)

    def forget(self, session) -> None:
        """Load everything anew: a commit may have changed any of it."""
        for known in (self.together, self.rows, self.pages, self.totals):
            known.clear()

    def keep(self, rows: list[db.Model]) -> None:
        """Remember these rows, and that they came together."""
        self.together.update(dict.fromkeys(rows, rows))
        self.rows.update({(type(row), row.id): row for row in rows})

    def page(self, row_class: type[db.Model], *conditions, **arguments) -> dict:
        """Return a page of all rows of which the conditions are true."""
        window = pages.window(row_class, **arguments)
        page = window.page(db.session.scalars(window.statement(*conditions)).all())
        self.keep(page["nodes"])
        count = sa.select(sa.func.count()).select_from(row_class).where(*conditions)
        return page | {"total": lambda: db.session.scalar(count)}

    def all(self, row_class: type[Row], ids: set[int]) -> dict[int, Row]:
        """Return the rows with these ids, by their ids; who is not there is missing."""
        if missing := {one for one in ids if (row_class, one) not in self.rows}:
            having = sa.select(row_class).where(row_class.id == sa.any_(pages.array(missing)))
            self.keep(db.session.scalars(having).all())
        return {one: self.rows[row_class, one] for one in ids if (row_class, one) in self.rows}

    def row(self, source: db.Model, column: InstrumentedAttribute, row_class: type[Row]) -> Row:
        """Return the row that a foreign key of the source names, or None where it is null."""
        wanted = getattr(source, column.key)
        if wanted is not None and (row_class, wanted) not in self.rows:
            rows = self.together.get(source, [source])
            self.all(row_class, {getattr(row, column.key) for row in rows} - {None})
        return self.rows.get((row_class, wanted))

    def page_of(self, parent: db.Model, column: InstrumentedAttribute, **arguments) -> dict:
        """Return a page of the rows whose foreign key names the parent."""
        window = pages.window(column.class_, **arguments)
        if (column, window, parent) not in self.pages:
            parents = self.together.get(parent, [parent])
            found = window.pages(column, [row.id for row in parents])
            self.keep([row for page in found.values() for row in page["nodes"]])
            self.pages.update({(column, window, row): found[row.id] for row in parents})
        page = self.pages[column, window, parent]
        return page | {"total": lambda: self.total_of(parent, column)}

    def total_of(self, parent: db.Model, column: InstrumentedAttribute) -> int:
        """Return how many rows a foreign key names the parent in."""
        if (column, parent) not in self.totals:
            parents = self.together.get(parent, [parent])
            theirs = column == sa.any_(pages.array(row.id for row in parents))
            counted = sa.select(column, sa.func.count()).where(theirs).group_by(column)
            found = dict(db.session.execute(counted).all())
            self.totals.update({(column, row): found.get(row.id, 0) for row in parents})
        return self.totals[column, parent]
