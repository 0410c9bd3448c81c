"""The letter table: e-mails that are still to be sent, kept with the change that they tell of."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import DateTime, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.engine import db
from app.model.dated import Dated
from app.model.user import User


class Letter(Dated, db.Model):
    """An e-mail to a user; what it says, a token among it, is made when it is sent."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now(), index=True
    )

    user: Mapped[User] = relationship()

    @classmethod
    def next(cls) -> Letter | None:
        """Return a letter that is due, locked and unseen by others, or None."""
        due = sa.select(cls).where(cls.due_at <= func.now()).order_by(cls.due_at)
        return db.session.scalar(due.limit(1).with_for_update(of=cls, skip_locked=True))

    def postpone(self) -> None:
        """Try again later: after one minute, then two, four, and so on."""
        self.due_at = func.now() + timedelta(minutes=2**self.attempts)
        self.attempts += 1
