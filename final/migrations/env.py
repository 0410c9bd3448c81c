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
GAVE_UP = "55P03"  # Postgres's own code for it

try:
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata)
        with context.begin_transaction():
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
            connection.execute(sa.text(LOCK))
            connection.execute(sa.text(PATIENCE))
            context.run_migrations()
except sa.exc.OperationalError as error:
    if getattr(error.orig, "sqlstate", None) != GAVE_UP:
        raise
    message = f"The table was in use for a second; run it again. Not done: {error.statement}"
    raise CommandError(message) from error
