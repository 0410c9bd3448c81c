"""`flask post`: the letters that are due, sent; once, or again and again."""

import logging
import queue
import signal

import click
from flask import Blueprint

from app.engine import db, errors, mail

logger = logging.getLogger(__name__)
blueprint = Blueprint("post", __name__, cli_group=None)


@blueprint.cli.command("post")
@click.option(
    "--every", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Go on until SIGTERM."
)
def post(every: float | None) -> None:
    """Send the letters that are due, from as many places at once as you like."""
    if every is None:
        click.echo(f"Sent: {mail.send_due()}")
        return
    asked = queue.SimpleQueue()  # which a signal's handler may fill while it is waited for
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.put("to end"))
    while asked.empty():
        try:
            mail.send_due(go_on=asked.empty)
        except errors.AWAY as error:
            logger.warning("The database is away: %s", type(error).__name__)
        db.session.remove()
        try:
            asked.get(timeout=every)
        except queue.Empty:
            continue
        return
