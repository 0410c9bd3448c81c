"""The user table, and the passwords' hashes in it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from werkzeug.security import check_password_hash, generate_password_hash

from app.engine import db
from app.engine.errors import BadUserInput
from app.model.dated import Dated

if TYPE_CHECKING:
    from app.model import Animal, Zoo

USERNAME = re.compile(r"[A-Za-z0-9_-]{3,30}")
PASSWORD_LENGTHS = range(8, 129)

# Nobody's password. It is checked where there is no user, so that both take the same time.
NO_HASH = generate_password_hash("nobody's password")


class User(Dated, db.Model):
    """Somebody with an account; the username is unique whatever its case."""

    __table_args__ = (
        Index("user_username_key", sa.text("lower(username)"), unique=True),
        Index("ix_user_page", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(30))
    password_hash: Mapped[str] = mapped_column(String(200))
    image_name: Mapped[str | None] = mapped_column(String(100), index=True)

    zoos: Mapped[list[Zoo]] = relationship(back_populates="owner", order_by="Zoo.id")
    animals: Mapped[list[Animal]] = relationship(back_populates="owner", order_by="Animal.id")

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
    def logging_in(cls, username: str, password: str) -> User | None:
        """Return the user with this name and password, in the same time whether there is one."""
        name, user = username.strip(), None
        if USERNAME.fullmatch(name):
            named = sa.func.lower(cls.username) == name.lower()
            user = db.session.scalar(sa.select(cls).where(named))
        stored = user.password_hash if user else NO_HASH
        sent = password.encode("utf-8", "replace").decode()
        return user if check_password_hash(stored, sent) else None
