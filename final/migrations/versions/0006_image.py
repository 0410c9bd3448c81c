"""Images, and the one that a user shows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table, and the column that names a user's image."""
    op.create_table(
        "image",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_image_owner_id", "image", ["owner_id"])
    op.add_column("user", sa.Column("image_name", sa.String(100)))
    op.create_index("ix_user_image_name", "user", ["image_name"])


def downgrade() -> None:
    """Forget which images there are; the files stay where they are."""
    op.drop_column("user", "image_name")
    op.drop_table("image")
