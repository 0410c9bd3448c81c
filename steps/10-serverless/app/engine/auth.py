"""Who is asking, and for which row."""

from typing import TypeVar

from flask_jwt_extended import (
    create_access_token,
    create_refresh_token,
    decode_token,
    get_current_user,
    verify_jwt_in_request,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt import PyJWTError

from app import model
from app.engine import db, jwt
from app.engine.errors import NotFound, Unauthenticated

Row = TypeVar("Row", bound=db.Model)

# All that a token can be wrong with; a ValueError where its text is no text.
BAD_TOKEN = (JWTExtendedException, PyJWTError, ValueError)


@jwt.user_lookup_loader
def known(_header: dict, payload: dict) -> model.User | None:
    """Return the user whom a token names, or None where that user is gone."""
    return db.session.get(model.User, int(payload["sub"]))


def viewer() -> model.User:
    """Return the user whose access token came with the request; raise Unauthenticated."""
    try:
        verify_jwt_in_request()
    except BAD_TOKEN as error:
        raise Unauthenticated("Log in, and send the access token.") from error
    return get_current_user()


def refreshing(token: str) -> model.User:
    """Return the user whom a refresh token names; raise Unauthenticated."""
    try:
        payload = decode_token(token)
        user = known({}, payload) if payload["type"] == "refresh" else None
    except BAD_TOKEN:
        user = None
    if user is None:
        raise Unauthenticated("Log in again: this is no valid refresh token.")
    return user


def access_token(user: model.User) -> str:
    """Return a token that opens the API for a few minutes."""
    return create_access_token(str(user.id))


def tokens(user: model.User) -> dict[str, str]:
    """Return both tokens that an account begins with, by the names of their fields."""
    return {
        "access_token": access_token(user),
        "refresh_token": create_refresh_token(str(user.id)),
    }


def found(row_class: type[Row], id: int) -> Row:
    """Return the row with this id as it is now, locked until the commit; raise NotFound.

    Whoever needs several takes them in the order user, zoo, animal, and never waits in a circle.
    """
    row = db.session.get(row_class, id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"No {row_class.__name__.lower()} has the id {id}.")
    return row
