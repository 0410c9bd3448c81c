"""Send an image as a browser does, and show what goes over the wire: upload.py API [FILE]."""

import json
import sys
from io import BytesIO
from pathlib import Path

import requests
from PIL import Image

LOGIN = """mutation ($password: String!) {
  login(input: {username: "ada", password: $password}) { accessToken }
}"""
SET = """mutation ($file: Upload!) {
  setProfileImage(file: $file) { user { username profileImage(width: 200) } }
}"""


def okapi() -> bytes:
    """Return a picture, in a format that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # north of the equator
    file = BytesIO()
    Image.new("RGB", (600, 400), "sienna").save(file, "JPEG", exif=exif)
    return file.getvalue()


api, *paths = sys.argv[1:]
data = Path(paths[0]).read_bytes() if paths else okapi()
password = {"password": "correct horse battery staple"}
login = requests.post(api, json={"query": LOGIN, "variables": password}, timeout=30).json()
headers = {
    "Authorization": f"Bearer {login['data']['login']['accessToken']}",
    "GraphQL-Preflight": "1",
}
form = {
    "operations": (None, json.dumps({"query": SET, "variables": {"file": None}})),
    "map": (None, json.dumps({"0": ["variables.file"]})),
    "0": ("okapi.jpg", data, "image/jpeg"),
}
sent = requests.Request("POST", api, headers, form).prepare()
boundary = sent.headers["Content-Type"].partition("boundary=")[2].encode()
wire = sent.body.replace(boundary, b"BOUNDARY").replace(data, b"(the image's bytes)")
print(wire.decode())
answer = requests.Session().send(sent, timeout=30).json()
print(json.dumps(answer, indent=2))
