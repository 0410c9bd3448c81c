"""The schema as a page: each operation, type and error code, with what the SDL says of it."""

from collections.abc import Callable
from pathlib import Path

import graphql
import yaml
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
)

from tools.steps import FINAL

PAGE = """\
---
title: Schema of final/
---

# Schema of final/

<!-- Made from final/schema.graphql and errors.yaml by `python -m tools reference`. -->

What a client may ask, what it gets, and what can go wrong. GraphiQL's explorer has the same words,
since both come from the schema. An argument or a field with `!` is never null.

{sections}
## Errors

An error's `extensions.code` is one of these. Its `message` is a sentence for a person, and may
change; the code does not.

{errors}"""


def payload(kind: GraphQLNamedType) -> bool:
    """Tell whether a type is what a mutation answers."""
    return kind.name.endswith("Payload")


SECTIONS: dict[str, Callable[[GraphQLNamedType], bool]] = {
    "Queries": lambda kind: kind.name == "Query",
    "Mutations": lambda kind: kind.name == "Mutation",
    "Types": lambda kind: isinstance(kind, GraphQLObjectType) and not payload(kind),
    "Interfaces": lambda kind: isinstance(kind, GraphQLInterfaceType),
    "What mutations answer": payload,
    "Inputs": lambda kind: isinstance(kind, GraphQLInputObjectType),
    "Enums": lambda kind: isinstance(kind, GraphQLEnumType),
    "Scalars": lambda kind: isinstance(kind, GraphQLScalarType),
}


def render(errors: Path) -> str:
    """Return the page; `errors` is a YAML file of what can go wrong."""
    schema = graphql.build_schema((FINAL.folder / "schema.graphql").read_text(encoding="utf-8"))
    left = {n: k for n, k in sorted(schema.type_map.items()) if not n.startswith("__")}
    sections = []
    for title, belongs in SECTIONS.items():
        here = [left.pop(name) for name, kind in list(left.items()) if belongs(kind)]
        sections.append(f"## {title}\n\n" + "\n".join(entry(kind) for kind in here))
    codes = yaml.safe_load(errors.read_text(encoding="utf-8"))
    told = "\n".join(error(code, words) for code, words in codes.items())
    return PAGE.format(sections="\n".join(sections), errors=told)


def entry(kind: GraphQLNamedType) -> str:
    """Return what a page says of one type."""
    heading = f"### {kind.name} {{#{kind.name.lower()}}}\n\n{sentence(kind.description)}\n\n"
    if isinstance(kind, GraphQLEnumType):
        rows = [f"| `{name}` | {sentence(v.description)} |" for name, v in kind.values.items()]
        return heading + "\n".join(["| value | means |", "|---|---|", *rows]) + "\n"
    fields = getattr(kind, "fields", {})
    if not fields:
        return heading
    rows = [row for name, field in fields.items() for row in field_rows(name, field)]
    return heading + "\n".join(["| | type | |", "|---|---|---|", *rows]) + "\n"


def field_rows(name: str, field: graphql.GraphQLField) -> list[str]:
    """Return a row for a field, and one for each of its arguments."""
    old = getattr(field, "deprecation_reason", None)
    told = sentence(field.description) + (f" **Deprecated:** {old}" if old else "")
    arguments = getattr(field, "args", {}).items()
    return [f"| `{name}` | {linked(field.type)} | {told} |"] + [
        f'| <span class="argument">`{argument}:`</span> | {linked(one.type)} | '
        f"{sentence(one.description)} |"
        for argument, one in arguments
    ]


def linked(kind: graphql.GraphQLType) -> str:
    """Return a type as GraphQL writes it, with a link to its entry."""
    name = graphql.get_named_type(kind).name
    before, _, after = str(kind).partition(name)
    return f"{before}[{name}](#{name.lower()}){after}".replace("[[", r"\[[").replace(")]", r")\]")


def sentence(description: str | None) -> str:
    """Return a description in one line, as a table's cell needs it."""
    return " ".join((description or "").split()).replace("|", r"\|")


def error(code: str, words: dict[str, str]) -> str:
    """Return what a page says of one code; its anchor is the code in lower case."""
    extra = f" With it comes {words['with']}." if "with" in words else ""
    return (
        f"### {code} {{#{code.lower()}}}\n\n{words['when']}{extra}\n\n*What to do:* {words['do']}\n"
    )
