"""The tables, and the rules that every row keeps."""

import unicodedata

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from engine import db
from errors import BadUserInput

TEXT_LENGTH = 100


def text(field: str, value: str) -> str:
    """Return the value trimmed; raise BadUserInput unless it is 1 to 100 readable characters."""
    value = value.strip()
    if not 1 <= len(value) <= TEXT_LENGTH:
        raise BadUserInput(f"The {field} needs 1 to {TEXT_LENGTH} characters.", field=field)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise BadUserInput(f"The {field} holds a character that is no text.", field=field)
    return value


class Animal(db.Model):
    """An animal, known by its name."""

    __table_args__ = (CheckConstraint("name <> ''", name="animal_name_not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(TEXT_LENGTH))

    @validates("name")
    def _readable(self, field: str, value: str) -> str:
        return text(field, value)
