"""`flask sweep`: what nobody needs any more, deleted; to be run every night."""

import click
import sqlalchemy as sa
from flask import Blueprint, current_app

from app import model
from app.engine import db, gallery

blueprint = Blueprint("sweep", __name__, cli_group=None)


@blueprint.cli.command("sweep")
def sweep() -> None:
    """Delete sessions that are over, accounts that nobody confirmed, images that nobody shows."""
    now = sa.func.now()  # Postgres's: a clock here that is years ahead would delete everything
    sessions = model.Session.end(model.Session.expires_at < now)
    accounts = model.User.forget(now - current_app.config["UNCONFIRMED_LIFETIME"])
    db.session.commit()
    click.echo(f"Swept: {sessions} sessions, {accounts} accounts, {gallery.sweep()} images")
