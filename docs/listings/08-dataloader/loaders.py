"""What one request loads, in batches: https://github.com/graphql/dataloader."""

from functools import partial

import sqlalchemy as sa
from graphene.utils.dataloader import DataLoader

from app.engine import db, pages


async def rows(row_class: type[db.Model], ids: list[int]) -> list[db.Model | None]:
    """Return the row of each id, in the order of the ids, by one statement."""
    having = sa.select(row_class).where(row_class.id == sa.any_(pages.array(ids)))
    found = {row.id: row for row in db.session.scalars(having)}
    return [found.get(number) for number in ids]


async def lists(window: pages.Window, column, ids: list[int]) -> list[dict]:
    """Return the page of each list, in the order of the ids, by one statement."""
    found = window.pages(column, ids)
    return [found[number] for number in ids]


class Loaders:
    """One loader for each kind of thing that a request asks for; a commit makes them forget."""

    def __init__(self) -> None:
        self.known: dict[tuple, DataLoader] = {}
        sa.event.listen(db.session(), "after_commit", lambda session: self.known.clear())

    def load(self, key: int, *kind):
        """Leave a key with the loader of its kind; return a promise of what it stands for."""
        if kind not in self.known:
            self.known[kind] = DataLoader(partial(*kind))
        return self.known[kind].load(key)

    def page(self, row_class: type[db.Model], **arguments) -> dict:
        """Return a page of all rows."""
        window = pages.window(row_class, **arguments)
        return window.page(db.session.scalars(window.statement()).all())

    def row(self, source: db.Model, column, row_class: type[db.Model]):
        """Promise the row that a foreign key of the source names; None where it is null."""
        wanted = getattr(source, column.key)
        return None if wanted is None else self.load(wanted, rows, row_class)

    def page_of(self, parent: db.Model, column, **arguments):
        """Promise a page of the rows whose foreign key names the parent."""
        return self.load(parent.id, lists, pages.window(column.class_, **arguments), column)
