"""GraphQL over HTTP: one address, which takes a request and gives an answer.

The rules are those of https://graphql.github.io/graphql-over-http/draft/.
"""

import json

import graphql
from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from app.engine import errors, multipart
from app.schema import schema

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
HTML = "text/html"
MULTIPART = "multipart/form-data"
CODES = {404: "NOT_FOUND", 413: "PAYLOAD_TOO_LARGE", 503: "SERVICE_UNAVAILABLE"}

# Which type each parameter of a request has; those with None may be left out.
PARAMETERS = {
    "query": str,
    "operationName": str | None,
    "variables": dict | None,
    "extensions": dict | None,
}

blueprint = Blueprint("graphql", __name__)


@blueprint.route("/graphql", methods=["GET", "POST"])
def endpoint():
    """Answer one GraphQL request, or show GraphiQL to a browser that asks nothing."""
    accept = request.accept_mimetypes
    asks = request.method == "POST" or "query" in request.args
    if not asks and accept.best_match([JSON, GRAPHQL_JSON, HTML]) == HTML:
        return render_template("graphiql.html", url=current_app.config["GRAPHIQL_URL"])
    media_type = accept.best_match([JSON, GRAPHQL_JSON]) if accept else JSON
    if media_type is None:
        abort(406, f"Accept {JSON} or {GRAPHQL_JSON}.")
    try:
        body = answer(**parameters())
    except errors.BadUserInput as error:
        return reply({"errors": [error.formatted]}, 400, media_type)
    refused = "data" not in body and media_type == GRAPHQL_JSON
    return reply(body, 400 if refused else 200, media_type)


def reply(body: dict, status: int, media_type: str = JSON) -> Response:
    """Return an HTTP response with this JSON body."""
    return Response(json.dumps(body), status, content_type=f"{media_type}; charset=utf-8")


def parameters() -> dict:
    """Return the request's parameters; raise BadUserInput where one is missing or mistyped."""
    if request.method != "POST":
        values = request.args.to_dict()
        for name in ("variables", "extensions"):
            if name in values:
                values[name] = parsed(name, values[name])
    elif request.mimetype == JSON:
        values = parsed("body", request.get_data())
    elif request.mimetype == MULTIPART:
        form = multipart.form()
        fields = [parsed(name, form.get(name, "")) for name in ("operations", "map")]
        values = multipart.placed(*fields)
    else:
        abort(415, f"Send a body with the Content-Type {JSON}, or {MULTIPART} with files.")
    if not isinstance(values, dict):
        raise errors.BadUserInput("The body is not a JSON object.", field="body")
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
        document = graphql.parse(query)
    except graphql.GraphQLError as error:
        return {"errors": [errors.shown(error, "GRAPHQL_PARSE_FAILED")]}
    invalid = graphql.validate(schema.graphql_schema, document)
    if invalid:
        return {"errors": [errors.shown(error, "GRAPHQL_VALIDATION_FAILED") for error in invalid]}
    operation = graphql.get_operation_ast(document, operationName)
    if request.method != "POST" and operation and operation.operation.value != "query":
        abort(405, ["POST"], "Send a mutation by POST.")
    result = graphql.execute(
        schema.graphql_schema, document, variable_values=variables, operation_name=operationName
    )
    failed = [errors.shown(error, "BAD_USER_INPUT") for error in result.errors or []]
    if result.data is None and not any("path" in error for error in failed):
        return {"errors": failed}
    return {"data": result.data, "errors": failed} if failed else {"data": result.data}


@blueprint.app_errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Answer in JSON whatever HTTP itself refuses, and whatever nobody expected."""
    if error.code == 500:
        body = errors.internal(getattr(error, "original_exception", None) or error)
    else:
        code = CODES.get(error.code, "BAD_USER_INPUT")
        body = {"message": error.description, "extensions": {"code": code}}
    response = reply({"errors": [body]}, error.code)
    response.headers.extend([h for h in error.get_headers() if h[0] == "Allow"])
    return response
