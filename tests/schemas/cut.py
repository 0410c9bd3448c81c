"""Print what is needed here of Google's description of Cloud Run: see README.md."""

import json
import sys
from pathlib import Path


def references(part):
    """Return the names of the schemas that a part of the description refers to."""
    if isinstance(part, dict):
        named = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return named + [name for value in part.values() for name in references(value)]
    return []


def cut(description):
    """Return its revision, and each schema that a Service or a Job may contain, unchanged."""
    kept, wanted = {}, ["Service", "Job"]
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept[name] = description["schemas"][name]
            wanted += references(kept[name])
    return {"revision": description["revision"], "schemas": dict(sorted(kept.items()))}


if __name__ == "__main__":
    print(json.dumps(cut(json.loads(Path(sys.argv[1]).read_text("utf-8"))), indent=1))
