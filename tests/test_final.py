"""final/: what it promises to clients, name for name."""

import re
from pathlib import Path

import graphql
import pytest

from tools.steps import FINAL, ROOT

CONTRACT = Path(__file__).parent / "contract" / "final.graphql"
SCHEMA = graphql.build_schema((FINAL.folder / "schema.graphql").read_text(encoding="utf-8"))
AGREED = [
    definition
    for definition in graphql.parse(CONTRACT.read_text(encoding="utf-8")).definitions
    if not isinstance(definition, graphql.ScalarTypeDefinitionNode)
]
# What a payload answers stands in the contract's comments: `# user, zoo → user, accessToken`.
OWN = [
    (name, kind)
    for name, kind in SCHEMA.type_map.items()
    if not name.startswith("__") and name not in graphql.specified_scalar_types
]


def shape(kind):
    """Return the fields of a type, each with its arguments and its type, or an enum's values."""
    if isinstance(kind, graphql.GraphQLEnumType):
        return set(kind.values)
    return {
        name: (str(field.type), {a: str(arg.type) for a, arg in getattr(field, "args", {}).items()})
        for name, field in kind.fields.items()
    }


def agreed_shape(definition):
    """Return the same of a definition in the contract."""
    if isinstance(definition, graphql.EnumTypeDefinitionNode):
        return {value.name.value for value in definition.values}
    return {
        field.name.value: (
            graphql.print_ast(field.type),
            {a.name.value: graphql.print_ast(a.type) for a in getattr(field, "arguments", ())},
        )
        for field in definition.fields
    }


@pytest.mark.parametrize("definition", AGREED, ids=lambda definition: definition.name.value)
def test_a_type_is_what_was_agreed(definition):
    """Its fields with their arguments, their types, and no other."""
    assert shape(SCHEMA.type_map[definition.name.value]) == agreed_shape(definition)


def test_a_connection_has_edges_nodes_and_a_total():
    """Those of zoos and of animals."""
    for name in ("Zoo", "Animal"):
        fields = {
            field: kind for field, (kind, _) in shape(SCHEMA.type_map[f"{name}Connection"]).items()
        }
        assert fields == {
            "edges": f"[{name}Edge!]!",
            "nodes": f"[{name}!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int!",
        }


def test_a_mutation_is_relays():
    """One input; `clientMutationId` goes in and comes out."""
    for field in SCHEMA.mutation_type.fields.values():
        assert list(field.args) == ["input"]
        for kind in (field.args["input"].type.of_type, field.type):
            assert "clientMutationId" in kind.fields


def test_everything_is_described():
    """Each type, field, argument and value."""
    missing = []
    for name, kind in OWN:
        parts = getattr(kind, "fields", None) or getattr(kind, "values", {})
        arguments = {
            f"{name}.{part}({a}:)": arg
            for part, one in parts.items()
            for a, arg in getattr(one, "args", {}).items()
        }
        whole = {name: kind, **{f"{name}.{part}": one for part, one in parts.items()}, **arguments}
        missing += [place for place, one in whole.items() if not one.description]
    assert missing == []


def test_the_threat_model_names_tests_and_files_that_are_there():
    """A proof that nobody finds proves nothing."""
    page = (ROOT / "docs" / "final.md").read_text(encoding="utf-8")
    folders = (FINAL.folder / "tests", ROOT / "tests")
    files = [path for folder in folders for path in folder.glob("test_*.py")]
    known = {path.name for path in files}
    for path in files:
        known |= set(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    rooms = re.findall(r"`((?:engine|model|schema|app|migrations)/[\w/.]+\.py|settings\.py)`", page)

    named = set(re.findall(r"`(test_[\w.]+)`", page))

    assert len(named) > 15
    assert named - known == set()
    assert [r for r in rooms if not any((FINAL.folder / p / r).exists() for p in ("", "app"))] == []
