"""Every setting: an environment variable, with a default that suits a laptop."""

import os
from datetime import timedelta

SQLALCHEMY_DATABASE_URI = os.environ.get(
    "DATABASE_URL", "postgresql+psycopg://zoo:zoo@127.0.0.1:5403/zoo"
)

# A connection that the database has closed meanwhile is found out, and replaced, before its use.
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True}

# Where GraphiQL's scripts come from. Integrity hashes in the page pin what they may contain.
GRAPHIQL_URL = os.environ.get("GRAPHIQL_URL", "https://unpkg.com")

MAX_CONTENT_LENGTH = int(os.environ.get("MAX_BODY_BYTES", "100000"))

# Whoever knows this key can make tokens for anybody: at least 32 bytes, and never this one.
JWT_SECRET_KEY = os.environ.get("JWT_SECRET_KEY", "for-a-laptop-alone-and-known-to-everybody")
JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=int(os.environ.get("ACCESS_TOKEN_MINUTES", "15")))
JWT_REFRESH_TOKEN_EXPIRES = timedelta(days=int(os.environ.get("REFRESH_TOKEN_DAYS", "30")))
JWT_TOKEN_LOCATION = ["headers", "query_string"]
JWT_QUERY_STRING_NAME = "jwt"
