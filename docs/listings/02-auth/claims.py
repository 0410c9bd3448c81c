"""Make a token, and read it as anybody can: without the key."""

import base64
import json
import secrets

from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = secrets.token_hex()  # nobody knows this one
JWTManager(app)

with app.app_context():
    token = create_access_token("1")

header, claims, signature = token.split(".")
for part in (header, claims):
    read = json.loads(base64.urlsafe_b64decode(part + "=="))
    print(json.dumps(read, indent=2))
print(len(signature), "characters of signature")
