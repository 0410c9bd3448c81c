"""How much one request may ask for, counted before anything runs.

What to count is in https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html; the
limits are near those of graphql-armor and of Shopify.
"""

from typing import Any

from flask import current_app
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from app.engine import errors, metrics
from app.engine.sizes import Measure, Size

ERRORS = 3  # that a client is told of at once; each takes time to find and to word

# What a size is made of, in the words of a message, and which setting bounds it.
LIMITS = {
    "depth": ("is {} fields deep", "MAX_DEPTH"),
    "fields": ("has {} fields at its root", "MAX_ROOT_FIELDS"),
    "aliases": ("has {} aliases", "MAX_ALIASES"),
    "directives": ("has {} directives", "MAX_DIRECTIVES"),
    "cost": ("costs {}", "MAX_COST"),
}


class Refused(Exception):
    """A request that is not run; `errors` are what the client is shown."""

    def __init__(self, errors: list[dict]) -> None:
        super().__init__(errors)
        self.errors = errors


def too_complex(what: str, cost: int, setting: str) -> Refused:
    """Return the refusal of what is more than a setting allows."""
    metrics.REFUSED.labels(setting).inc()
    limit = current_app.config[setting]
    error = errors.QueryTooComplex(f"{what}; ask for less at once.", cost=cost, limit=limit)
    return Refused([error.formatted])


def cost(
    schema: GraphQLSchema, document, operation: OperationDefinitionNode, given: dict[str, Any]
) -> int:
    """Return what an operation of a valid document costs; raise Refused where it is too much."""
    kind = operation.operation
    if schema.get_root_type(kind) is None:
        error = GraphQLError(f"There is no {kind.value} here.", operation)
        raise Refused([errors.shown(error, "GRAPHQL_VALIDATION_FAILED")])
    size = sized(schema, document, operation, variables_of(schema, operation, given))
    for name, (words, setting) in LIMITS.items():
        limit, counted = current_app.config[setting], getattr(size, name)
        if counted > limit:
            what = f"The operation {words.format(counted)}, of {limit} that are allowed"
            raise too_complex(what, counted, setting)
    return size.cost


def variables_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: dict[str, Any]
) -> dict[str, Any]:
    """Return the variables as GraphQL reads them; raise Refused where it cannot, or there are many.

    A list of them holds no more than the document could.
    """
    limit, counted = current_app.config["MAX_TOKENS"], values(given)
    if counted > limit:
        what = f"The variables hold {counted} values, of {limit} that are allowed"
        raise too_complex(what, counted, "MAX_TOKENS")
    read = get_variable_values(schema, operation.variable_definitions, given, ERRORS)
    if isinstance(read, list):
        raise Refused([errors.shown(error, "BAD_USER_INPUT") for error in read])
    return read


def values(given: dict[str, Any]) -> int:
    """Return how many values there are, in lists and objects too; those may be nested deeply."""
    counted, left = -1, [given]
    while left:
        value = left.pop()
        counted += 1
        if isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return counted


def sized(schema: GraphQLSchema, document, operation, variables: dict[str, Any]) -> Size:
    """Return how large an operation is, measured once where no variable decides."""
    name = operation.name and operation.name.value
    if name in document.sizes:
        return document.sizes[name]
    measure = Measure(schema, document.node, variables)
    size = measure.of_operation(operation)
    if measure.steady:
        document.sizes[name] = size
    return size
