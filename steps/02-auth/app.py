"""The application: Flask with its settings, its database, its tokens and its one address."""

import click
from flask import Flask

import graphql_http
import settings
from engine import db, jwt, migrate
from schema import schema

app = Flask(__name__)
app.config.from_object(settings)
db.init_app(app)
jwt.init_app(app)
migrate.init_app(app, db)
app.register_blueprint(graphql_http.blueprint)


@app.cli.command("schema")
def print_schema() -> None:
    """Print the schema in GraphQL's own language."""
    click.echo(schema)
