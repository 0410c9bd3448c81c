"""Read all animals of this folder's app as a client does, a page of ten after the other."""

from flask.cli import ScriptInfo

QUERY = """query ($after: String) {
  animals(first: 10, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
}"""

client = ScriptInfo(app_import_path="manage").load_app().test_client()
met, cursor, more = [], None, True
while more:
    asked = {"query": QUERY, "variables": {"after": cursor}}
    page = client.post("/graphql", json=asked).get_json()["data"]["animals"]
    ids = [node["id"] for node in page["nodes"]]
    print(*ids)
    met += ids
    cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
print(len(met), "animals, newest first")
