"""What a browser may do with an answer: little, and nothing for the sake of another site.

Which headers there are, and why: https://owasp.org/www-project-secure-headers/
"""

from flask import Flask, Response, current_app
from flask_cors import CORS

EVERY_ANSWER = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
IN_PRODUCTION = {"Strict-Transport-Security": "max-age=31536000"}

# What a script of a listed site may send and read besides what any may; there are no cookies.
SENT = ["Authorization", "Content-Type", "GraphQL-Preflight"]
READ = ["RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"]


def init_app(app: Flask) -> None:
    """Give the answers of an app their headers."""
    app.after_request(add)
    if origins := app.config["CORS_ORIGINS"].split():
        CORS(
            app,
            origins=origins,
            methods=["GET", "POST"],
            allow_headers=SENT,
            expose_headers=READ,
            max_age=600,
        )


def add(response: Response) -> Response:
    """Add the headers that an answer does not have already."""
    production = current_app.config["APP_ENV"] == "production"
    for name, value in {**EVERY_ANSWER, **(IN_PRODUCTION if production else {})}.items():
        response.headers.setdefault(name, value)
    return response
