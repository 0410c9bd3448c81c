"""The application: Flask with its settings, its database and its one address."""

import click
from flask import Flask

import graphql_http
import settings
from engine import db
from schema import schema

app = Flask(__name__)
app.config.from_object(settings)
db.init_app(app)
app.register_blueprint(graphql_http.blueprint)


@app.cli.command("init-db")
def init_db() -> None:
    """Create the tables that are not there yet."""
    db.create_all()
    click.echo("The tables are there.")


@app.cli.command("schema")
def print_schema() -> None:
    """Print the schema in GraphQL's own language."""
    click.echo(schema)
