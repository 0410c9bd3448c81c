"""What a request shows is loaded in batches: as many statements for one row as for a hundred."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

# Each user has a zoo and each zoo some animals, which belong to anybody; every fourth has no zoo.
ROWS = """
INSERT INTO "user" (username, password_hash) SELECT 'user-' || n, '' FROM generate_series(2, {n}) n;
INSERT INTO zoo (name, owner_id) SELECT 'Zoo ' || id, id FROM "user" ORDER BY id;
INSERT INTO animal (name, owner_id, zoo_id, created_at)
    SELECT 'Vole ' || n, 1 + n * 7 % {n}, CASE WHEN n % 4 > 0 THEN 1 + n % {n} END,
        '2026-01-01Z'::timestamptz + n / 3 * interval '1 us'
    FROM generate_series(1, {n} * 12) n;
"""

OWNERS = "{ zoos(first: 50) { nodes { animals { nodes { owner { username } } } } } }"
COUNTED = {
    OWNERS: 3,
    "{ animals(first: 50) { nodes { owner { username } zoo { name } } } }": 3,
    "{ zoos(first: 50) { nodes { owner { username } } } }": 2,
    "{ users(first: 50) { nodes { zoos { nodes { animals { nodes { name } } } } } } }": 3,
    "{ users(first: 50) { nodes { a: zoos { nodes { id } } b: animals { nodes { id } } } } }": 3,
    "{ animals { nodes { zoo { animals { nodes { zoo { owner { id } } } } } } } }": 4,
    "{ animals { nodes { owner { zoos { nodes { animals { nodes { owner { id } } } } } } } } }": 5,
    "{ zoos { nodes { a: animals(first: 1) { nodes { id } } b: animals { nodes { id } } } } }": 3,
    "{ user(id: 1) { zoos { nodes { owner { username } } } } }": 3,
}

ANIMALS = "animals(%s) { nodes { id name } edges { cursor } pageInfo { hasNextPage endCursor } }"


@pytest.fixture
def fill(app, ada):
    """Store so many users, with what is theirs."""
    from app.engine import db

    def run(number):
        with app.app_context():
            db.session.execute(sa.text("TRUNCATE animal, zoo"))
            db.session.execute(sa.text("DELETE FROM \"user\" WHERE username <> 'ada'"))
            for table in ("user", "zoo", "animal"):
                begin = 2 if table == "user" else 1
                db.session.execute(sa.text(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {begin}"))
            db.session.execute(sa.text(ROWS.format(n=number)))
            db.session.commit()

    return run


@pytest.mark.parametrize(("query", "expected"), COUNTED.items())
def test_a_query_costs_as_many_statements_for_one_row_as_for_a_hundred(
    fill, gql, statements, query, expected
):
    """So many as it has lists and relations, whatever is in them; never one for what is known."""
    counts = []
    for users in (2, 50):
        fill(users)
        statements.clear()
        assert gql(query)[1] == []
        counts.append(len(statements))

    assert counts[0] <= counts[1] == expected


def test_animals_without_a_zoo_cost_nothing_more(fill, gql, statements):
    """There is nothing to load for any of them."""
    fill(1)
    gql("mutation { deleteZoo(id: 1) { id } }")
    statements.clear()

    data, _ = gql("{ animals { nodes { zoo { name } } } }")

    assert data["animals"]["nodes"] == [{"zoo": None}] * 12
    assert len(statements) == 1


@pytest.mark.parametrize("window", ["first: 3", "last: 3", "first: 50", "{end}: 3, {side}: {at}"])
@pytest.mark.parametrize(("end", "side"), [("first", "after"), ("last", "before")])
def test_a_page_is_the_same_beside_others_as_alone(fill, gql, window, end, side):
    """Rows, order, cursors and what comes next, for each zoo of a list."""
    fill(9)
    middle = gql("{ animals { edges { cursor } } }")[0]["animals"]["edges"][15]["cursor"]
    listed = ANIMALS % window.format(end=end, side=side, at=f'"{middle}"')

    zoos = gql(f"{{ zoos {{ nodes {{ id {listed} }} }} }}")[0]["zoos"]["nodes"]

    assert len(zoos) == 9
    for zoo in zoos:
        alone, _ = gql(f"{{ zoo(id: {zoo['id']}) {{ id {listed} }} }}")
        assert alone["zoo"] == zoo


def test_what_a_mutation_changed_is_shown_by_the_next(fill, gql):
    """Both are in one request: what the first one loaded is forgotten."""
    fill(1)
    born = "animal { zoo { animals(first: 2) { nodes { name } } } }"
    both = f"""mutation {{
      a: createAnimal(input: {{name: "A", ownerId: 1, zooId: 1}}) {{ {born} }}
      b: createAnimal(input: {{name: "B", ownerId: 1, zooId: 1}}) {{ {born} }}
      c: updateZoo(input: {{id: 1, name: "Nowhere"}}) {{ zoo {{ animals {{ nodes {{ id }} }} }} }}
      d: updateAnimal(input: {{id: 1, name: "C"}}) {{ animal {{ zoo {{ name }} }} }}
      e: updateZoo(input: {{id: 1, name: "Basel"}}) {{ zoo {{ name }} }}
      f: updateAnimal(input: {{id: 1, name: "D"}}) {{ animal {{ zoo {{ name }} }} }}
    }}"""

    data, errors = gql(both)

    assert errors == []
    shown = [
        [row["name"] for row in data[alias]["animal"]["zoo"]["animals"]["nodes"]] for alias in "ab"
    ]
    assert shown == [["A", "Vole 11"], ["B", "A"]]
    assert [data[alias]["animal"]["zoo"]["name"] for alias in "df"] == ["Nowhere", "Basel"]


def test_a_request_shows_what_others_have_written_before_it(fill, gql):
    """Nothing is kept between two requests."""
    fill(1)
    shown = "{ animals(first: 1) { nodes { zoo { name } } } }"
    rename = 'mutation { updateZoo(input: {id: 1, name: "Night House"}) { zoo { id } } }'
    gql('mutation { createAnimal(input: {name: "A", ownerId: 1, zooId: 1}) { animal { id } } }')
    before, _ = gql(shown)
    gql(rename)

    after, _ = gql(shown)

    names = [data["animals"]["nodes"][0]["zoo"]["name"] for data in (before, after)]
    assert names == ["Zoo 1", "Night House"]


def test_requests_at_once_have_loaders_of_their_own(fill, gql, app, ada):
    """Eight threads ask for nine zoos, and each gets the animals of its own."""
    fill(9)
    query = "query ($id: Int!) { zoo(id: $id) { name animals { nodes { zoo { name } } } } }"

    def ask(number):
        body = {"query": query, "variables": {"id": number % 9 + 1}}
        zoo = app.test_client().post("/graphql", json=body).get_json()["data"]["zoo"]
        return zoo["name"], {animal["zoo"]["name"] for animal in zoo["animals"]["nodes"]}

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(ask, range(90)))

    assert answers == [(f"Zoo {n % 9 + 1}", {f"Zoo {n % 9 + 1}"}) for n in range(90)]
