"""GraphQL over HTTP: one address, which takes a request and gives an answer.

The rules are those of https://graphql.github.io/graphql-over-http/draft/.
"""

import json

import graphql
from flask import Blueprint, Response, abort, current_app, g, request
from werkzeug.exceptions import HTTPException

from app.engine import (
    deadline,
    documents,
    errors,
    graphiql,
    limits,
    loaders,
    multipart,
    rules,
    telemetry,
    trusted,
)
from app.schema import schema

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
MULTIPART = "multipart/form-data"
CODES = {404: "NOT_FOUND", 413: "PAYLOAD_TOO_LARGE", 503: "SERVICE_UNAVAILABLE"}
TOLD = {"Allow", "Retry-After"}

# Which type each parameter of a request has; those with None may be left out.
PARAMETERS = {
    "query": str,
    "operationName": str | None,
    "variables": dict | None,
    "extensions": dict | None,
}

# Which of them say what is asked for.
DOCUMENT = {"query", "documentId", "extensions"}

blueprint = Blueprint("graphql", __name__)


@blueprint.route("/graphql", methods=["GET", "POST"])
def endpoint():
    """Answer one GraphQL request, or show GraphiQL to a browser that asks nothing."""
    accept = request.accept_mimetypes
    asks = request.method == "POST" or not DOCUMENT.isdisjoint(request.args)
    shown = current_app.config["INTROSPECTION"]
    if shown and not asks and accept.best_match([JSON, GRAPHQL_JSON, HTML]) == HTML:
        return graphiql.page()
    media_type = accept.best_match([JSON, GRAPHQL_JSON]) if accept else JSON
    if media_type is None:
        abort(406, f"Accept {JSON} or {GRAPHQL_JSON}.")
    try:
        limits.count_request()
        deadline.refuse_late()
        body = answer(**parameters())
    except errors.BadUserInput as error:
        return reply({"errors": [error.formatted]}, 400, media_type)
    except errors.RateLimited as error:
        response = reply({"errors": [error.formatted]}, 429, media_type)
        response.headers["Retry-After"] = str(error.extensions["retryAfter"])
        return response
    refused = "data" not in body and media_type == GRAPHQL_JSON
    return reply(body, 400 if refused else 200, media_type)


def reply(body: dict, status: int, media_type: str = JSON) -> Response:
    """Return an HTTP response with this JSON body; its first error is the outcome."""
    for error in body.get("errors", [])[:1]:
        g.tally.outcome = error["extensions"]["code"]
    return Response(json.dumps(body), status, content_type=f"{media_type}; charset=utf-8")


def parameters() -> dict:
    """Return the request's parameters; raise BadUserInput where one is missing or mistyped."""
    if request.method != "POST":
        values = request.args.to_dict()
        for name in ("variables", "extensions"):
            if name in values:
                values[name] = parsed(name, values[name])
    elif request.mimetype == JSON:
        # Where no length was told, what is over the limit shows in one byte more: in 413.
        values = parsed("body", request.get_data() + request.stream.read(1))
    elif request.mimetype == MULTIPART:
        form = multipart.form()
        fields = [parsed(name, form.get(name, "")) for name in ("operations", "map")]
        values = multipart.placed(*fields)
    else:
        abort(415, f"Send a body with the Content-Type {JSON}, or {MULTIPART} with files.")
    if not isinstance(values, dict):
        raise errors.BadUserInput("The body is not a JSON object.", field="body")
    values = {**values, "query": trusted.query(values)}
    for name, kind in PARAMETERS.items():
        if not isinstance(values.get(name), kind):
            message = f"The parameter {name!r} is missing or of the wrong type."
            raise errors.BadUserInput(message, field=name)
    return {name: values.get(name) for name in PARAMETERS}


def parsed(field: str, value: str | bytes):
    """Return what a JSON text says; raise BadUserInput where it is none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise errors.BadUserInput(f"The {field} is not valid JSON.", field=field) from None


def answer(query: str, operationName: str | None, variables: dict | None, extensions) -> dict:
    """Return the body that answers a GraphQL request; without `data` where nothing ran."""
    try:
        document = documents.valid(schema.graphql_schema, query)
        operation = graphql.get_operation_ast(document.node, operationName)
        if operation:
            telemetry.runs(operation)
            if request.method != "POST" and operation.operation.value != "query":
                abort(405, ["POST"], "Send a mutation by POST.")
            spent = rules.cost(schema.graphql_schema, document, operation, variables or {})
            limits.count_cost(spent)
    except rules.Refused as refused:
        return {"errors": refused.errors}
    result = graphql.execute_sync(
        schema.graphql_schema,
        document.node,
        context_value=loaders.Loaders(),
        variable_values=variables,
        operation_name=operationName,
    )
    failed = [errors.shown(error, "BAD_USER_INPUT") for error in result.errors or []]
    if result.data is None and not any("path" in error for error in failed):
        return {"errors": failed}
    told = {"data": result.data, "extensions": {"cost": spent}}
    return told | {"errors": failed} if failed else told


@blueprint.app_errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Answer in JSON whatever HTTP itself refuses, and whatever nobody expected."""
    if error.code == 500:
        body = errors.internal(getattr(error, "original_exception", None) or error)
    else:
        code = CODES.get(error.code, "BAD_USER_INPUT")
        body = {"message": error.description, "extensions": {"code": code}}
    response = reply({"errors": [body]}, error.code)
    response.headers.extend([h for h in error.get_headers() if h[0] in TOLD])
    return response
