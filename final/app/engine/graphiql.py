"""GraphiQL, an editor for queries in the browser: its page, and the tabs with which it opens.

They name people and zoos of the sample data, which `flask seed` adds.
"""

import secrets
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request

ANIMALS = """# A page of animals. For the next one, take endCursor
# into the variables, as "after".
query Animals($first: Int, $after: String, $filter: AnimalFilter) {
  animals(first: $first, after: $after, orderBy: NAME, filter: $filter) {
    totalCount
    nodes { id name zoo { name } }
    pageInfo { hasNextPage endCursor }
  }
}
"""

NESTED = """# Lists in lists: three statements, however many zoos.
query Nested($zoos: Int, $animals: Int) {
  zoos(first: $zoos) {
    nodes {
      name
      owner { username }
      animals(first: $animals) { nodes { name } }
    }
  }
}
"""

LOG_IN = """# Somebody of the sample data. Take the accessToken
# along to the next tab.
mutation LogIn($input: LoginInput!) {
  login(input: $input) {
    user { username }
    accessToken
    refreshToken
  }
}
"""

CREATE_ZOO = """# Who you are comes from the token alone: paste an
# accessToken under Headers.
mutation CreateZoo($input: CreateZooInput!) {
  createZoo(input: $input) {
    zoo { id name owner { username } }
  }
}
"""

REGISTER = """# A letter follows; without a mail server, it is shown
# in the console.
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    user { username }
    accessToken
  }
}
"""

CONFIRM = """# The token is what follows the # in the letter's link.
# From then on you can create zoos.
mutation ConfirmEmail($input: ConfirmEmailInput!) {
  confirmEmail(input: $input) {
    user { username }
  }
}
"""

# On one line, to be copied without the hash in front of it.
CURL = (
    'curl ADDRESS -H "Authorization: Bearer $TOKEN" -H "GraphQL-Preflight: 1"'
    """ -F operations='{"variables": {"file": null}, "query": "mutation ($file: Upload!) """
    """{ setProfileImage(input: {file: $file}) { user { username } } }"}'"""
    """ -F map='{"0": ["variables.file"]}' -F 0=@picture.jpg"""
)

UPLOAD = f"""# GraphiQL cannot choose a file; a terminal can, with
# an accessToken and a picture of yours:
#
# {CURL}
#
# Then look at it here, made to fit.
query Upload($username: String!, $width: Int) {{
  user(username: $username) {{
    profileImage(width: $width) {{ url width height }}
  }}
}}
"""

ADA = {"username": "ada", "password": "correct horse battery staple"}
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse battery staple"}
TABS = [
    (ANIMALS, {"first": 5, "filter": {"nameContains": "panda"}}),
    (NESTED, {"zoos": 5, "animals": 3}),
    (LOG_IN, {"input": ADA}),
    (CREATE_ZOO, {"input": {"name": "Wuppertal Zoo"}}),
    (REGISTER, {"input": EVE}),
    (CONFIRM, {"input": {"token": "PASTE-IT-HERE"}}),
    (UPLOAD, {"username": "ada", "width": 200}),
]
HEADERS = {"Authorization": "Bearer PASTE-IT-HERE"}

# Its scripts are those that the page names. Its styles are also written by them.
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline' {host}; "
    "font-src data: {host}; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page() -> Response:
    """Return the page."""
    tabs = [
        {
            "query": query.replace("ADDRESS", request.base_url),
            "variables": variables,
            "headers": HEADERS if query == CREATE_ZOO else None,
        }
        for query, variables in TABS
    ]
    url, nonce = current_app.config["GRAPHIQL_URL"], secrets.token_urlsafe()
    host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    text = render_template("graphiql.html", url=url, tabs=tabs, nonce=nonce)
    policy = POLICY.format(nonce=nonce, host=host)
    return Response(text, headers={"Content-Security-Policy": policy})
