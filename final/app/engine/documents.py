"""Documents: texts that are parsed, validated, and kept for whoever sends the same again.

What a client sends with variables is the same text each time, and costs neither twice. A text with
values of its own pushes out another at worst: few are kept, and none that is long.
"""

import re
from functools import lru_cache

import graphql
from flask import current_app
from graphql import DocumentNode, GraphQLError, GraphQLSchema
from graphql.validation import validation_context
from graphql.validation.rules import overlapping_fields_can_be_merged

from app.engine import errors, rules
from app.engine.sizes import Size

KEPT = 128  # documents, of less than half a megabyte each
LONGEST = 2_000  # characters of one that is kept
COMMENTS = 100  # in a document; they are no tokens
ENOUGH = re.compile(r"Document contains more than \d+ tokens")

# What graphql-core says where it stops, and what a person can do about it.
GIVEN_UP = "Validation aborted.", "It was read no further: repeat less, or mend this first."

# How long validating compares fields and follows fragments, before it gives up: some milliseconds.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 20_000
validation_context.MAX_FRAGMENT_WORK = 5_000


class Document:
    """A valid document, and what is known of its operations."""

    def __init__(self, node: DocumentNode) -> None:
        self.node = node
        self.sizes: dict[str | None, Size] = {}  # by name, where no variable decides


def valid(schema: GraphQLSchema, query: str) -> Document:
    """Return the document that a request holds; raise Refused."""
    known = checked if len(query) <= LONGEST else checked.__wrapped__
    settings = current_app.config["MAX_TOKENS"], current_app.config["INTROSPECTION"]
    return known(schema, query, *settings)


@lru_cache(KEPT)
def checked(schema: GraphQLSchema, query: str, tokens: int, introspection: bool) -> Document:
    """Return a document that is parsed and validated; raise Refused, which is not kept."""
    try:
        node = graphql.parse(query, max_lexical_tokens=tokens, max_comments=COMMENTS)
    except GraphQLError as error:
        if ENOUGH.search(error.message):
            what = f"The document has more than {tokens} tokens"
            raise rules.too_complex(what, tokens + 1, "MAX_TOKENS") from None
        raise rules.Refused([errors.shown(error, "GRAPHQL_PARSE_FAILED")]) from None
    hidden = [] if introspection else [graphql.NoSchemaIntrospectionCustomRule]
    how = [*graphql.specified_rules, *hidden]
    if wrong := graphql.validate(schema, node, how, rules.ERRORS):
        told = [errors.shown(error, "GRAPHQL_VALIDATION_FAILED") for error in wrong]
        raise rules.Refused([{**one, "message": one["message"].replace(*GIVEN_UP)} for one in told])
    return Document(node)
