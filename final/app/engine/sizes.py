"""How large an operation is: how deep, how wide, and how many rows it may load.

A fragment counts wherever it is spread, and is measured once, so that fragments within fragments
cost no more time than they have letters.
"""

from typing import Any, NamedTuple

import graphql
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from app.engine import pages

# The arguments that say of how many rows a field shows something.
PAGING = ("first", "last", "ids")
INTROSPECTION = {"__schema": graphql.SchemaMetaFieldDef, "__type": graphql.TypeMetaFieldDef}


class Size(NamedTuple):
    """How large a selection is."""

    depth: int = 0
    fields: int = 0  # of its own, not of what they select in turn
    aliases: int = 0
    directives: int = 0
    cost: int = 0  # objects that may have to be loaded

    def beside(self, other: "Size") -> "Size":
        """Return the size of both side by side."""
        return Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.cost + other.cost,
        )


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
        self.steady = True  # the size is the same, whatever the variables hold

    def of_operation(self, operation: OperationDefinitionNode) -> Size:
        """Return the size of a whole operation."""
        root = self.schema.get_root_type(operation.operation)
        size = self.of(operation.selection_set, root)
        return size.beside(Size(directives=len(operation.directives)))

    def of(self, selections: SelectionSetNode, parent) -> Size:
        """Return the size of what is selected of a type."""
        size = Size()
        for one in selections.selections:
            if isinstance(one, FieldNode):
                size = size.beside(self.of_field(one, parent))
            elif isinstance(one, FragmentSpreadNode):
                size = size.beside(self.of_fragment(one.name.value))
            else:
                within = self.named(one.type_condition) or parent
                size = size.beside(self.of(one.selection_set, within))
            if one.directives:
                size = size.beside(Size(directives=len(one.directives)))
        return size

    def of_fragment(self, name: str) -> Size:
        """Return the size of a fragment, wherever it is spread."""
        if name not in self.known:
            fragment = self.fragments[name]
            self.known[name] = self.of(fragment.selection_set, self.named(fragment.type_condition))
        return self.known[name]

    def of_field(self, node: FieldNode, parent) -> Size:
        """Return the size of a field with all below it; introspection is neither deep nor dear."""
        aliases, name = 1 if node.alias else 0, node.name.value
        if node.selection_set is None:
            return Size(1, 1, aliases)
        meta = INTROSPECTION.get(name)
        field = meta or parent.fields[name]
        below = self.of(node.selection_set, graphql.get_named_type(field.type))
        aliases += below.aliases
        if meta:
            return Size(1, 1, aliases, below.directives)
        cost = 1 + self.times(node, field) * below.cost
        return Size(below.depth + 1, 1, aliases, below.directives, cost)

    def times(self, node: FieldNode, field: GraphQLField) -> int:
        """Return of how many rows a field may show what is selected below it."""
        if "first" not in field.args and "ids" not in field.args:
            return 1
        asked = {
            argument.name.value: self.amount(argument.value)
            for argument in node.arguments
            if argument.name.value in PAGING
        }
        if "ids" in field.args:
            return asked.get("ids") or 0
        size = max((n for n in asked.values() if n is not None), default=pages.DEFAULT_SIZE)
        return size if size in pages.SIZES else max(pages.SIZES)

    def amount(self, node: ValueNode) -> int | None:
        """Return the number that an argument holds, or how many its list does."""
        if isinstance(node, VariableNode):
            self.steady = False
            value = self.variables.get(node.name.value)
            return len(value) if isinstance(value, list) else value
        if isinstance(node, ListValueNode):
            return len(node.values)
        if isinstance(node, NullValueNode):
            return None
        return int(node.value) if isinstance(node, IntValueNode) else 1

    def named(self, condition: NamedTypeNode | None) -> GraphQLNamedType | None:
        """Return the type that a fragment is for."""
        return condition and self.schema.get_type(condition.name.value)
