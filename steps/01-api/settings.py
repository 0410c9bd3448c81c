"""Every setting: an environment variable, with a default that suits a laptop."""

import os

SQLALCHEMY_DATABASE_URI = os.environ.get(
    "DATABASE_URL", "postgresql+psycopg://zoo:zoo@127.0.0.1:5401/zoo"
)

# Where GraphiQL's scripts come from. Integrity hashes in the page pin what they may contain.
GRAPHIQL_URL = os.environ.get("GRAPHIQL_URL", "https://unpkg.com")

MAX_CONTENT_LENGTH = int(os.environ.get("MAX_BODY_BYTES", "100000"))
