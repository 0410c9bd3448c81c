"""Every setting: an environment variable with its type, its default and what production asks.

Any of them may come from a file, as secrets are mounted: NAME_FILE says where it is.
"""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from bounds import Bounds, Count
from production import LAPTOP_KEY, Json, Off, Production, Redis, Set, secret_key

ORIGINS = r"^(https?://[\w.-]+(:\d+)?( +|$))*$"
LAPTOP_DATABASE = "postgresql://zoo:zoo@127.0.0.1:5499/zoo"


class Settings(Bounds):
    """The settings of one application; names in lower case here, in capitals outside."""

    app_env: Literal["local", "production"] = "local"
    """Where it runs; production refuses what suits a laptop alone."""
    flask_debug: Annotated[bool, Off] = False
    """Flask's debugger, with which whoever makes an error runs code."""
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    """How many proxies to believe about who asks. One too many, and anybody can pretend."""
    public_url: Annotated[
        str, Production("has to be https://…", lambda url: url.startswith("https://"))
    ] = "http://127.0.0.1:8000"
    """Where the links in e-mails lead: to what shows people a page, and sends the token here."""
    cors_origins: Annotated[str, Field(pattern=ORIGINS)] = ""
    """The other sites whose scripts may ask, https://zoo.example, with spaces between them."""
    graphiql_url: str = "https://unpkg.com"
    """Where GraphiQL's scripts come from; integrity hashes pin what they may contain."""
    introspection: bool | None = None
    """GraphiQL, and the schema for whoever asks; without a word, off in production and else on."""
    trusted_documents: str = ""
    """The file that `flask documents` wrote: nothing else runs then. Without it, anything may."""
    ratelimit_storage_url: Annotated[SecretStr, Redis] = SecretStr("")
    """Redis, redis://:password@host:port, where all processes count; without it, each by itself."""
    ratelimit_storage_verified: bool = True
    """Off where a rediss:// shows a certificate of its own making, as Heroku's does."""

    database_url: Annotated[
        SecretStr, Production("has to be set", lambda url: url != LAPTOP_DATABASE)
    ] = SecretStr(LAPTOP_DATABASE)
    """Postgres: postgres://user:password@host:port/database?sslmode=require."""
    database_pool_size: Count = 4
    """Connections a process may hold; those of all processes together, the database must have."""
    database_pool_seconds: float = 3
    """How long a request waits for a connection, before it is told to come again."""
    statement_seconds: Count = 5
    """How long Postgres works at one statement."""
    transaction_pooler: bool = False
    """On behind PgBouncer, where a connection remembers nothing after a transaction."""

    jwt_secret_key: Annotated[
        SecretStr, Production("has to be 32 bytes or more that nobody knows", secret_key)
    ] = SecretStr(LAPTOP_KEY)
    """Whoever knows it makes tokens for anybody."""
    access_token_minutes: Count = 15
    """How long an access token is good for."""
    refresh_token_days: Count = 30
    """How long a session lives that nobody refreshes."""
    require_confirmed_email: bool = True
    """Off, and people change zoos and animals before they have confirmed their address."""
    confirm_hours: Count = 48
    """How long the letter to confirm an address is good for."""
    reset_minutes: Count = 30
    """How long the letter to choose a new password is good for."""
    unconfirmed_days: Count = 30
    """How long an account is kept that nobody confirms; `flask sweep` deletes it then."""

    smtp_url: Annotated[
        SecretStr, Production("has to be smtps://…", lambda url: url.startswith("smtps://"))
    ] = SecretStr("")
    """The mail server, smtps://user:password@host:port; without one, letters are in the log."""
    smtp_seconds: Count = 10
    """How long the mail server has for each of its answers."""
    mail_from: Annotated[
        str, Production("has to be set", lambda address: address != "zoo@localhost")
    ] = "zoo@localhost"
    """The address that letters come from."""

    bucket: Annotated[str, Set] = ""
    """The bucket of Google Cloud Storage that images are kept in; without one, a folder."""
    image_folder: str = "images"
    """The folder for images, where there is no bucket."""
    google_credentials: Annotated[SecretStr, Json] = SecretStr("")
    """A service account's key as JSON, where Google's libraries find no credentials themselves."""
    storage_emulator_host: Annotated[str, Off] = ""
    """A stand-in for Google Cloud Storage, which forgets and lets everybody in."""
    imgix_domain: str = ""
    """imgix before the bucket, which makes images smaller: its domain."""
    imgix_token: SecretStr = SecretStr("")
    """What imgix checks the addresses of images with."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least that is logged."""
    slow_statement_milliseconds: Annotated[float, Field(ge=0)] = 500
    """Statements that take longer are logged, with the operation that needed them."""
    metrics_token: SecretStr = SecretStr("")
    """What /metrics is asked with, as a bearer token; without one, production shows no metrics."""
    otel_exporter_otlp_endpoint: str = ""
    """Where OpenTelemetry's traces go, http://host:4318; without it, nothing is traced."""

    @field_validator("imgix_token")
    @classmethod
    def signed(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        """Return the token; raise PydanticCustomError where imgix would serve everybody."""
        if info.data.get("imgix_domain") and not token:
            raise PydanticCustomError("unsigned", "has to be set where IMGIX_DOMAIN is")
        return token
