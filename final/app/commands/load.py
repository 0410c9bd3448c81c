"""`flask load`: as many rows as a benchmark needs, the same on every machine; Postgres makes them.

The zoos go round the users, and the animals round the zoos; whose the zoo is has the animal too.
"""

import click
import sqlalchemy as sa
from flask import Blueprint

from app import model
from app.commands import place
from app.commands.seed import BEGIN, PACE
from app.engine import db

PASSWORD = "correct horse battery staple"  # noqa: S105 - nobody's
KINDS = [
    "Okapi",
    "Kākāpō",
    "Red panda",
    "Aye-aye",
    "Sunda pangolin",
    "Galápagos tortoise",
    "Wombat",
]

blueprint = Blueprint("load", __name__, cli_group=None)


@blueprint.cli.command("load")
@click.option("--animals", default=1_000_000, show_default=True, type=click.IntRange(min=1))
@click.option("--zoos", default=10_000, show_default=True, type=click.IntRange(min=1))
@click.option("--users", default=1_000, show_default=True, type=click.IntRange(min=1))
def load(animals: int, zoos: int, users: int) -> None:
    """Fill an empty database for a benchmark, with rows that are the same each time."""
    place.check_no_production()
    if place.has_people():
        raise click.ClickException("There are accounts already; a benchmark begins with none.")
    db.session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    add_users(users)
    add_zoos(zoos, users)
    add_animals(animals, zoos, users)
    db.session.commit()
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()
    click.echo(f"Made: {users} users, {zoos} zoos, {animals} animals")
    click.echo(f"Log in as person-1 to person-{users}; the password is {PASSWORD!r}.")


def add_users(users: int) -> None:
    """Add people with one password, whose addresses are confirmed."""
    first = model.User()
    first.set_password(PASSWORD)
    number = counted(users)
    name = "person-" + sa.cast(number, sa.Text)
    add(
        model.User,
        number,
        username=name,
        email=name + "@example.org",
        email_confirmed=sa.true(),
        password_hash=sa.literal(first.password_hash),
    )


def add_zoos(zoos: int, users: int) -> None:
    """Add zoos, whose owners take turns."""
    number = counted(zoos)
    name = "Zoo " + sa.cast(number, sa.Text)
    add(model.Zoo, number, name=name, owner_id=turn(number, users))


def add_animals(animals: int, zoos: int, users: int) -> None:
    """Add animals, which live in the zoos in turn."""
    number = counted(animals)
    kind = sa.case(dict(enumerate(KINDS, 1)), value=turn(number, len(KINDS)))
    name = kind + " " + sa.cast(number, sa.Text)
    zoo = turn(number, zoos)
    connection, indexes = db.session.connection(), model.Animal.__table__.indexes
    for index in indexes:  # made anew at the end, which is faster than row by row
        index.drop(connection)
    add(model.Animal, number, name=name, zoo_id=zoo, owner_id=turn(zoo, users))
    for index in indexes:
        index.create(connection)


def counted(rows: int) -> sa.ColumnElement[int]:
    """Return the numbers from 1 on, which Postgres counts."""
    return sa.func.generate_series(1, rows, type_=sa.Integer).column_valued("number")


def turn(number: sa.ColumnElement[int], of: int) -> sa.ColumnElement[int]:
    """Return whose turn it is, from 1 on, where so many take turns."""
    return (number - 1) % of + 1


def add(row_class: type[db.Model], number: sa.ColumnElement[int], **columns) -> None:
    """Insert a row for each number, which is its id, and let later ones go on from there."""
    columns |= {"id": number, "created_at": sa.literal(BEGIN) + number * sa.literal(PACE)}
    db.session.execute(sa.insert(row_class).from_select([*columns], sa.select(*columns.values())))
    ids = sa.func.pg_get_serial_sequence(f'"{row_class.__table__.name}"', "id")
    last = sa.select(sa.func.max(row_class.id)).scalar_subquery()
    db.session.execute(sa.select(sa.func.setval(ids, last)))
