"""The age of every row, and the indexes that lists are read from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# The owner or the zoo of a list comes first: such an index also does what one on it alone did.
PAGES = (
    ("ix_user_page", "user", []),
    ("ix_zoo_page", "zoo", []),
    ("ix_zoo_owner_page", "zoo", ["owner_id"]),
    ("ix_animal_page", "animal", []),
    ("ix_animal_owner_page", "animal", ["owner_id"]),
    ("ix_animal_zoo_page", "animal", ["zoo_id"]),
)


def upgrade() -> None:
    """Add the time, which is now for the rows that are there, and the indexes."""
    now = sa.func.now()
    for table in ("user", "zoo", "animal"):
        column = sa.Column("created_at", sa.DateTime(timezone=True), server_default=now)
        op.add_column(table, column)
        op.alter_column(table, "created_at", nullable=False)
    for name, table, columns in PAGES:
        op.create_index(name, table, [*columns, "created_at", "id"])
        for column in columns:
            op.drop_index(f"ix_{table}_{column}", table)


def downgrade() -> None:
    """Forget how old rows are."""
    for _, table, columns in PAGES:
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])
    for table in ("user", "zoo", "animal"):
        op.drop_column(table, "created_at")
