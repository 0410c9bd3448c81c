"""Where rows that are made up may go."""

import click
import sqlalchemy as sa
from flask import current_app

from app import model
from app.engine import db


def check_no_production() -> None:
    """Raise ClickException in production, where everybody would know these people's password."""
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException("Not in production: everybody knows these people's password.")


def has_people() -> bool:
    """Tell whether anybody has an account here."""
    return db.session.scalar(sa.select(sa.exists().where(model.User.id > 0)))
