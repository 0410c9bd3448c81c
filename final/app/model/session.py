"""The session table: one row for each device on which somebody is logged in."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.engine import db
from app.model.dated import Dated


class Session(Dated, db.Model):
    """A login and what came of it; `refresh_id` names the one refresh token that is not spent."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    refresh_id: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)

    def renew(self, lifetime: timedelta) -> None:
        """Spend the refresh token; the next one lives as long as a first one."""
        self.refresh_id = uuid.uuid4()
        self.expires_at = datetime.now(UTC) + lifetime

    @classmethod
    def end(cls, *whose: sa.ColumnElement[bool]) -> int:
        """Delete the sessions of which all of this is true; return how many there were."""
        return db.session.execute(sa.delete(cls).where(*whose)).rowcount
