"""What may cost half as much for strangers."""

from people import answered

QUERY = "{ zoos(first: 50) { nodes { animals(first: 25) { nodes { name } } } } }"
SMALL = QUERY.replace("25", "10")


def test_a_stranger_may_ask_for_half_of_what_a_person_may(app, ada):
    """1,351 is too much for the one, and fine for the other."""
    _, [stranger] = answered(app, QUERY, {})
    _, person = ada.gql(QUERY)
    _, small = answered(app, SMALL, {})

    assert (stranger["code"], stranger["limit"]) == ("QUERY_TOO_COMPLEX", 1_000)
    assert (person, small) == ([], [])
