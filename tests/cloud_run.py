"""Google's own description of Cloud Run (schemas/README.md), and what it says against a file."""

import json
import re
from pathlib import Path

import jsonschema

GOOGLES = json.loads(Path(__file__).with_name("schemas").joinpath("cloud-run.json").read_text())
SCHEMAS = GOOGLES["schemas"]
ANNOTATION = re.compile(r"`((?:run\.googleapis\.com|autoscaling\.knative\.dev)/[\w-]+)`: ([\w, ]+)")
LEVELS = {"Service": ("Service", "Revision"), "Job": ("Job", "Execution")}
FILLED_IN = ("ObjectMeta", "namespace")  # by gcloud, with the project
UNSUPPORTED = ("Not supported", "[Deprecated] Not supported")


def strict(name, schema):
    """Return one of Google's schemas as JSON Schema: what it does not name, it does not allow."""
    properties = {
        key: translated(value)
        for key, value in schema["properties"].items()
        if not value.get("description", "").startswith(UNSUPPORTED)
    }
    required = [
        key
        for key in properties
        if schema["properties"][key].get("description", "").startswith("Required.")
        and (name, key) != FILLED_IN
    ]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def translated(value):
    """Return a property's schema as JSON Schema."""
    if "$ref" in value:
        return {"$ref": f"#/$defs/{value['$ref']}"}
    kept = {key: value[key] for key in ("type", "enum") if key in value}
    if value.get("format") == "int64":
        kept["pattern"] = r"^-?\d+$"
    for key in ("items", "additionalProperties"):
        if key in value:
            kept[key] = translated(value[key])
    return kept


def annotations():
    """Return at which levels each annotation of Cloud Run's own may stand."""
    told = SCHEMAS["ObjectMeta"]["properties"]["annotations"]["description"]
    found = {
        name: re.findall(r"\w+(?: resources)?", where) for name, where in ANNOTATION.findall(told)
    }
    everywhere = [level for levels in LEVELS.values() for level in levels]
    return {n: everywhere if "All resources" in where else where for n, where in found.items()}


def misplaced(document):
    """Return what is said against annotations that are unknown, or stand at another level."""
    outer, inner = LEVELS[document["kind"]]
    known = annotations()
    return [
        f"{name}: no annotation of a {level}"
        for level, place in ((outer, document), (inner, document["spec"]["template"]))
        for name in place.get("metadata", {}).get("annotations", {})
        if level not in known.get(name, [])
    ]


def complaints(document):
    """Return all that Google's description says against a Service or a Job."""
    schema = {
        "$ref": f"#/$defs/{document['kind']}",
        "$defs": {name: strict(name, SCHEMAS[name]) for name in SCHEMAS},
    }
    errors = jsonschema.Draft202012Validator(schema).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in errors] + misplaced(document)
