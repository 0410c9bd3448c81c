"""Queries for whatever has a global id."""

import graphene
from graphene import relay

from app import model
from app.engine import ids
from app.engine.errors import BadUserInput

KINDS = {"User": model.User, "Zoo": model.Zoo, "Animal": model.Animal}
MOST = 50


def loaded(info, given):
    """Return the row for each global id, None in the place of what is not there."""
    named = [ids.parsed(text) for text in given]
    rows = {}
    for kind, row_class in KINDS.items():
        numbers = {parts[1] for parts in named if parts and parts[0] == kind}
        found = info.context.all(row_class, numbers) if numbers else {}
        rows.update({(kind, number): row for number, row in found.items()})
    return [rows.get(parts) for parts in named]


class Query(graphene.ObjectType):
    """What can be read by global id."""

    node = graphene.Field(
        relay.Node,
        id=graphene.ID(required=True, description="The id of a user, a zoo or an animal."),
        description="Whatever has this id; null where nothing has it.",
    )
    nodes = graphene.List(
        relay.Node,
        required=True,
        ids=graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="No more than 50 ids."
        ),
        description="Whatever has these ids, in their order; null where nothing has it.",
    )

    @staticmethod
    def resolve_node(root, info, id):
        """Return the row with this global id, or None."""
        return loaded(info, [id])[0]

    @staticmethod
    def resolve_nodes(root, info, **arguments):
        """Return the rows with these global ids; raise BadUserInput for too many."""
        if len(arguments["ids"]) > MOST:
            raise BadUserInput(f"Ask for no more than {MOST} at once.", field="ids")
        return loaded(info, arguments["ids"])
