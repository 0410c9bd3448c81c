"""Trusted documents: production may run those alone that were registered when it was deployed.

How a client names one is in https://graphql.github.io/graphql-over-http/draft/, under persisted
documents; Apollo's clients put the same hash into `extensions`.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from pydantic import TypeAdapter

from app.engine.config import UnsafeSettings
from app.engine.errors import BadUserInput

DOCUMENTS = TypeAdapter(dict[str, str])  # texts by their ids


def init_app(app: Flask) -> None:
    """Read the documents that an app runs; raise UnsafeSettings where they cannot be read."""
    path, registered = app.config["TRUSTED_DOCUMENTS"], None
    if path:
        try:
            registered = DOCUMENTS.validate_json(Path(path).read_bytes())
        except (OSError, ValueError):
            raise UnsafeSettings(
                "TRUSTED_DOCUMENTS has to be a file that `flask documents` wrote."
            ) from None
    app.extensions["trusted"] = registered


def written(texts: list[str]) -> str:
    """Return the file that registers these documents."""
    return json.dumps({identified(text): text for text in texts}, indent=2) + "\n"


def identified(text: str) -> str:
    """Return the id of a document: its SHA-256, as sha256sum prints it."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def query(values: dict[str, Any]) -> Any:
    """Return the document that a request names or holds; raise BadUserInput where it may not run.

    Where none are registered, it is what the request holds, whatever that is.
    """
    registered = current_app.extensions["trusted"]
    if registered is None:
        return values.get("query")
    match values:
        case {"documentId": str(given)}:
            known = registered.get(given.removeprefix("sha256:"))
        case {"extensions": {"persistedQuery": {"sha256Hash": str(given)}}}:
            known = registered.get(given)
        case {"query": str(text)}:
            known = registered.get(identified(text))
        case _:
            known = None
    if known is None:
        raise BadUserInput("Only registered documents run here, and this is none.", field="query")
    return known
