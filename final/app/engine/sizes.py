"""How large an operation is: how deep, how wide, and how many rows it may load.

A fragment counts wherever it is spread, and is measured once, so that fragments within fragments
cost no more time than they have letters.
"""

from dataclasses import astuple, dataclass
from typing import Any

import graphql
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.execution.values import get_argument_values

from app.engine import pages


@dataclass(frozen=True)
class Size:
    """How large a selection is."""

    depth: int = 0
    fields: int = 0  # of its own, not of what they select in turn
    aliases: int = 0
    directives: int = 0
    cost: int = 0  # objects that may have to be loaded

    def __add__(self, other: "Size") -> "Size":
        """Return the size of both side by side."""
        depth, *counts = zip(astuple(self), astuple(other), strict=True)
        return Size(max(depth), *map(sum, counts))


class Measure:
    """What measures the selections of one operation."""

    def __init__(self, schema, document, variables: dict[str, Any]) -> None:
        self.schema = schema
        self.variables = variables  # as GraphQL reads them, with their defaults
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.known: dict[str, Size] = {}

    def of_operation(self, operation: OperationDefinitionNode) -> Size:
        """Return the size of a whole operation."""
        root = self.schema.get_root_type(operation.operation)
        return self.of(operation.selection_set, root) + Size(directives=len(operation.directives))

    def of(self, selections: SelectionSetNode, parent) -> Size:
        """Return the size of what is selected of a type."""
        size = Size()
        for one in selections.selections:
            size += Size(directives=len(one.directives))
            if isinstance(one, FieldNode):
                size += self.of_field(one, parent)
            elif isinstance(one, FragmentSpreadNode):
                size += self.of_fragment(one.name.value)
            else:
                size += self.of(one.selection_set, self.named(one.type_condition) or parent)
        return size

    def of_fragment(self, name: str) -> Size:
        """Return the size of a fragment, wherever it is spread."""
        if name not in self.known:
            fragment = self.fragments[name]
            self.known[name] = self.of(fragment.selection_set, self.named(fragment.type_condition))
        return self.known[name]

    def of_field(self, node: FieldNode, parent) -> Size:
        """Return the size of a field with all below it; introspection goes by its own rules."""
        own = Size(depth=1, fields=1, aliases=1 if node.alias else 0)
        if node.selection_set is None or node.name.value.startswith("__"):
            return own
        field = parent.fields[node.name.value]
        below = self.of(node.selection_set, graphql.get_named_type(field.type))
        cost = 1 + self.times(node, field) * below.cost
        return Size(below.depth + 1, 1, own.aliases + below.aliases, below.directives, cost)

    def times(self, node: FieldNode, field: GraphQLField) -> int:
        """Return of how many rows a field may show what is selected below it."""
        try:
            asked = get_argument_values(field, node, self.variables)
        except graphql.GraphQLError:
            return 1  # it will be refused where it is resolved
        if "ids" in asked:
            return len(asked["ids"])
        if "first" not in field.args:
            return 1
        sizes = [asked[end] for end in ("first", "last") if asked.get(end) is not None]
        size = max(sizes, default=pages.DEFAULT_SIZE)
        return size if size in pages.SIZES else max(pages.SIZES)

    def named(self, condition: NamedTypeNode | None) -> GraphQLNamedType | None:
        """Return the type that a fragment is for."""
        return condition and self.schema.get_type(condition.name.value)
