"""What the lists of zoos and animals have in common: how they are ordered and filtered."""

from datetime import UTC, datetime

import graphene
import sqlalchemy as sa

from app import model
from app.engine import connections, ids
from app.engine.errors import BadUserInput
from app.model.text import TEXT_LENGTH

ORDERS = [("NEWEST", "NEWEST"), ("OLDEST", "OLDEST"), ("NAME", "NAME")]
MEANING = {
    "NEWEST": "The last that came stands first.",
    "OLDEST": "The first that came stands first.",
    "NAME": "By the alphabet, whatever the case and the accents.",
}


def order(name: str) -> type[graphene.Enum]:
    """Return the enum of the orders of a list."""
    return graphene.Enum(
        name,
        ORDERS,
        description=lambda value: MEANING[value.name] if value else "How a list is ordered.",
    )


class NamedFilter(graphene.InputObjectType):
    """What rows have to be; of several conditions, all."""

    class Meta:
        abstract = True

    name_contains = graphene.String(
        description="A part of the name, whatever the case and the accents."
    )
    owner_id = graphene.ID(description="The id of the user whose they are.")
    created_after = graphene.DateTime(description="Later than this.")
    created_before = graphene.DateTime(description="Earlier than this.")


def field(connection: str, description: str, order, filter) -> graphene.Field:
    """Return a field that shows a list with its orders and filters."""
    return connections.field(
        connection,
        description,
        order_by=graphene.Argument(order, description="In which order; NEWEST by default."),
        filter=graphene.Argument(filter, description="Which of them; all without it."),
    )


def conditions(
    row_class: type, name_contains=None, created_after=None, created_before=None, **whose
):
    """Yield what has to be true of the rows that a filter lets through; raise BadUserInput."""
    if name_contains is not None:
        yield row_class.folded.like(pattern(name_contains))
    for field, (kind, column) in {
        "owner_id": ("User", "owner_id"),
        "zoo_id": ("Zoo", "zoo_id"),
    }.items():
        if whose.get(field) is not None:
            camel = field.replace("_id", "Id")
            yield getattr(row_class, column) == ids.number(kind, whose[field], camel)
    if created_after is not None:
        yield row_class.created_at > instant(created_after)
    if created_before is not None:
        yield row_class.created_at < instant(created_before)


def pattern(part: str) -> sa.ColumnElement[str]:
    """Return what LIKE finds a part of a name by; raise BadUserInput where it is no text."""
    if not 1 <= len(part) <= TEXT_LENGTH or "\0" in part or not part.isprintable():
        message = f"The nameContains needs 1 to {TEXT_LENGTH} readable characters."
        raise BadUserInput(message, field="nameContains")
    literally = sa.func.regexp_replace(sa.func.folded(part), r"([\\%_])", r"\\\1", "g")
    return sa.literal("%") + literally + "%"


def instant(time: datetime) -> datetime:
    """Return a time with its zone; one without is UTC."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def page(info, row_class: type[model.Animal | model.Zoo], order_by=None, filter=None, **window):
    """Return a page of the rows that a filter lets through, in an order."""
    known = order_by.value if order_by else "NEWEST"
    return info.context.page(
        row_class, *conditions(row_class, **(filter or {})), order=known, **window
    )
