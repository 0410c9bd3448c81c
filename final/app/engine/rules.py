"""How much one request may ask for, counted before anything runs.

What to count is in https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html; the
limits are near those of graphql-armor and of Shopify.
"""

import re

import graphql
from flask import current_app
from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from app.engine import errors
from app.engine.sizes import Measure

COMMENTS = 100  # in a document; they are no tokens
ENOUGH = re.compile(r"Document contains more than \d+ tokens")

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


def valid(schema: GraphQLSchema, query: str) -> DocumentNode:
    """Return the document that a request holds; raise Refused."""
    limit = current_app.config["MAX_TOKENS"]
    try:
        document = graphql.parse(query, max_lexical_tokens=limit, max_comments=COMMENTS)
    except GraphQLError as error:
        if ENOUGH.search(error.message):
            raise too_complex(
                f"The document has more than {limit} tokens", limit + 1, limit
            ) from None
        raise Refused([errors.shown(error, "GRAPHQL_PARSE_FAILED")]) from None
    hidden = (
        [] if current_app.config["INTROSPECTION"] else [graphql.NoSchemaIntrospectionCustomRule]
    )
    if wrong := graphql.validate(schema, document, [*graphql.specified_rules, *hidden]):
        raise Refused([errors.shown(error, "GRAPHQL_VALIDATION_FAILED") for error in wrong])
    return document


def too_complex(what: str, cost: int, limit: int) -> Refused:
    """Return the refusal of what is too much."""
    error = errors.QueryTooComplex(f"{what}; ask for less at once.", cost=cost, limit=limit)
    return Refused([error.formatted])


def cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, given: dict
) -> int:
    """Return what an operation of a valid document costs; raise Refused where it is too much."""
    variables = get_variable_values(schema, operation.variable_definitions, given)
    if isinstance(variables, list):
        return 0  # errors, with which nothing will run
    size = Measure(schema, document, variables).of_operation(operation)
    for name, (words, setting) in LIMITS.items():
        limit, counted = current_app.config[setting], getattr(size, name)
        if counted > limit:
            what = f"The operation {words.format(counted)}, of {limit} that are allowed"
            raise too_complex(what, counted, limit)
    return size.cost
