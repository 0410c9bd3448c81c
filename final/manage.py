"""The application as a server finds it, and its commands."""

import click

from app import create_app
from app.schema import schema

app = create_app()


@app.cli.command("schema")
def print_schema() -> None:
    """Print the schema in GraphQL's own language."""
    click.echo(schema)
