"""Sessions, letters, e-mail addresses, names that can be searched for; no images but users'."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# unaccent() itself may change with its dictionary, so that no index would take it; the one that is
# named here does not change.
FOLDED = """
CREATE FUNCTION folded(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(public.unaccent('public.unaccent'::regdictionary, name))
"""


def upgrade() -> None:
    """Create what is new; whoever has an account keeps it, and adds an address later."""
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    op.execute(FOLDED)
    fold_names()
    add_addresses()
    for side in ("width", "height"):
        op.add_column("user", sa.Column(f"image_{side}", sa.Integer))
    op.drop_table("image")
    create_session()
    create_letter()


def fold_names() -> None:
    """Keep every name without case and accents, too, and index it for orders and searches."""
    for table in ("zoo", "animal"):
        folded = sa.Column(
            "folded", sa.Text(collation="C"), sa.Computed("folded(name)", persisted=True)
        )
        op.add_column(table, folded)
        op.alter_column(table, "folded", nullable=False)
        op.create_index(f"ix_{table}_name", table, ["folded", "id"])
        op.create_index(
            f"ix_{table}_search",
            table,
            ["folded"],
            postgresql_using="gin",
            postgresql_ops={"folded": "gin_trgm_ops"},
        )


def add_addresses() -> None:
    """Give users an address, which is unique among the confirmed ones."""
    op.add_column("user", sa.Column("email", sa.String(254)))
    confirmed = sa.Column("email_confirmed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("user", confirmed)
    op.create_index(
        "user_email_key",
        "user",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("email_confirmed"),
    )


def create_session() -> None:
    """Create the table of logins."""
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("refresh_id", sa.Uuid, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        created_at(),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_session_user_id", "session", ["user_id"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])


def create_letter() -> None:
    """Create the table of e-mails to be sent."""
    now = sa.func.now()
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        created_at(),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_letter_user_id", "letter", ["user_id"])
    op.create_index("ix_letter_due_at", "letter", ["due_at"])


def created_at() -> sa.Column:
    """Return the column that says since when a row is there."""
    now = sa.func.now()
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False)


def downgrade() -> None:
    """Forget who is logged in, addresses and letters; images that were dropped stay dropped."""
    op.drop_table("letter")
    op.drop_table("session")
    op.create_table(
        "image",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_image_owner_id", "image", ["owner_id"])
    for column in ("email", "email_confirmed", "image_width", "image_height"):
        op.drop_column("user", column)
    for table in ("zoo", "animal"):
        op.drop_column(table, "folded")
    op.execute("DROP FUNCTION folded(text)")
