"""An animal has a nickname beside its name, and both are always the same."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# OLD is nothing where a row is new, and so is all that it holds.
FUNCTION = """
CREATE FUNCTION same_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.nickname IS DISTINCT FROM OLD.nickname THEN
        NEW.name := NEW.nickname;
    ELSE
        NEW.nickname := NEW.name;
    END IF;
    RETURN NEW;
END
$$
"""
TRIGGER = """
CREATE TRIGGER same_name BEFORE INSERT OR UPDATE ON animal
FOR EACH ROW EXECUTE FUNCTION same_name()
"""
CHECK = """
ALTER TABLE animal ADD CONSTRAINT animal_nickname_not_empty
CHECK (nickname IS NOT NULL AND nickname <> '') NOT VALID
"""


def upgrade() -> None:
    """Add the column, what fills it, and a check that looks at no row that is there."""
    op.add_column("animal", sa.Column("nickname", sa.String(100)))
    for statement in (FUNCTION, TRIGGER, CHECK):
        op.execute(statement)


def downgrade() -> None:
    """Drop all of it."""
    op.execute("DROP TRIGGER same_name ON animal")
    op.execute("DROP FUNCTION same_name")
    op.drop_column("animal", "nickname")
