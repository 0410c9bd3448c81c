"""Every setting: an environment variable, with a default that suits a laptop.

With APP_ENV=production the app does not start on those defaults that suit nothing else.
"""

import os
from datetime import timedelta

# Keys that stand in public: in this file and in .env.example.
LAPTOP_KEY = "for-a-laptop-alone-and-known-to-everybody"
KNOWN_KEYS = {LAPTOP_KEY, "choose-at-least-32-bytes-that-nobody-guesses"}

APP_ENV = os.environ.get("APP_ENV", "local")


def with_driver(url: str) -> str:
    """Return the database's URL with the driver's name in it; Heroku's begins with postgres://."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


SQLALCHEMY_DATABASE_URI = with_driver(
    os.environ.get("DATABASE_URL", "postgresql+psycopg://zoo:zoo@127.0.0.1:5499/zoo")
)

# A pooler lends a connection for one transaction, and the next may run on another: nothing that a
# connection remembers can be counted on, neither prepared statements nor what it was told first.
TRANSACTION_POOLER = os.environ.get("TRANSACTION_POOLER", "0") == "1"
REMEMBERED = {"options": f"-c statement_timeout={os.environ.get('STATEMENT_SECONDS', '5')}s"}

# A connection that the database has closed meanwhile is found out, and replaced, before its use.
# What all processes may hold together, the database must have; whose threads are more than its
# connections lets them take turns, and nobody waits for ever.
SQLALCHEMY_ENGINE_OPTIONS = {
    "pool_pre_ping": True,
    "pool_size": int(os.environ.get("DATABASE_POOL_SIZE", "4")),
    "max_overflow": 0,
    "pool_timeout": 3,  # seconds
    "connect_args": {"prepare_threshold": None} if TRANSACTION_POOLER else REMEMBERED,
}

# Where GraphiQL's scripts come from. Integrity hashes in the page pin what they may contain.
GRAPHIQL_URL = os.environ.get("GRAPHIQL_URL", "https://unpkg.com")

MAX_CONTENT_LENGTH = int(os.environ.get("MAX_BODY_BYTES", "100000"))

# Images are kept in the bucket where one is named, else in the folder. Google's libraries find
# their credentials themselves; where a platform has no files, the key's JSON is a setting.
MAX_UPLOAD_BYTES = int(os.environ.get("MAX_UPLOAD_BYTES", "5000000"))
IMAGE_FOLDER = os.environ.get("IMAGE_FOLDER", "images")
BUCKET = os.environ.get("BUCKET", "")
GOOGLE_CREDENTIALS = os.environ.get("GOOGLE_CREDENTIALS", "")

# With imgix before the bucket, it makes images smaller; the token signs what it is asked for.
IMGIX_DOMAIN = os.environ.get("IMGIX_DOMAIN", "")
IMGIX_TOKEN = os.environ.get("IMGIX_TOKEN", "")

# How many proxies to believe about who is asking. One too many, and anybody can pretend.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))

# Whoever knows this key can make tokens for anybody: at least 32 bytes, and never this one.
JWT_SECRET_KEY = os.environ.get("JWT_SECRET_KEY", LAPTOP_KEY)
JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=int(os.environ.get("ACCESS_TOKEN_MINUTES", "15")))
JWT_REFRESH_TOKEN_EXPIRES = timedelta(days=int(os.environ.get("REFRESH_TOKEN_DAYS", "30")))
JWT_TOKEN_LOCATION = ["headers"]
JWT_ENCODE_ISSUER = JWT_DECODE_ISSUER = JWT_ENCODE_AUDIENCE = JWT_DECODE_AUDIENCE = "zoo"
JWT_DECODE_LEEWAY = 10  # seconds that the clocks of two machines may be apart

# Who has not confirmed an e-mail address may read, and may change nothing but the account.
REQUIRE_CONFIRMED_EMAIL = os.environ.get("REQUIRE_CONFIRMED_EMAIL", "1") == "1"
CONFIRM_LIFETIME = timedelta(hours=int(os.environ.get("CONFIRM_HOURS", "48")))
UNCONFIRMED_LIFETIME = timedelta(days=int(os.environ.get("UNCONFIRMED_DAYS", "30")))
RESET_LIFETIME = timedelta(minutes=int(os.environ.get("RESET_MINUTES", "30")))

# Where the links in e-mails lead: to whatever shows people a page, and sends the token to the API.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")

# Letters are sent through this server, smtp://host:port or smtps://user:password@host; without it
# they are shown in the log.
SMTP_URL = os.environ.get("SMTP_URL", "")
MAIL_DEFAULT_SENDER = os.environ.get("MAIL_FROM", "zoo@localhost")
MAIL_TIMEOUT = int(os.environ.get("SMTP_SECONDS", "10"))


class UnsafeSettings(Exception):
    """The app would start on settings that its place does not allow."""


def check(debug: bool) -> None:
    """Raise UnsafeSettings, which names the variables, where production would be unsafe."""
    if APP_ENV not in ("local", "production"):
        raise UnsafeSettings("APP_ENV is neither local nor production.")
    unsafe = {
        "DATABASE_URL is not set.": not os.environ.get("DATABASE_URL"),
        "JWT_SECRET_KEY is not set, or everybody knows it.": JWT_SECRET_KEY in KNOWN_KEYS,
        "JWT_SECRET_KEY has fewer than 32 bytes.": len(JWT_SECRET_KEY.encode()) < 32,
        "FLASK_DEBUG is on.": debug,
        "BUCKET is not set.": not BUCKET,
        "SMTP_URL is not smtps://….": not SMTP_URL.startswith("smtps://"),
        "MAIL_FROM is not set.": "MAIL_FROM" not in os.environ,
        "PUBLIC_URL is not https://….": not PUBLIC_URL.startswith("https://"),
        "GOOGLE_CREDENTIALS is no JSON.": GOOGLE_CREDENTIALS[:1] not in ("", "{"),
        "IMGIX_TOKEN is not set.": bool(IMGIX_DOMAIN) and not IMGIX_TOKEN,
        "STORAGE_EMULATOR_HOST is set.": "STORAGE_EMULATOR_HOST" in os.environ,
    }
    found = [sentence for sentence, is_so in unsafe.items() if is_so]
    if APP_ENV == "production" and found:
        raise UnsafeSettings(f"Production does not start like this: {' '.join(found)}")
