"""What Flask and its extensions are told, made from the settings."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr, ValidationError

from settings import Settings


class UnsafeSettings(Exception):
    """Settings that cannot be understood, or that production does not allow."""


def read(**given: Any) -> Settings:
    """Return the settings: what is given, else from a file, else from the environment.

    Raise UnsafeSettings, which names whatever is wrong, and shows no value.
    """
    try:
        return Settings(**(mounted() | given))
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'])).upper()} {e['msg']}." for e in error.errors()]
        raise UnsafeSettings(f"The app does not start like this: {' '.join(wrong)}") from None


def mounted() -> dict[str, str]:
    """Return the settings whose files the environment names; raise UnsafeSettings."""
    texts = {}
    for name in Settings.model_fields:
        path = os.environ.get(f"{name.upper()}_FILE")
        if path and os.environ.get(name.upper()):
            raise UnsafeSettings(f"{name.upper()} and {name.upper()}_FILE are set: leave one out.")
        if path:
            try:
                texts[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                raise UnsafeSettings(f"{name.upper()}_FILE cannot be read: {error}") from None
    return texts


def for_flask(settings: Settings) -> dict[str, Any]:
    """Return the configuration: every setting by its name, and what extensions ask for."""
    plain = {
        name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in settings
    }
    asked = settings.introspection
    return (
        plain
        | for_database(settings)
        | for_tokens(settings)
        | for_mail(plain["SMTP_URL"])
        | {
            "INTROSPECTION": settings.app_env == "local" if asked is None else asked,
            "MAX_CONTENT_LENGTH": settings.max_body_bytes,
            "MAIL_DEFAULT_SENDER": settings.mail_from,
            "MAIL_TIMEOUT": settings.smtp_seconds,
            "CONFIRM_LIFETIME": timedelta(hours=settings.confirm_hours),
            "RESET_LIFETIME": timedelta(minutes=settings.reset_minutes),
            "UNCONFIRMED_LIFETIME": timedelta(days=settings.unconfirmed_days),
        }
    )


def for_database(settings: Settings) -> dict[str, Any]:
    """Return what SQLAlchemy is told.

    A connection that the database has closed meanwhile is found out, and replaced, before its use.
    A pooler lends a connection for one transaction, and the next may run on another: there,
    neither prepared statements can be counted on nor what the connection was told first.
    """
    pooled = {"prepare_threshold": None}
    told = {"options": f"-c statement_timeout={settings.statement_seconds}s"}
    return {
        "SQLALCHEMY_DATABASE_URI": with_driver(settings.database_url.get_secret_value()),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,
            "pool_size": settings.database_pool_size,
            "max_overflow": 0,
            "pool_timeout": settings.database_pool_seconds,
            "hide_parameters": True,
            # Seconds; by itself, the driver waits two minutes for a database that hangs.
            "connect_args": {"connect_timeout": 3}
            | (pooled if settings.transaction_pooler else told),
        },
    }


def with_driver(url: str) -> str:
    """Return the database's URL with the driver's name in it; Heroku's begins with postgres://."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def for_tokens(settings: Settings) -> dict[str, Any]:
    """Return what flask-jwt-extended is told; the key goes by its own name."""
    parts = ("ENCODE_ISSUER", "DECODE_ISSUER", "ENCODE_AUDIENCE", "DECODE_AUDIENCE")
    return {
        "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=settings.access_token_minutes),
        "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=settings.refresh_token_days),
        "JWT_TOKEN_LOCATION": ["headers"],
        "JWT_DECODE_LEEWAY": 10,  # seconds that the clocks of two machines may be apart
        **{f"JWT_{part}": "zoo" for part in parts},
    }


def for_mail(url: str) -> dict[str, Any]:
    """Return what flask-mailman is told; without a server, letters are shown in the log."""
    try:
        server = urlsplit(url)
        port = server.port or (465 if server.scheme == "smtps" else 25)
    except ValueError:
        raise UnsafeSettings("SMTP_URL has to look like smtps://user:password@host:465.") from None
    return {
        "MAIL_BACKEND": "smtp" if server.hostname else "console",
        "MAIL_SERVER": server.hostname,
        "MAIL_PORT": port,
        "MAIL_USERNAME": unquote(server.username or "") or None,
        "MAIL_PASSWORD": unquote(server.password or "") or None,
        "MAIL_USE_SSL": server.scheme == "smtps",
    }
