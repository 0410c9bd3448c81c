"""Pages of a list, newest first: connections as Relay has them, found by keyset.

The arguments and the answer are those of https://relay.dev/graphql/connections.htm.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import graphene
import sqlalchemy as sa
from graphene import relay
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.engine import db
from app.engine.errors import BadUserInput

SIZES = range(1, 51)
DEFAULT_SIZE = 20
IDS = range(2**31)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)  # Postgres keeps no less of a time


class Connection(relay.Connection):
    """One page of a list; `nodes` is for clients that need no cursors."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, node, **options):
        cls.nodes = graphene.NonNull(graphene.List(graphene.NonNull(node)))
        super().__init_subclass_with_meta__(node=node, strict_types=True, **options)


def field(connection: str) -> graphene.Field:
    """Return a field that shows a connection, which is named by its path."""
    arguments = {"first": graphene.Int(), "after": graphene.String()}
    arguments |= {"last": graphene.Int(), "before": graphene.String()}
    return graphene.Field(connection, args=arguments, required=True)


@dataclass(frozen=True)
class Window:
    """The part of a list that is asked for: so many rows, from a place on, in one direction."""

    row_class: type[db.Model]
    size: int
    place: tuple[datetime, int] | None
    backward: bool

    def order(self, row: type[db.Model]) -> list[sa.ColumnElement]:
        """Return what brings rows into the order in which they are read."""
        key = [row.created_at, row.id]
        return key if self.backward else [column.desc() for column in key]

    def statement(self) -> sa.Select:
        """Return what finds the rows, and one more that tells whether the list goes on."""
        key = sa.tuple_(self.row_class.created_at, self.row_class.id)
        rows = sa.select(self.row_class).order_by(*self.order(self.row_class)).limit(self.size + 1)
        if self.place is not None:
            rows = rows.where(key > self.place if self.backward else key < self.place)
        return rows

    def pages(self, column: InstrumentedAttribute, parents: list[int]) -> dict[int, dict]:
        """Return the page of each list, by the id that a foreign key of its rows has.

        One statement for all lists: for each id, Postgres reads so many entries of the index.
        """
        parent = sa.func.unnest(array(parents)).column_valued("parent")
        rows = self.statement().where(column == parent).lateral()
        row = aliased(self.row_class, rows)
        joined = sa.select(parent, row).join(rows, sa.true()).order_by(*self.order(row))
        found = {number: [] for number in parents}
        for number, one in db.session.execute(joined):
            found[number].append(one)
        return {number: self.page(rows) for number, rows in found.items()}

    def page(self, rows: list[db.Model]) -> dict:
        """Return the rows that the statement found as a connection shows them."""
        more, came_from = len(rows) > self.size, self.place is not None
        rows = rows[: self.size][:: -1 if self.backward else 1]
        cursors = [cursor(type(row), row.created_at, row.id) for row in rows]
        return {
            "nodes": rows,
            "edges": [{"cursor": c, "node": row} for c, row in zip(cursors, rows, strict=True)],
            "page_info": {
                "has_next_page": came_from if self.backward else more,
                "has_previous_page": more if self.backward else came_from,
                "start_cursor": cursors[0] if cursors else None,
                "end_cursor": cursors[-1] if cursors else None,
            },
        }


def window(row_class: type[db.Model], first=None, after=None, last=None, before=None) -> Window:
    """Return the window that the arguments describe; raise BadUserInput naming the wrong one."""
    backward = last is not None or before is not None
    if backward and (first is not None or after is not None):
        message = "Ask for first and after, or for last and before, and never for both."
        raise BadUserInput(message, field="before" if last is None else "last")
    name, size = ("last", last) if backward else ("first", first)
    if size is not None and size not in SIZES:
        raise BadUserInput(f"The {name} is {SIZES[0]} to {SIZES[-1]} rows.", field=name)
    name, text = ("before", before) if backward else ("after", after)
    place = None if text is None else placed(row_class, text, name)
    return Window(row_class, size or DEFAULT_SIZE, place, backward)


def array(ids: Iterable[int]) -> sa.BindParameter:
    """Return ids as one value: however many they are, the statement and its plan stay the same."""
    return sa.literal(list(ids), ARRAY(sa.Integer))


def cursor(row_class: type[db.Model], created_at: datetime, id: int) -> str:
    """Return the place of a row in every list of its kind, as a text that is opaque to clients."""
    place = f"{row_class.__tablename__}:{(created_at - EPOCH) // TICK}:{id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def placed(row_class: type[db.Model], text: str, field: str) -> tuple[datetime, int]:
    """Return the place that a cursor names; raise BadUserInput for what `cursor` never made."""
    try:
        _, ticks, number = base64.urlsafe_b64decode(text).decode().split(":")
        place = EPOCH + int(ticks) * TICK, int(number)
        if place[1] in IDS and cursor(row_class, *place) == text:
            return place
    except (ValueError, OverflowError):
        pass
    message = f"The {field} is no cursor of this list; take endCursor or startCursor of a page."
    raise BadUserInput(message, field=field)
