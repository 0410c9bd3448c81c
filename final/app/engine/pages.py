"""Pages of a list: connections as Relay has them, found by keyset.

The arguments and the answer are those of https://relay.dev/graphql/connections.htm.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.engine import db
from app.engine.errors import BadUserInput
from app.engine.ids import IDS

SIZES = range(1, 51)
DEFAULT_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)  # Postgres keeps no less of a time

# By which column a list is ordered, its rows' ids deciding between equals; and whether downwards.
ORDERS = {
    "NEWEST": ("created_at", True),
    "OLDEST": ("created_at", False),
    "NAME": ("folded", False),
}


@dataclass(frozen=True)
class Window:
    """The part of a list that is asked for: so many rows, from a place on, in one direction."""

    row_class: type[db.Model]
    order: str
    size: int
    place: tuple | None
    backward: bool

    @property
    def downward(self) -> bool:
        """Whether the rows are read from the greatest to the least."""
        return ORDERS[self.order][1] != self.backward

    def key(self, row: type[db.Model]) -> list[sa.ColumnElement]:
        """Return the columns that tell where a row stands."""
        return [getattr(row, ORDERS[self.order][0]), row.id]

    def sorting(self, row: type[db.Model]) -> list[sa.ColumnElement]:
        """Return what brings rows into the order in which they are read."""
        return [column.desc() if self.downward else column for column in self.key(row)]

    def statement(self, *conditions: sa.ColumnElement[bool]) -> sa.Select:
        """Return what finds the rows, and one more that tells whether the list goes on."""
        rows = sa.select(self.row_class).where(*conditions).order_by(*self.sorting(self.row_class))
        if self.place is not None:
            key = sa.tuple_(*self.key(self.row_class))
            rows = rows.where(key < self.place if self.downward else key > self.place)
        return rows.limit(self.size + 1)

    def pages(self, column: InstrumentedAttribute, parents: list[int]) -> dict[int, dict]:
        """Return the page of each list, by the id that a foreign key of its rows has.

        One statement for all lists: for each id, Postgres reads so many entries of the index.
        """
        parent = sa.func.unnest(array(parents)).column_valued("parent")
        rows = self.statement(column == parent).lateral()
        row = aliased(self.row_class, rows)
        joined = sa.select(parent, row).join(rows, sa.true()).order_by(*self.sorting(row))
        found = {number: [] for number in parents}
        for number, one in db.session.execute(joined):
            found[number].append(one)
        return {number: self.page(rows) for number, rows in found.items()}

    def page(self, rows: list[db.Model]) -> dict:
        """Return the rows that the statement found as a connection shows them."""
        more, came_from = len(rows) > self.size, self.place is not None
        rows = rows[: self.size][:: -1 if self.backward else 1]
        cursors = [self.cursor(*(getattr(row, c.key) for c in self.key(type(row)))) for row in rows]
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

    def cursor(self, value: datetime | str, id: int) -> str:
        """Return the place of a row in every such list, as a text that is opaque to clients."""
        place = (value - EPOCH) // TICK if isinstance(value, datetime) else value
        text = json.dumps([self.row_class.__name__, self.order, place, id])
        return base64.urlsafe_b64encode(text.encode()).decode()

    def placed(self, text: str, field: str) -> tuple:
        """Return the place that a cursor names; raise BadUserInput for what `cursor` never made."""
        try:
            _, _, value, number = json.loads(base64.urlsafe_b64decode(text))
            named = self.order == "NAME"
            place = value if named else EPOCH + value * TICK
            known = type(number) is int and number in IDS  # which has True as a 1, too
            if known and isinstance(place, str) == named and "\0" not in str(place):
                place.encode() if named else None
                if self.cursor(place, number) == text:
                    return place, number
        except (ValueError, OverflowError, TypeError, RecursionError):
            pass
        message = f"The {field} is no cursor of this list; take endCursor or startCursor of a page."
        raise BadUserInput(message, field=field)


def window(
    row_class: type[db.Model], order="NEWEST", first=None, after=None, last=None, before=None
) -> Window:
    """Return the window that the arguments describe; raise BadUserInput naming the wrong one."""
    backward = last is not None or before is not None
    if backward and (first is not None or after is not None):
        message = "Ask for first and after, or for last and before, and never for both."
        raise BadUserInput(message, field="before" if last is None else "last")
    name, size = ("last", last) if backward else ("first", first)
    if size is not None and size not in SIZES:
        raise BadUserInput(f"The {name} is {SIZES[0]} to {SIZES[-1]} rows.", field=name)
    name, text = ("before", before) if backward else ("after", after)
    nowhere = Window(row_class, order, size or DEFAULT_SIZE, None, backward)
    place = None if text is None else nowhere.placed(text, name)
    return Window(row_class, order, nowhere.size, place, backward)


def array(ids: Iterable[int]) -> sa.BindParameter:
    """Return ids as one value: however many they are, the statement and its plan stay the same."""
    return sa.literal(list(ids), ARRAY(sa.Integer))
