"""The serverless door: functions-framework hands each request to the same application."""

import functions_framework
from flask import Request, Response

from manage import app


@functions_framework.http
def zoo(request: Request) -> Response:
    """Return what the application answers."""
    return Response.from_app(app, request.environ)
