"""Global ids: one text that names a row among all rows of all kinds.

What they are for: https://graphql.org/learn/global-object-identification/.
"""

from graphql_relay import from_global_id, to_global_id

from app.engine.errors import BadUserInput

IDS = range(1, 2**31)


def parsed(id: str) -> tuple[str, int] | None:
    """Return the type and the number that a global id names, or None where it is none of ours."""
    try:
        kind, number = from_global_id(id)
        parts = kind, int(number)
    except ValueError:
        return None
    return parts if parts[1] in IDS and to_global_id(*parts) == id else None


def number(kind: str, id: str, field: str) -> int:
    """Return the number in the global id of a row of this kind; raise BadUserInput."""
    parts = parsed(id)
    if parts is None or parts[0] != kind:
        raise BadUserInput(f"The {field} is not the id of {article(kind)}.", field=field)
    return parts[1]


def article(kind: str) -> str:
    """Return the name of a kind as it stands in a sentence."""
    return f"an {kind.lower()}" if kind[0] in "AEIO" else f"a {kind.lower()}"
