"""`flask seed`: sample data that is worth reading, real zoos and animals that such places keep."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Blueprint

from app import model
from app.commands import place
from app.engine import db

SAMPLE = Path(__file__).with_name("sample.toml")

# Four rows a second, so that a page shows the same times and cursors on every machine.
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
PACE = timedelta(milliseconds=250)

blueprint = Blueprint("seed", __name__, cli_group=None)


@blueprint.cli.command("seed")
def seed() -> None:
    """Add sample data to an empty database: people who can log in, their zoos and animals."""
    place.check_no_production()
    if place.has_people():
        click.echo("Nothing is added: there are accounts already.")
        return
    sample = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    for number, row in enumerate(rows(**sample)):
        row.created_at = BEGIN + number * PACE
        db.session.add(row)
    db.session.commit()
    people = ", ".join(sample["users"])
    click.echo(f"Log in as one of {people}; the password is {sample['password']!r}.")


def rows(password: str, users: list[str], zoos: dict[str, str]) -> Iterator[Any]:
    """Make a row of each user, zoo and animal; the users take turns at owning a zoo."""
    people = [model.User(username=name, email=f"{name}@example.org") for name in users]
    for user in people:
        user.set_password(password)
        user.email_confirmed = True
        yield user
    for number, (name, animals) in enumerate(zoos.items()):
        owner = people[number % len(people)]
        zoo = model.Zoo(name=name, owner=owner)
        yield zoo
        for animal in animals.split(","):
            yield model.Animal(name=animal.strip(), owner=owner, zoo=zoo)
