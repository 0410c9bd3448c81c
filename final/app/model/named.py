"""What a row has to have to be searched for, and listed, by its name."""

from sqlalchemy import Computed, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.model.text import TEXT_LENGTH, text


class Named:
    """A row with a name, which Postgres also keeps without case and accents."""

    name: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    folded: Mapped[str] = mapped_column(
        Text(collation="C"), Computed("folded(name)", persisted=True)
    )

    @validates("name")
    def _readable(self, field: str, value: str) -> str:
        return text(field, value)
