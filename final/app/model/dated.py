"""What a row has to know to be listed by age."""

from datetime import datetime

from sqlalchemy import DateTime, func
from sqlalchemy.orm import Mapped, mapped_column


class Dated:
    """A row that knows since when it is there, to the microsecond."""

    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
