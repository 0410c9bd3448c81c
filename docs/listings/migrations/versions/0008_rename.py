"""The name of an animal is called its nickname."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Rename the column."""
    op.alter_column("animal", "name", new_column_name="nickname")


def downgrade() -> None:
    """Rename it back."""
    op.alter_column("animal", "nickname", new_column_name="name")
