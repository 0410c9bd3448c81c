"""The zoo table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.engine import db
from app.model.animal import Animal
from app.model.dated import Dated
from app.model.named import Named

if TYPE_CHECKING:
    from app.model import User


class Zoo(Dated, Named, db.Model):
    """A zoo: owned by one user, whose animals may live in it."""

    __table_args__ = (
        CheckConstraint("name <> ''", name="zoo_name_not_empty"),
        Index("ix_zoo_page", "created_at", "id"),
        Index("ix_zoo_owner_page", "owner_id", "created_at", "id"),
        Index("ix_zoo_name", "folded", "id"),
        Index(
            "ix_zoo_search",
            "folded",
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))

    owner: Mapped[User] = relationship(back_populates="zoos")
    animals: Mapped[list[Animal]] = relationship(
        back_populates="zoo", order_by="Animal.id", passive_deletes=True
    )

    def transfer_to(self, owner: User) -> None:
        """Give the zoo to a user, and with it the animals that live in it."""
        self.owner = owner
        living_here = Animal.zoo_id == self.id
        db.session.execute(sa.update(Animal).where(living_here).values(owner_id=owner.id))
