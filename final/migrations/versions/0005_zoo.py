"""Zoos, and an owner for every animal."""

import secrets

import sqlalchemy as sa
from alembic import op
from werkzeug.security import generate_password_hash

revision = "0005"
down_revision = "0002"

# Who gets the animals that were made before owners existed. Nobody knows the password.
FIRST_OWNER = "first-keeper"


def upgrade() -> None:
    """Create the zoo table; give each animal an owner, and the place for a zoo."""
    op.create_table(
        "zoo",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], ondelete="RESTRICT"),
        sa.CheckConstraint("name <> ''", name="zoo_name_not_empty"),
    )
    op.create_index("ix_zoo_owner_id", "zoo", ["owner_id"])
    for column in (
        sa.Column("owner_id", sa.Integer, sa.ForeignKey("user.id", ondelete="RESTRICT")),
        sa.Column("zoo_id", sa.Integer, sa.ForeignKey("zoo.id", ondelete="SET NULL")),
    ):
        op.add_column("animal", column)
    adopt(op.get_bind())
    op.alter_column("animal", "owner_id", nullable=False)
    op.create_index("ix_animal_owner_id", "animal", ["owner_id"])
    op.create_index("ix_animal_zoo_id", "animal", ["zoo_id"])


def adopt(connection: sa.Connection) -> None:
    """Give the animals that are there to a new user, whose name nobody else has."""
    if not connection.scalar(sa.text("SELECT count(*) FROM animal")):
        return
    taken = set(connection.scalars(sa.text('SELECT lower(username) FROM "user"')))
    names = (f"{FIRST_OWNER}{suffix}" for suffix in ["", *range(2, len(taken) + 3)])
    user = {
        "name": next(name for name in names if name not in taken),
        "hash": generate_password_hash(secrets.token_urlsafe()),
    }
    insert = 'INSERT INTO "user" (username, password_hash) VALUES (:name, :hash) RETURNING id'
    owner = connection.scalar(sa.text(insert), user)
    connection.execute(sa.text("UPDATE animal SET owner_id = :owner"), {"owner": owner})


def downgrade() -> None:
    """Forget zoos and owners; animals and users stay."""
    op.drop_column("animal", "zoo_id")
    op.drop_column("animal", "owner_id")
    op.drop_table("zoo")
