"""What a text has to be, whatever it names."""

import unicodedata

from app.engine.errors import BadUserInput

TEXT_LENGTH = 100
UNSEEN = {"Cf", "Zs"}  # what joins letters, and spaces: fine beside others
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # what follows, too


def text(field: str, value: str) -> str:
    """Return the value trimmed; raise BadUserInput unless it is 1 to 100 readable characters."""
    value = value.strip()
    kinds = {unicodedata.category(character) for character in value}
    if kinds <= UNSEEN or len(value) > TEXT_LENGTH:
        raise BadUserInput(f"The {field} needs 1 to {TEXT_LENGTH} characters.", field=field)
    if kinds & {"Cc", "Cs"} or TURNING & set(value):
        raise BadUserInput(f"The {field} holds a character that is no text.", field=field)
    return value
