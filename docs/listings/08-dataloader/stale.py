"""Linus looks at an animal, Ada renames its zoo, and Grace looks: three requests to this folder."""

from flask.cli import ScriptInfo

LOOK = "{ animals(first: 1) { nodes { name zoo { id name } } } }"
LOGIN = """mutation {
  login(input: { username: "ada", password: "correct horse battery staple" }) { accessToken }
}"""
RENAME = """mutation ($id: Int!) {
  updateZoo(input: { id: $id, name: "Night House" }) { zoo { name } }
}"""

client = ScriptInfo(app_import_path="manage").load_app().test_client()


def asked(query, **sent):
    """Return what a request shows."""
    return client.post("/graphql", json={"query": query, **sent}).get_json()["data"]


def seen():
    """Return the zoo of the newest animal, as it is shown."""
    return asked(LOOK)["animals"]["nodes"][0]["zoo"]


zoo = seen()
print("Linus sees", zoo["name"])
client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {asked(LOGIN)['login']['accessToken']}"
print("Ada makes it", asked(RENAME, variables={"id": zoo["id"]})["updateZoo"]["zoo"]["name"])
del client.environ_base["HTTP_AUTHORIZATION"]
print("Grace sees", seen()["name"])
