"""A solution to the exercise "Say what it cost"."""

from concurrent.futures import ThreadPoolExecutor

COSTS = {
    "{ __typename }": 0,
    "{ animals { nodes { name } } }": 1,
    "{ animals { nodes { name } } zoos { nodes { name } } }": 2,
    "{ a: user(id: 1) { id } animals { nodes { name } } zoos { nodes { name } } }": 3,
}


def cost(app, query):
    """Return what an answer says of itself."""
    return app.test_client().post("/graphql", json={"query": query}).headers["Statements"]


def test_an_answer_says_how_many_statements_it_ran(app, ada):
    """Also where one context serves several requests."""
    with app.app_context():
        assert {query: int(cost(app, query)) for query in COSTS} == COSTS


def test_requests_at_once_are_counted_apart(app, ada):
    """Eight threads, and each answer has its own number."""
    asked = list(COSTS) * 20
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda query: int(cost(app, query)), asked))

    assert answers == [COSTS[query] for query in asked]
