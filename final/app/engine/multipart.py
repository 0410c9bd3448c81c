"""Files in a request: https://github.com/jaydenseric/graphql-multipart-request-spec."""

from io import BytesIO

import flask
from flask import current_app, request
from graphene_file_upload.utils import place_files_in_operations

from app.engine.errors import BadUserInput

# A form of another site's cannot send it, and a script needs a permission that nobody gives.
PREFLIGHT = "GraphQL-Preflight"

# All that goes wrong where a map does not fit to its operations.
MISFIT = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Request(flask.Request):
    """A request whose files stay in memory, since the server has no disk to write on."""

    def _get_file_stream(self, *args, **kwargs) -> BytesIO:
        return BytesIO()


def form() -> dict[str, str]:
    """Return the fields of the form; raise BadUserInput where it may come from another site."""
    if not request.headers.get(PREFLIGHT):
        raise BadUserInput(f"Send files with the header {PREFLIGHT}: 1.", field=PREFLIGHT)
    request.max_content_length = current_app.config["MAX_UPLOAD_BYTES"]
    return request.form


def placed(operations, places):
    """Return the operations, each file where its map says; raise BadUserInput for a bad map."""
    try:
        if set(places) != set(request.files):
            raise ValueError
        return place_files_in_operations(operations, places, request.files)
    except MISFIT:
        message = "The map does not lead every file to a null of its own."
        raise BadUserInput(message, field="map") from None
