"""Every symptom that chapter 06 names is brought about, and shows the words there."""

import json
import os
import re
import subprocess
import sys

import pytest

from tools import steps

STEP = steps.find("06-uploads")
PAGE = (steps.ROOT / "docs" / "06-uploads.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)

# Runs in the step's folder: who asks, with which body, headers and file, stands on its input.
ASK = """
import io, json, sys
from manage import app
from app.engine import db
client = app.test_client()
with app.app_context():
    db.create_all()
register = 'mutation { register(input: {username: "ada", password: "a password"}) { accessToken } }'
token = client.post("/graphql", json={"query": register}).get_json()["data"]["register"]
headers = {"Authorization": "Bearer " + token["accessToken"]}
asked = json.load(sys.stdin)
if "form" in asked:
    file = io.BytesIO(bytes.fromhex(asked["file"]))
    parts = {**asked["form"], "0": (file, "okapi.png")}
    sent = {"data": parts, "headers": {**headers, **asked["headers"]}}
else:
    sent = {"json": asked["json"], "headers": headers}
print(client.post("/graphql", **sent).get_json()["errors"][0]["message"])
"""
UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
PIXEL = (
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)


def form(places=("variables.file",), file=PIXEL, headers=True):
    """Return an upload."""
    operations = json.dumps({"query": UPLOAD, "variables": {"file": None}})
    return {
        "form": {"operations": operations, "map": json.dumps({"0": list(places)})},
        "file": file,
        "headers": {"GraphQL-Preflight": "1"} if headers else {},
    }


CAUSES = {
    "Send files with the header GraphQL-Preflight: 1.": (form(headers=False), {}),
    "The map does not lead every file to a null of its own.": (form(places=["variables.f"]), {}),
    "Send the file in a multipart request.": (
        {"json": {"query": UPLOAD, "variables": {"file": "okapi.png"}}},
        {},
    ),
    "This is no PNG, JPEG, WebP or GIF, or not the whole of it.": (form(file="00ff"), {}),
    "The images' storage is away; try again.": (form(), {"IMAGE_FOLDER": __file__}),
}


@pytest.mark.parametrize("symptom", CAUSES)
def test_a_symptom_is_what_its_cause_says(symptom, database):
    """Word for word what the client is told."""
    asked, environment = CAUSES[symptom]

    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=STEP.folder,
        env={**os.environ, "DATABASE_URL": database, **environment},
        input=json.dumps(asked),
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == symptom, done.stderr


def test_every_symptom_of_the_page_is_brought_about():
    """None stands there that nobody has seen."""
    assert set(SYMPTOMS) == set(CAUSES)
