"""Where the queue is long, the dear are refused and the cheap are not."""

import pytest

DEAR = "{ zoos(first: 50) { nodes { animals(first: 10) { nodes { name } } } } }"
CHEAP = "{ zoos(first: 1) { nodes { name } } }"


@pytest.mark.parametrize(
    ("query", "waited", "status"),
    [(DEAR, 0.06, 503), (CHEAP, 0.06, 200), (DEAR, 0.04, 200), (CHEAP, 0.12, 503)],
)
def test_the_dear_are_shed_first(app, query, waited, status):
    """After half of the time that the cheap may wait."""
    answer = app.test_client().post(
        "/graphql", json={"query": query}, environ_base={"zoo.waited": waited}
    )

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
