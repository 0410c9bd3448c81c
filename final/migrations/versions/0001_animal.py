"""Animals, as the first step has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table, unless `flask init-db` has done so in former days."""
    if sa.inspect(op.get_bind()).has_table("animal"):
        return
    op.create_table(
        "animal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.CheckConstraint("name <> ''", name="animal_name_not_empty"),
    )


def downgrade() -> None:
    """Drop the table, with every animal in it."""
    op.drop_table("animal")
