"""Ask this folder's database for something that takes a minute; say how that ends, and when."""

import time

import sqlalchemy as sa
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError

app = ScriptInfo(app_import_path="manage").load_app()
with app.app_context():
    from app.engine import db

    begin = time.monotonic()
    try:
        db.session.execute(sa.text("SELECT pg_sleep(60)"))
        print("It took its minute.")
    except OperationalError as error:
        print(str(error.orig).splitlines()[0])
    print(f"after {time.monotonic() - begin:.1f} s")
