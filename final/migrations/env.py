"""How Alembic reaches the database: through the app's own engine, in one transaction."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db

# Any number will do, and none but migrations lock it: of two at once, one waits for the other.
LOCK = "SELECT pg_advisory_xact_lock(20180517)"

with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata)
    with context.begin_transaction():
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.text(LOCK))
        context.run_migrations()
