"""`flask documents`: registers what a client may ask, for TRUSTED_DOCUMENTS."""

from pathlib import Path

import click
from flask import Blueprint

from app.engine import documents, rules, trusted
from app.schema import schema

File = click.Path(dir_okay=False, path_type=Path)
blueprint = Blueprint("documents", __name__, cli_group=None)


@blueprint.cli.command("documents")
@click.argument("target", type=File)
@click.argument("files", type=File, nargs=-1, required=True)
def register(target: Path, files: tuple[Path, ...]) -> None:
    """Check documents, each a file, against the schema; write all of them to TARGET by their ids.

    A file's id is its SHA-256. Clients of older releases go on with the documents of their time:
    name those too.
    """
    texts = [valid(file) for file in files]
    target.write_text(trusted.written(texts), encoding="utf-8")
    click.echo(f"Registered: {len(texts)} documents")


def valid(file: Path) -> str:
    """Return the document in a file; raise ClickException where it could not run."""
    try:
        text = file.read_bytes().decode()
        documents.valid(schema.graphql_schema, text)
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from None
    except rules.Refused as refused:
        raise click.ClickException(f"{file}: {refused.errors[0]['message']}") from None
    return text
