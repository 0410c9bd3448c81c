"""Every animal has a nickname, and is found by it."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Look at every row, and index it, while people read and write."""
    op.execute("ALTER TABLE animal VALIDATE CONSTRAINT animal_nickname_not_empty")
    with op.get_context().autocommit_block():
        op.execute("SET statement_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_animal_nickname")
        op.execute("CREATE INDEX CONCURRENTLY ix_animal_nickname ON animal (nickname)")


def downgrade() -> None:
    """Drop the index; a check that is valid may stay."""
    op.drop_index("ix_animal_nickname", "animal")
