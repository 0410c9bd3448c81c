"""The user table, and the passwords' hashes in it."""

from __future__ import annotations

import re
import threading
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from werkzeug.security import check_password_hash

from app.engine import db
from app.engine.errors import BadUserInput
from app.model.dated import Dated

if TYPE_CHECKING:
    from app.model import Animal, Zoo

USERNAME = re.compile(r"[A-Za-z0-9_-]{3,30}")
PASSWORD_LENGTHS = range(8, 129)
# What every mail server takes, and no more: https://html.spec.whatwg.org/#valid-e-mail-address
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
EMAIL_LENGTH = 254

# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
hashing = threading.Lock()  # one at a time, in each process: it takes a processor

# Nobody's password. It is checked where there is no user, so that both take the same time.
NO_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$otCSGLHQcLQQbXXmHCgc2Q$"
    "1Q/YEnEp9JbdZPWfFwWDsExbKH5zyEblhWtlMiRDg+E"
)


class User(Dated, db.Model):
    """Somebody with an account; the username is unique whatever its case.

    An e-mail address is unique among those that are confirmed: whoever registers learns of nobody.
    """

    __table_args__ = (
        Index("user_username_key", sa.text("lower(username)"), unique=True),
        Index(
            "user_email_key",
            sa.text("lower(email)"),
            unique=True,
            postgresql_where=sa.text("email_confirmed"),
        ),
        Index("ix_user_page", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    email_confirmed: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    password_hash: Mapped[str] = mapped_column(String(200))
    image_name: Mapped[str | None] = mapped_column(String(100), index=True)
    image_width: Mapped[int | None]
    image_height: Mapped[int | None]

    zoos: Mapped[list[Zoo]] = relationship(back_populates="owner", order_by="Zoo.id")
    animals: Mapped[list[Animal]] = relationship(back_populates="owner", order_by="Animal.id")

    @validates("username")
    def _well_formed(self, field: str, value: str) -> str:
        value = value.strip()
        if not USERNAME.fullmatch(value):
            message = "The username needs 3 to 30 letters, digits, underscores or hyphens."
            raise BadUserInput(message, field=field)
        return value

    @validates("email")
    def _deliverable(self, field: str, value: str) -> str:
        value = value.strip()
        if len(value) > EMAIL_LENGTH or not EMAIL.fullmatch(value):
            raise BadUserInput("This is no e-mail address.", field=field)
        return value

    def set_password(self, password: str) -> None:
        """Keep a hash of the password; raise BadUserInput unless it is 8 to 128 characters."""
        if len(password) not in PASSWORD_LENGTHS:
            raise BadUserInput("The password needs 8 to 128 characters.", field="password")
        if any(unicodedata.category(character) == "Cs" for character in password):
            raise BadUserInput("The password holds what is no character.", field="password")
        with hashing:
            self.password_hash = hasher.hash(password)

    @classmethod
    def shows(cls, image_name: str) -> bool:
        """Tell whether somebody shows the image of this name."""
        return db.session.scalar(sa.select(sa.exists().where(cls.image_name == image_name)))

    @classmethod
    def forget(cls, before: sa.ColumnElement[datetime]) -> int:
        """Delete accounts of then whose address was never confirmed, and that own nothing."""
        never = cls.email.is_not(None), ~cls.email_confirmed, cls.created_at < before
        poor = ~cls.zoos.any(), ~cls.animals.any()
        return db.session.execute(sa.delete(cls).where(*never, *poor)).rowcount

    @classmethod
    def named(cls, username: str) -> User | None:
        """Return the user with this name, whatever its case, or None."""
        name = username.strip()
        if not USERNAME.fullmatch(name):
            return None
        return db.session.scalar(sa.select(cls).where(sa.func.lower(cls.username) == name.lower()))

    @classmethod
    def logging_in(cls, username: str, password: str) -> User | None:
        """Return the user with this name and password, in the same time whether there is one."""
        user = cls.named(username)
        stored = user.password_hash if user else NO_HASH
        if not is_password(stored, password) or user is None:
            return None
        if outdated(stored):
            user.set_password(password)
        return user

    def has_password(self, password: str) -> bool:
        """Tell whether this is the user's password."""
        return is_password(self.password_hash, password)


def is_password(stored: str, password: str) -> bool:
    """Tell whether a hash is that of the password; the steps before made theirs with scrypt."""
    sent = password[: PASSWORD_LENGTHS[-1] + 1].encode("utf-8", "replace").decode()
    with hashing:
        if stored.startswith("scrypt:"):
            return check_password_hash(stored, sent)
        try:
            return hasher.verify(stored, sent)
        except (Argon2Error, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with less effort than today's."""
    return stored.startswith("scrypt:") or hasher.check_needs_rehash(stored)
