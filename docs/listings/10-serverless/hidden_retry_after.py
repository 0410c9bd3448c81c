"""A solution to the exercise "Say when to come again"."""

QUERY = {"query": "{ animals { nodes { name } } }"}
NOWHERE = "postgresql+psycopg://zoo:zoo@127.0.0.1:1/zoo"


def test_who_is_refused_for_now_is_told_when_to_come_again(app):
    """Over GraphQL and by the health of the process."""
    from app import create_app

    lonely = create_app(SQLALCHEMY_DATABASE_URI=NOWHERE).test_client()

    assert lonely.post("/graphql", json=QUERY).headers["Retry-After"] == "1"
    assert lonely.get("/readyz").headers["Retry-After"] == "1"


def test_nobody_else_is_told(app):
    """Neither with an answer nor with an error of the client's own."""
    client = app.test_client()

    for answer in (client.post("/graphql", json=QUERY), client.post("/graphql", json={})):
        assert "Retry-After" not in answer.headers
    for query in ("{", "{ animals(first: 0) { nodes { name } } }"):
        assert "Retry-After" not in client.post("/graphql", json={"query": query}).headers
