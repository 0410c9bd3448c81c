"""How often one may ask: counted in Redis for all processes, or in this one where Redis is away.

Whoever sends a valid token is counted as that person, everybody else by address. A window slides
by two counters and by Redis's clock. A moving window would be told the time by whoever counts: a
machine whose clock is an hour ahead would shut people out at all others for that hour.
"""

import logging
import math
import time
from functools import lru_cache
from typing import Any

import limits
from flask import Flask, Response, current_app
from flask_limiter import Limiter, RateLimitExceeded

from app.engine import asker, metrics
from app.engine.errors import RateLimited

# Mutations that are counted by themselves, each under these settings.
MUTATIONS = {
    "register": ["ADDRESS_LETTERS_PER_HOUR"],
    "login": ["ADDRESS_LOGINS_PER_MINUTE", "ACCOUNT_LOGINS_PER_MINUTE"],
    "refresh": ["ACCOUNT_LOGINS_PER_MINUTE"],
    "changePassword": ["ACCOUNT_LOGINS_PER_MINUTE"],
    "requestPasswordReset": ["ADDRESS_LETTERS_PER_HOUR", "ACCOUNT_LETTERS_PER_HOUR"],
    "resendConfirmation": ["ADDRESS_LETTERS_PER_HOUR", "ACCOUNT_LETTERS_PER_HOUR"],
    "setProfileImage": ["PERSON_UPLOADS_PER_MINUTE"],
}
logger = logging.getLogger(__name__)
parsed = lru_cache(limits.parse)


def init_app(app: Flask) -> None:
    """Count the requests of an app where its settings say."""
    url = app.config["RATELIMIT_STORAGE_URL"]
    limiter = Limiter(
        asker.requester,
        app=app,
        strategy="sliding-window-counter",
        storage_uri=url or "memory://",
        storage_options=reached(app) if url else {},
        in_memory_fallback_enabled=True,
    )
    per_minute = limiter.shared_limit(lambda: rate(of("REQUESTS")), scope=lambda _: of("REQUESTS"))
    app.extensions["limits"] = limiter, per_minute(lambda: None)
    app.after_request(tell)
    limiter.logger.setLevel(logging.WARNING)  # or it would write down whose request was refused


def reached(app: Flask) -> dict[str, Any]:
    """Return how Redis is reached, and not waited for; its library is loaded where there is one.

    A connection that Redis has closed meanwhile is opened anew, once.
    """
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    seconds = 0.5
    encrypted = app.config["RATELIMIT_STORAGE_URL"].startswith("rediss:")
    unverified = encrypted and not app.config["RATELIMIT_STORAGE_VERIFIED"]
    return {
        **({"ssl_cert_reqs": "none", "ssl_check_hostname": False} if unverified else {}),
        "socket_timeout": seconds,
        "socket_connect_timeout": seconds,
        "retry": Retry(NoBackoff(), 1),
    }


def count_request() -> None:
    """Count a request; raise RateLimited where there were too many."""
    limiter, counted = current_app.extensions["limits"]
    try:
        counted()
    except RateLimitExceeded:
        refuse(of("REQUESTS"), asker.requester())
    finally:
        metrics.LIMITS_IN_PROCESS.set(limiter.limiter.storage is not limiter.storage)


def count_cost(cost: int) -> None:
    """Count what a request costs; raise RateLimited where that is too much with those before."""
    if cost:
        count(of("COST"), asker.requester(), cost=cost)


def count_mutation(name: str, given: dict[str, Any]) -> None:
    """Count one run of a mutation, if it is counted; raise RateLimited.

    A request may hold it several times, under any alias: each one counts.
    """
    for setting in MUTATIONS.get(name, []):
        count(setting, asker.KEYS[setting.partition("_")[0]](given), name)


def count(setting: str, *counter: str, cost: int = 1) -> None:
    """Count under a setting what a counter is named after; raise RateLimited where it is over that.

    Where Redis has gone since this request was counted, nobody is shut out for it.
    """
    limiter, _ = current_app.extensions["limits"]
    try:
        if limiter.limiter.hit(parsed(rate(setting)), *counter, setting, cost=cost):
            return
    except limiter.storage.base_exceptions as error:
        logger.warning("Not counted under %s: %s", setting, type(error).__name__)
        return
    refuse(setting, *counter)


def refuse(setting: str, *counter: str) -> None:
    """Raise RateLimited, with the seconds until one may ask again."""
    metrics.REFUSED.labels(setting).inc()
    seconds = max(1, left(setting, *counter)[1])
    raise RateLimited(f"That was too often; come again in {seconds} s.", retryAfter=seconds)


def left(setting: str, *counter: str) -> tuple[int, int]:
    """Return how much of a limit is left, and in how many seconds there is more."""
    limiter, _ = current_app.extensions["limits"]
    limit = parsed(rate(setting))
    try:
        window = limiter.limiter.get_window_stats(limit, *counter, setting)
    except limiter.storage.base_exceptions:
        return 0, limit.get_expiry()
    return window.remaining, max(0, math.ceil(window.reset_time - time.time()))


def rate(setting: str) -> str:
    """Return a limit as the library reads it, such as 120/minute."""
    return f"{current_app.config[setting]}/{setting.rpartition('_')[2].lower()}"


def of(what: str) -> str:
    """Return the name of the setting that bounds this for whoever asks."""
    return f"{asker.kind()}_{what}_PER_MINUTE"


def tell(response: Response) -> Response:
    """Add how much is left: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers."""
    limiter, _ = current_app.extensions["limits"]
    if limiter.current_limit:
        setting = of("REQUESTS")
        rest, seconds = left(setting, asker.requester())
        response.headers["RateLimit-Policy"] = f'"requests";q={current_app.config[setting]};w=60'
        response.headers["RateLimit"] = f'"requests";r={rest};t={seconds}'
    return response
