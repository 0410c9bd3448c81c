"""The image table."""

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.engine import db
from app.model.user import User


class Image(db.Model):
    """An image that somebody has uploaded; its bytes are in the storage, under its name."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)

    @classmethod
    def is_named(cls, name: str) -> bool:
        """Tell whether a row needs the image of this name."""
        kept = sa.exists().where(cls.name == name)
        shown = sa.exists().where(User.image_name == name)
        return db.session.scalar(sa.select(kept | shown))
