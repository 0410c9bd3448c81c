"""`flask user`: what an operator does for an account, or to one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import Blueprint

from app import model
from app.engine import auth, db, gallery, mail
from app.engine.errors import BadUserInput

blueprint = Blueprint("user", __name__, cli_group="user")
blueprint.cli.help = "Make an account, confirm its address, log it out, delete it."


@blueprint.cli.command("create")
@click.argument("username")
@click.argument("email")
@click.option("--confirmed", is_flag=True, help="The address is known to be theirs; no letter.")
def create(username: str, email: str, confirmed: bool) -> None:
    """Make an account; the password is asked for, or read from the standard input."""
    with refusals():
        user = model.User(username=username, email=email, email_confirmed=confirmed)
        user.set_password(asked_password())
    db.session.add(user)
    if not confirmed:
        mail.post(user, "confirm")
    commit("Somebody has this username, or has confirmed this address.")
    click.echo(f"Made: {user.username}")


@blueprint.cli.command("confirm")
@click.argument("username")
@click.argument("email", required=False)
def confirm(username: str, email: str | None) -> None:
    """Take the address for confirmed; where another is given, that is the account's from now on.

    An account of the steps before has none, and gets one here.
    """
    user = locked(username)
    if email:
        with refusals():
            user.email = email
    if user.email is None:
        raise click.ClickException(f"{user.username} has no address: name one.")
    user.email_confirmed = True
    commit("Another account has confirmed this address.")
    click.echo(f"Confirmed: {username}")


@blueprint.cli.command("logout")
@click.argument("username")
def logout(username: str) -> None:
    """Log an account out on every device."""
    ended = model.Session.end(model.Session.user_id == locked(username).id)
    db.session.commit()
    click.echo(f"Ended: {ended} sessions")


@blueprint.cli.command("delete")
@click.argument("username")
def delete(username: str) -> None:
    """Delete an account for good, with its image, its zoos and its animals; asks first."""
    owner = locked(username).id
    theirs = {kind: kind.owner_id == owner for kind in (model.Zoo, model.Animal)}
    zoos, animals = (count(kind, whose) for kind, whose in theirs.items())
    db.session.rollback()  # nobody waits for whoever reads the question
    click.confirm(f"Delete {username}, {zoos} zoos and {animals} animals?", abort=True)
    user = locked(username)
    for kind, whose in theirs.items():
        db.session.execute(sa.delete(kind).where(whose))
    image = user.image_name
    db.session.execute(sa.delete(model.User).where(model.User.id == owner))
    db.session.commit()
    gallery.forget(image)
    click.echo(f"Deleted: {username}")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the API would refuse into a sentence on the terminal."""
    try:
        yield
    except BadUserInput as error:
        raise click.ClickException(error.message) from None


def count(kind: type[db.Model], whose: sa.ColumnElement[bool]) -> int:
    """Return how many rows there are of which this is true."""
    return db.session.scalar(sa.select(sa.func.count(kind.id)).where(whose))


def asked_password() -> str:
    """Return the password that somebody types twice, unseen, or that a program sends as a line."""
    if sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\r\n")


def locked(username: str) -> model.User:
    """Return the user of this name, locked until the commit; raise ClickException."""
    user = model.User.named(username)
    if user is None:
        raise click.ClickException(f"Nobody is called {username!r}.")
    return auth.lock(user)


def commit(conflict: str) -> None:
    """Commit; raise ClickException with these words where another row has what this one wants."""
    try:
        db.session.commit()
    except sa.exc.IntegrityError:
        db.session.rollback()
        raise click.ClickException(conflict) from None
