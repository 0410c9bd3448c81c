"""The application: Flask with its settings, its database, its tokens and its addresses."""

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import graphql_http
import health
import settings
from engine import db, jwt, migrate
from schema import schema


def create_app(**overrides) -> Flask:
    """Return a new application; `overrides` are settings that come before those of settings.py."""
    app = Flask(__name__)
    settings.check(app.debug)
    app.config.from_object(settings)
    app.config.from_mapping(overrides)
    proxies = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    db.init_app(app)
    jwt.init_app(app)
    migrate.init_app(app, db)
    app.register_blueprint(graphql_http.blueprint)
    app.register_blueprint(health.blueprint)
    app.cli.add_command(print_schema)
    return app


@click.command("schema")
def print_schema() -> None:
    """Print the schema in GraphQL's own language."""
    click.echo(schema)
