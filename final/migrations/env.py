"""How Alembic reaches the database: through the app's own engine, in one transaction."""

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError
from flask import current_app

db = current_app.extensions["migrate"].db
# Any number will do, and none but migrations lock it: of two at once, one waits for the other.
LOCK = "SELECT pg_advisory_xact_lock(20180517)"
# Who waits for a table keeps all who come later waiting: a second, and then it gives way.
PATIENCE = "SET LOCAL lock_timeout = '1s'"

try:
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata)
        with context.begin_transaction():
            for statement in ("SET LOCAL statement_timeout = 0", LOCK, PATIENCE):
                connection.execute(sa.text(statement))
            context.run_migrations()
except sa.exc.OperationalError as error:
    if getattr(error.orig, "sqlstate", None) != "55P03":  # Postgres's code for having given way
        raise
    message = f"The table was in use for a second; run it again. Not done: {error.statement}"
    raise CommandError(message) from error
