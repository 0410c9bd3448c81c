"""What a platform asks: can this process serve?"""

import sqlalchemy as sa
from flask import Blueprint, abort
from sqlalchemy.exc import OperationalError

from app.engine import db

blueprint = Blueprint("health", __name__)


@blueprint.route("/readyz")
def ready():
    """Answer 200 while the database does, else 503."""
    try:
        db.session.execute(sa.text("SELECT 1"))
    except OperationalError:
        abort(503, "The database is away.")
    return {"status": "ready"}
