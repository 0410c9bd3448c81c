"""Users, whose names are unique whatever their case."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "user",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(30), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
    )
    op.create_index("user_username_key", "user", [sa.text("lower(username)")], unique=True)


def downgrade() -> None:
    """Drop the table, with every account in it."""
    op.drop_table("user")
