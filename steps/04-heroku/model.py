"""The tables, and the rules that every row keeps."""

import re
import unicodedata

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates
from werkzeug.security import check_password_hash, generate_password_hash

from engine import db
from errors import BadUserInput

TEXT_LENGTH = 100
USERNAME = re.compile(r"[A-Za-z0-9_-]{3,30}")
PASSWORD_LENGTHS = range(8, 129)

# Nobody's password. It is checked where there is no user, so that both take the same time.
NO_HASH = generate_password_hash("nobody's password")


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


class User(db.Model):
    """Somebody with an account; the username is unique whatever its case."""

    __table_args__ = (Index("user_username_key", sa.text("lower(username)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(30))
    password_hash: Mapped[str] = mapped_column(String(200))

    @validates("username")
    def _well_formed(self, field: str, value: str) -> str:
        value = value.strip()
        if not USERNAME.fullmatch(value):
            message = "The username needs 3 to 30 letters, digits, underscores or hyphens."
            raise BadUserInput(message, field=field)
        return value

    def set_password(self, password: str) -> None:
        """Keep a hash of the password; raise BadUserInput unless it is 8 to 128 characters."""
        if len(password) not in PASSWORD_LENGTHS:
            raise BadUserInput("The password needs 8 to 128 characters.", field="password")
        if any(unicodedata.category(character) == "Cs" for character in password):
            raise BadUserInput("The password holds what is no character.", field="password")
        self.password_hash = generate_password_hash(password)

    @classmethod
    def logging_in(cls, username: str, password: str) -> "User | None":
        """Return the user with this name and password, in the same time whether there is one."""
        name, user = username.strip(), None
        if USERNAME.fullmatch(name):
            named = sa.func.lower(cls.username) == name.lower()
            user = db.session.scalar(sa.select(cls).where(named))
        stored = user.password_hash if user else NO_HASH
        sent = password.encode("utf-8", "replace").decode()
        return user if check_password_hash(stored, sent) else None
