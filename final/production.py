"""What production asks of a setting, beyond what it is anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

# Keys that stand in public: in this file and in .env.example.
LAPTOP_KEY = "for-a-laptop-alone-and-known-to-everybody"
KNOWN_KEYS = {LAPTOP_KEY, "choose-at-least-32-bytes-that-nobody-guesses"}


@dataclass(frozen=True)
class Production:
    """What production asks of a setting: in words, and as a test of its plain value."""

    words: str
    passes: Callable[[Any], bool]

    def __get_pydantic_core_schema__(self, source, handler):
        """Have pydantic check the value after it has read it."""
        return core_schema.with_info_after_validator_function(self.check, handler(source))

    def check(self, value: Any, info: ValidationInfo) -> Any:
        """Return the value; raise PydanticCustomError where production would be unsafe."""
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if info.data.get("app_env") == "production" and not self.passes(plain):
            raise PydanticCustomError("production", "{words}", {"words": self.words})
        return value


def secret_key(key: str) -> bool:
    """Tell whether only the operator can know this key."""
    return len(key.encode()) >= 32 and key not in KNOWN_KEYS


Off = Production("has to be off", lambda value: not value)
Set = Production("has to be set", bool)
Json = Production("has to be JSON, not the name of a file", lambda text: text[:1] in ("", "{"))
Redis = Production(
    "has to be redis://… or rediss://…", lambda url: url.startswith(("redis://", "rediss://"))
)
