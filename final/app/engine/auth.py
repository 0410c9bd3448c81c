"""Who is asking, and for which row."""

import uuid
from datetime import UTC, datetime
from typing import TypeVar

from flask import current_app, g, request
from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    decode_token,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError

from app import model
from app.engine import db, ids
from app.engine.errors import Forbidden, NotFound, Unauthenticated

Row = TypeVar("Row", bound=db.Model)

# All that a token can be wrong with; a ValueError where its text is no text, or an id is no id.
BAD_TOKEN = (JWTExtendedException, PyJWTError, ValueError, KeyError, TypeError)


def current_session() -> model.Session:
    """Return the session of the access token that came with the request; raise Unauthenticated."""
    if "zoo_session" not in g:
        g.zoo_session = named_session(access_payload())
        g.user_id = g.zoo_session and g.zoo_session.user_id  # for the log
    if g.zoo_session is None:
        raise Unauthenticated("Log in, and send the access token.")
    return g.zoo_session


def access_payload() -> dict | None:
    """Return what the request's access token says, or None where it is missing or not valid."""
    if "access_payload" not in g:
        try:
            g.access_payload = verify_jwt_in_request()[1]
        except BAD_TOKEN:
            g.access_payload = None
    return g.access_payload


def refresh_payload(token: str) -> dict | None:
    """Return what a refresh token says, or None where it is not valid, or is none."""
    try:
        payload = decode_token(token)
        return payload if payload["type"] == "refresh" else None
    except BAD_TOKEN:
        return None


def named_session(payload: dict | None) -> model.Session | None:
    """Return the session that a token names, or None where it has ended."""
    try:
        named = uuid.UUID(str(payload["sid"])), int(payload["sub"])
    except BAD_TOKEN:
        return None
    session = db.session.get(model.Session, named[0])
    alive = session and session.user_id == named[1] and session.expires_at > datetime.now(UTC)
    return session if alive else None


def viewer() -> model.User:
    """Return the user who is asking; raise Unauthenticated where nobody has said who that is."""
    return db.session.get_one(model.User, current_session().user_id)


def viewer_or_nobody() -> model.User | None:
    """Return the user who is asking, or None without a token; raise Unauthenticated."""
    return viewer() if "Authorization" in request.headers else None


def member() -> model.User:
    """Return the user who is asking, if that one may change zoos and animals; raise Forbidden."""
    user = viewer()
    if current_app.config["REQUIRE_CONFIRMED_EMAIL"] and not user.email_confirmed:
        raise Forbidden("Confirm your e-mail address first: resendConfirmation sends the letter.")
    return user


def begin(user: model.User) -> dict[str, str]:
    """Begin a session; return both of its tokens, by the names of their fields."""
    session = model.Session(id=uuid.uuid4(), user_id=user.id)
    session.renew(current_app.config["JWT_REFRESH_TOKEN_EXPIRES"])
    db.session.add(session)
    return tokens(session)


def refreshed(token: str) -> dict[str, str]:
    """Spend a refresh token; return new tokens for its session; raise Unauthenticated.

    One that was spent before has been stolen, now or then: its session ends for both. As in
    https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2.
    """
    payload = refresh_payload(token)
    session = named_session(payload)
    if session:
        db.session.refresh(session, with_for_update=True)
        if str(session.refresh_id) != payload.get("rid"):
            db.session.delete(session)
            db.session.commit()
            session = None
    if session is None:
        raise Unauthenticated("Log in again: this refresh token is not valid, or was used before.")
    session.renew(current_app.config["JWT_REFRESH_TOKEN_EXPIRES"])
    return tokens(session)


def tokens(session: model.Session) -> dict[str, str]:
    """Return an access token and the refresh token of a session, by the names of their fields."""
    claims = {"sid": str(session.id)}
    renewal = {**claims, "rid": str(session.refresh_id)}
    user = str(session.user_id)
    return {
        "access_token": create_access_token(user, additional_claims=claims),
        "refresh_token": create_refresh_token(user, additional_claims=renewal),
    }


def lock(user: model.User) -> model.User:
    """Return a user as it is now, locked until the commit."""
    db.session.refresh(user, with_for_update=True)
    return user


def found(row_class: type[Row], id: str, field: str) -> Row:
    """Return the row with this global id as it is now, locked until the commit.

    Raise BadUserInput where it is no such id, NotFound where no row has it. Whoever needs several
    takes them in the order user, zoo, animal, and never waits in a circle.
    """
    number = ids.number(row_class.__name__, id, field)
    row = db.session.get(row_class, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"No {row_class.__name__.lower()} has this {field}.")
    return row


def owned(row_class: type[Row], id: str, field: str, owner: model.User) -> Row:
    """Return the owner's row as `found` does; raise Forbidden where it is somebody else's."""
    row = found(row_class, id, field)
    if row.owner_id != owner.id:
        raise Forbidden(f"This {row_class.__name__.lower()} is somebody else's.")
    return row
