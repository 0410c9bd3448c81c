"""What a text has to be, whatever it names."""

import unicodedata

from app.engine.errors import BadUserInput

TEXT_LENGTH = 100


def text(field: str, value: str) -> str:
    """Return the value trimmed; raise BadUserInput unless it is 1 to 100 readable characters."""
    value = value.strip()
    if not 1 <= len(value) <= TEXT_LENGTH:
        raise BadUserInput(f"The {field} needs 1 to {TEXT_LENGTH} characters.", field=field)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise BadUserInput(f"The {field} holds a character that is no text.", field=field)
    return value
