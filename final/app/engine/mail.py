"""E-mails: written down with the change that they tell of, sent by another process.

So a mail server that is away loses none, and nobody who asks waits for it.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta

from flask import current_app, render_template
from flask_mailman import EmailMultiAlternatives, Mail
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app import model
from app.engine import db
from app.engine.errors import BadUserInput

KINDS = {
    "confirm": "Confirm your e-mail address",
    "reset": "Choose a new password",
}
ATTEMPTS = 10  # the last one after some seventeen hours

logger = logging.getLogger(__name__)
mailer = Mail()


def post(user: model.User, kind: str) -> None:
    """Write down that a user gets a letter; it is sent once the change is committed."""
    db.session.add(model.Letter(user=user, kind=kind))


def send_due(go_on: Callable[[], bool] = lambda: True) -> int:
    """Send the letters that are due, while one may go on; return how many were sent."""
    sent = 0
    while go_on() and (letter := model.Letter.next()):
        if delivered(letter):
            sent += 1
            db.session.delete(letter)
        elif letter.attempts + 1 == ATTEMPTS:
            logger.error("Letter %s to user %s is given up", letter.id, letter.user_id)
            db.session.delete(letter)
        else:
            letter.postpone()
        db.session.commit()
    return sent


def delivered(letter: model.Letter) -> bool:
    """Send a letter, in text and in HTML; tell whether the mail server has taken it."""
    token = signer(letter.kind).dumps([letter.user_id, state(letter.user, letter.kind)])
    words = {
        "user": letter.user,
        "url": f"{current_app.config['PUBLIC_URL']}/{letter.kind}#{token}",
    }
    text = render_template(f"mail/{letter.kind}.txt", **words)
    message = EmailMultiAlternatives(KINDS[letter.kind], text, to=[letter.user.email])
    message.attach_alternative(render_template(f"mail/{letter.kind}.html", **words), "text/html")
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException) as error:  # whose text may hold the address
        logger.warning("Letter %s was not taken: %s", letter.id, type(error).__name__)
        return False


def addressee(kind: str, token: str) -> model.User:
    """Return the user, locked, whose letter a token came with; raise BadUserInput.

    A token is signed and dated, and holds what its use will change: so it is used once.
    """
    lifetime: timedelta = current_app.config[f"{kind.upper()}_LIFETIME"]
    try:
        user_id, then = signer(kind).loads(token, max_age=lifetime.total_seconds())
        user = db.session.get(model.User, user_id, with_for_update=True, populate_existing=True)
    except (BadSignature, TypeError, ValueError):
        user = None
    if user is None or state(user, kind) != then:
        raise BadUserInput("The token is not valid, too old, or was used before.", field="token")
    return user


def signer(kind: str) -> URLSafeTimedSerializer:
    """Return what signs the tokens of one kind of letters, and reads no other's."""
    return URLSafeTimedSerializer(current_app.config["JWT_SECRET_KEY"], salt=f"letter {kind}")


def state(user: model.User, kind: str) -> list:
    """Return what of a user the use of a token changes; of the password's hash only its salt."""
    if kind == "confirm":
        return [user.email, user.email_confirmed]
    return [user.email, user.password_hash.rpartition("$")[0][-24:]]
