"""Every way a request can fail, as GraphQL errors with a stable `extensions.code`.

ApiError
├── BadUserInput     BAD_USER_INPUT    a value that the client can mend; `field` names it
├── Conflict         CONFLICT          the value belongs to another row; `field` names it
├── Forbidden        FORBIDDEN         the row is another's, or the address not confirmed
├── NotFound         NOT_FOUND         no row has this id
├── QueryTooComplex  QUERY_TOO_COMPLEX  a document asks for too much; with `cost` and `limit`
├── RateLimited      RATE_LIMITED      that was too often; `retryAfter` is in seconds
├── ServiceUnavailable  SERVICE_UNAVAILABLE  what the app stands on is away
└── Unauthenticated  UNAUTHENTICATED   no valid token, or a wrong name or password

What nobody expected is INTERNAL_SERVER_ERROR, or SERVICE_UNAVAILABLE where the database is away.
"""

import logging
import re
import uuid

from flask import current_app
from graphql import GraphQLError
from sqlalchemy import exc

# Raised where no connection is to be had: refused, broken, or all of them in use for too long;
# the last by whatever is asked on a broken one once more.
AWAY = (exc.OperationalError, exc.TimeoutError, exc.PendingRollbackError)

GUESS = re.compile(r" Did you mean .*$", re.DOTALL)  # which would tell the schema bit by bit

logger = logging.getLogger(__name__)


class ApiError(GraphQLError):
    """An expected failure: clients branch on `code`, people read the message."""

    code: str

    def __init__(self, message: str, **extensions: str | int) -> None:
        super().__init__(message, extensions={"code": self.code, **extensions})


class BadUserInput(ApiError):
    """A value that cannot be taken as it is."""

    code = "BAD_USER_INPUT"


class Conflict(ApiError):
    """A value that another row has, where no two may."""

    code = "CONFLICT"


class Forbidden(ApiError):
    """A change that this user may not make."""

    code = "FORBIDDEN"


class NotFound(ApiError):
    """No row has this id."""

    code = "NOT_FOUND"


class QueryTooComplex(ApiError):
    """A request for more than one request may have."""

    code = "QUERY_TOO_COMPLEX"


class RateLimited(ApiError):
    """A request or a mutation more than one may make in that time."""

    code = "RATE_LIMITED"


class ServiceUnavailable(ApiError):
    """Something that the app needs does not answer."""

    code = "SERVICE_UNAVAILABLE"


class Unauthenticated(ApiError):
    """Nobody knows who is asking."""

    code = "UNAUTHENTICATED"


def internal(exception: BaseException) -> dict:
    """Log what nobody expected under a new id; return an error that shows the id alone."""
    error_id = str(uuid.uuid4())
    logger.error("Unexpected error %s", error_id, exc_info=exception)
    message, code = "Something went wrong on our side.", "INTERNAL_SERVER_ERROR"
    if isinstance(exception, AWAY):
        message, code = "The database is away; try again in a moment.", "SERVICE_UNAVAILABLE"
    return {"message": message, "extensions": {"code": code, "id": error_id}}


def shown(error: GraphQLError, code: str) -> dict:
    """Return what a client sees of an error; `code` is for those that carry none.

    One without a path is about what the client has sent, such as a number of a million digits.
    """
    cause = error.original_error
    foreign = cause is not None and not isinstance(cause, GraphQLError)
    if error.path and foreign:
        return {**error.formatted, **internal(cause)}
    told = {**error.formatted, "extensions": {"code": code, **(error.extensions or {})}}
    if foreign:
        told["message"] = told["message"].removesuffix(f"; {cause}")
    if not current_app.config["INTROSPECTION"]:
        told["message"] = GUESS.sub("", told["message"])
    return told
