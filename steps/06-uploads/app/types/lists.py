"""Lists that are always there, and hold no null."""

import graphene


def all_of(type_path: str) -> graphene.NonNull:
    """Return `[Type!]!` for the type at a dotted path, which is imported when it is needed."""
    return graphene.NonNull(graphene.List(graphene.NonNull(type_path)))
