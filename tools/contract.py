"""What a client and a database see of a step: its schema and its tables, and how both change."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import graphql

from tools import sample
from tools.steps import Problem

ANY_DATABASE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"

# Runs in the step's folder. The metadata is the step's own; no database is asked.
PRINT_TABLES = """
import sys
from flask.cli import ScriptInfo
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable
app = ScriptInfo(app_import_path=sys.argv[1]).load_app()
db = app.extensions["sqlalchemy"]
for table in db.metadata.sorted_tables:
    print(str(CreateTable(table).compile(dialect=postgresql.dialect())).strip() + "\\n")
"""


# The same as a picture's source: which rows name which.
PRINT_DIAGRAM = """
import sys
from flask.cli import ScriptInfo
app = ScriptInfo(app_import_path=sys.argv[1]).load_app()
tables = app.extensions["sqlalchemy"].metadata.sorted_tables
print("erDiagram")
for table in tables:
    print(f"  {table.name} {{")
    for column in table.columns:
        key = "PK" if column.primary_key else "FK" if column.foreign_keys else ""
        kind = type(column.type).__name__.lower()
        print(f"    {kind} {column.name} {key}".rstrip())
    print("  }")
for table in tables:
    for column in table.columns:
        for key in column.foreign_keys:
            one = "|o" if column.nullable else "||"
            print(f"  {key.column.table.name} {one}--o{{ {table.name} : {column.name}")
"""


@dataclass(frozen=True)
class SchemaChange:
    """One change that a client meets: "breaking", "dangerous" or "added", and a sentence."""

    kind: str
    text: str


def read(folder: Path | None) -> graphql.GraphQLSchema:
    """Return the schema that a step has committed; an empty one before the first step."""
    text = "" if folder is None else (folder / "schema.graphql").read_text(encoding="utf-8")
    return graphql.build_schema(text or "type Query", assume_valid=True)


def schema_changes(before: Path | None, after: Path) -> list[SchemaChange]:
    """Return what a client of the step before meets, the breaking changes first."""
    old, new = read(before), read(after)
    found = [
        SchemaChange("breaking", c.description) for c in graphql.find_breaking_changes(old, new)
    ]
    found += [
        SchemaChange("dangerous", c.description) for c in graphql.find_dangerous_changes(old, new)
    ]
    added = sorted(_coordinates(new) - _coordinates(old))
    return found + [SchemaChange("added", coordinate) for coordinate in added]


def _coordinates(schema: graphql.GraphQLSchema) -> set[str]:
    """Return `Type`, `Type.field` and `Type.field(argument:)` of all that a schema holds."""
    names: set[str] = set()
    for type_name, kind in schema.type_map.items():
        if type_name.startswith("__") or type_name in graphql.specified_scalar_types:
            continue
        names.add(type_name)
        for field_name, field in getattr(kind, "fields", {}).items():
            names.add(f"{type_name}.{field_name}")
            names |= {f"{type_name}.{field_name}({a}:)" for a in getattr(field, "args", {})}
    return names


@cache
def tables(folder: Path, app: str) -> list[str]:
    """Return the CREATE TABLE statements of a step's models, in the order of their references."""
    printed = _printed(PRINT_TABLES, folder, app)
    return [statement for statement in printed.strip().split("\n\n") if statement]


def diagram(folder: Path, app: str) -> str:
    """Return the Mermaid source of a diagram of a step's tables."""
    return _printed(PRINT_DIAGRAM, folder, app)


def _printed(script: str, folder: Path, app: str) -> str:
    """Return what a script says about a step's models."""
    done = subprocess.run(
        [sys.executable, "-c", script, app],
        cwd=folder,
        env=sample.environment(ANY_DATABASE),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise Problem(f"The tables of {folder.name} could not be read: {done.stderr.strip()}")
    return done.stdout
