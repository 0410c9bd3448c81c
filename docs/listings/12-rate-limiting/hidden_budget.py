"""How much of its budget is left is told to a client."""

from ports import wait_for_a_minute


def test_what_is_left_of_the_budget_is_told(app):
    """Beside what is left of its requests."""
    wait_for_a_minute()
    query = {"query": "{ zoos(first: 1) { nodes { name } } }"}

    first, second = (app.test_client().post("/graphql", json=query) for _ in range(2))

    assert first.headers["RateLimit-Policy"] == '"requests";q=120;w=60, "cost";q=20000;w=60'
    left = 20_000 - 2 * first.get_json()["extensions"]["cost"]
    assert f'"cost";r={left};t=' in second.headers["RateLimit"]
    assert '"requests";r=118;t=' in second.headers["RateLimit"]
