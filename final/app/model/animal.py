"""The animal table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.engine import db
from app.engine.errors import BadUserInput
from app.model.dated import Dated
from app.model.named import Named

if TYPE_CHECKING:
    from app.model import User, Zoo


class Animal(Dated, Named, db.Model):
    """An animal: owned by one user, and living in one of that user's zoos, or in none."""

    __table_args__ = (
        CheckConstraint("name <> ''", name="animal_name_not_empty"),
        Index("ix_animal_page", "created_at", "id"),
        Index("ix_animal_owner_page", "owner_id", "created_at", "id"),
        Index("ix_animal_zoo_page", "zoo_id", "created_at", "id"),
        Index("ix_animal_name", "folded", "id"),
        Index(
            "ix_animal_search",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    zoo_id: Mapped[int | None] = mapped_column(ForeignKey("zoo.id", ondelete="SET NULL"))

    owner: Mapped[User] = relationship(back_populates="animals")
    zoo: Mapped[Zoo | None] = relationship(back_populates="animals")

    def move_to(self, zoo: Zoo | None) -> None:
        """Put the animal into a zoo, or into none; raise BadUserInput where it is another's."""
        if zoo is not None and zoo.owner_id != self.owner_id:
            message = "An animal lives in a zoo of its owner's; transfer it first."
            raise BadUserInput(message, field="zooId")
        self.zoo = zoo

    def transfer_to(self, owner: User) -> None:
        """Give the animal to a user; it leaves its zoo, which stays with the former owner."""
        self.owner = owner
        self.zoo = None
