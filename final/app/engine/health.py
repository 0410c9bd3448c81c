"""What a platform asks: does this process live, and can it serve?"""

from functools import lru_cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Blueprint, abort, current_app
from sqlalchemy.exc import ProgrammingError

from app.engine import db, errors

blueprint = Blueprint("health", __name__)


@blueprint.route("/livez")
def alive():
    """Answer 200 while the process can answer at all; a new one would mend nothing else."""
    return {"status": "alive"}


@blueprint.route("/readyz")
def ready():
    """Answer 200 while the database answers and has the tables of this code, else 503."""
    try:
        revision = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    except errors.AWAY:
        abort(503, "The database is away.")
    except ProgrammingError:
        revision = None
    if revision in outdated(current_app.extensions["migrate"].directory):
        abort(503, "The database has not been migrated: flask --app manage db upgrade.")
    return {"status": "ready"}


@lru_cache
def outdated(directory: str) -> set[str | None]:
    """Return the revisions before this code's own; a later one is that of the next release."""
    scripts = ScriptDirectory(directory)
    own = scripts.get_current_head()
    return {None} | {script.revision for script in scripts.walk_revisions()} - {own}
