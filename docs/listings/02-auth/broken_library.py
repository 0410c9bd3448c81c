"""Make an access token with the library that broke."""

from flask import Flask
from flask_graphql_auth import GraphQLAuth, create_access_token

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = "for-a-laptop-alone-and-known-to-everybody"
GraphQLAuth(app)

with app.app_context():
    print(create_access_token(identity="ada"))
