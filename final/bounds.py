"""How much anybody may have: of one request, and of many."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Count = Annotated[int, Field(ge=1)]


class Bounds(BaseSettings):
    """The settings that bound what is asked."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    max_body_bytes: Count = 100_000
    """The longest body of a request without files."""
    max_upload_bytes: Count = 5_000_000
    """The longest body of a request with a file."""
    max_tokens: Count = 1_000
    """How many tokens its document may have, and how many values its variables."""
    max_depth: Count = 12
    """How many fields may stand in one another."""
    max_root_fields: Count = 10
    """How many queries or mutations it may hold."""
    max_aliases: Count = 15
    """How many of its fields may have names of their own."""
    max_directives: Count = 20
    """How many directives it may have."""
    max_cost: Count = 2_000
    """How many objects it may load; a list counts each row that it may show."""

    request_seconds: Count = 10
    """How long one request may work: after that it begins no statement, and the last is ended."""
    address_queue_milliseconds: Count = 100
    """How long a stranger's may wait for a thread; after that it is refused, for others' sake."""
    person_queue_milliseconds: Count = 500
    """How long one with a token may wait for it."""

    address_requests_per_minute: Count = 120
    """How often one may ask from an address without a token; of IPv6, from a /64."""
    person_requests_per_minute: Count = 600
    """How often one may ask with the tokens of one person."""
    address_cost_per_minute: Count = 20_000
    """What all that is asked from an address may cost, as MAX_COST counts it."""
    person_cost_per_minute: Count = 100_000
    """What all that is asked with the tokens of one person may cost."""
    address_logins_per_minute: Count = 20
    """How often a password or a refresh token may be tried from an address."""
    account_logins_per_minute: Count = 5
    """How often a password or a refresh token may be tried for one account."""
    address_letters_per_hour: Count = 10
    """How often an address may have letters sent: for accounts, for passwords, once more."""
    account_letters_per_hour: Count = 5
    """How many letters of a kind may be asked for by one account, or one e-mail address."""
    person_uploads_per_minute: Count = 10
    """How many images one person may send."""
