"""Connections as the schema shows them: their arguments, their pages, their totals."""

import graphene
from graphene import relay

ARGUMENTS = {
    "first": (
        graphene.Int,
        "So many from the beginning or after a cursor: 1 to 50, 20 by default.",
    ),
    "after": (graphene.String, "A cursor: the page begins after it."),
    "last": (graphene.Int, "So many from the end or before a cursor: 1 to 50."),
    "before": (graphene.String, "A cursor: the page ends before it."),
}


class Connection(relay.Connection):
    """One page of a list; `nodes` is for clients that need no cursors."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, node, **options):
        cls.nodes = graphene.NonNull(
            graphene.List(graphene.NonNull(node)), description="What the page holds, in order."
        )
        cls.total_count = graphene.Int(
            required=True,
            description="How many there are on all pages; counted where it is asked for.",
        )
        super().__init_subclass_with_meta__(node=node, strict_types=True, **options)

    @staticmethod
    def resolve_total_count(page, info):
        """Return how many rows the whole list has."""
        return page["total"]()


def field(connection: str, description: str, **arguments: graphene.Argument) -> graphene.Field:
    """Return a field that shows a connection, which is named by its path."""
    window = {name: kind(description=words) for name, (kind, words) in ARGUMENTS.items()}
    return graphene.Field(
        connection, args={**window, **arguments}, required=True, description=description
    )
