"""What a profile image costs the database is counted as the page of chapter 06 says."""

import subprocess
import sys

from tools import facts, postgres, sample, steps

STEP = steps.find("06-uploads")
COUNT = """
import json
from io import BytesIO

import sqlalchemy as sa
from flask.cli import ScriptInfo
from PIL import Image

from app import model
from app.engine import auth, db

SET = "mutation ($file: Upload!) { setProfileImage(file: $file) { user { profileImage } } }"
FORM = {
    "operations": json.dumps({"query": SET, "variables": {"file": None}}),
    "map": json.dumps({"0": ["variables.file"]}),
}
app, statements = ScriptInfo(app_import_path="manage").load_app(), []
with app.app_context():
    token = auth.access_token(db.session.get(model.User, 1))
    note = lambda *told: statements.append(told)
    sa.event.listen(db.engine, "before_cursor_execute", note)
headers = {"GraphQL-Preflight": "1", "Authorization": f"Bearer {token}"}
for side in (10, 20, 1_000):
    statements.clear()
    file = BytesIO()
    Image.new("RGB", (side, side)).save(file, "PNG")
    file.seek(0)
    form = {**FORM, "0": (file, "okapi.png")}
    answer = app.test_client().post("/graphql", data=form, headers=headers).get_json()
    assert "errors" not in answer, answer
    print(len(statements))
"""


def test_a_profile_image_costs_as_many_statements_however_large_it_is(tmp_path):
    """The first one; one that takes its place; and a large one that takes that one's."""
    with postgres.scratch() as server, postgres.new_database(server, "images") as url:
        sample.load(STEP, STEP.folder, url)
        printed = subprocess.run(
            [sys.executable, "-c", COUNT],
            cwd=STEP.folder,
            env=sample.environment(url, IMAGE_FOLDER=str(tmp_path)),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    first, next_, large = map(int, printed.split())
    assert large == next_
    facts.state("images_statements_first", first)
    facts.state("images_statements", next_)
