"""Every list comes in pages: newest first, from a cursor on, in either direction."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

ARGUMENTS = "$first: Int, $after: String, $last: Int, $before: String"
PASSED = "first: $first, after: $after, last: $last, before: $before"
PAGE = """
nodes { id } edges { cursor node { id } }
pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
"""
LISTS = ["users", "zoos", "animals", "user.zoos", "user.animals", "zoo.animals"]

# Sixty of each: three to a second, in pairs of one instant; what is odd belongs to ada and her zoo.
ROWS = """
INSERT INTO "user" (username, password_hash, created_at)
    SELECT 'user-' || n, '', '2026-01-01Z'::timestamptz + (n + 1) / 2 * interval '0.654321 s'
    FROM generate_series(2, 60) n;
INSERT INTO zoo (name, owner_id, created_at)
    SELECT username, 2 - id % 2, created_at FROM "user" ORDER BY id;
INSERT INTO animal (name, owner_id, zoo_id, created_at)
    SELECT name, owner_id, owner_id, created_at FROM zoo ORDER BY id;
"""


def document(name):
    """Return a query for a page of a list, which may belong to the row 1 of a type."""
    parent, _, field = name.rpartition(".")
    listed = f"{field}({PASSED}) {{ {PAGE} }}"
    return f"query ({ARGUMENTS}) {{ {f'{parent}(id: 1) {{ {listed} }}' if parent else listed} }}"


@pytest.fixture
def ask(app, gql):
    """Ask for a page of a list; return it, or the extensions of the one error."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text("UPDATE \"user\" SET created_at = '2026-01-01Z'"))
        db.session.execute(sa.text(ROWS))
        db.session.commit()

    def send(name, **arguments):
        data, errors = gql(document(name), **arguments)
        if errors:
            return errors[0]
        for field in name.split("."):
            data = data[field]
        return data

    return send


def ids(page):
    """Return the ids of a page's rows, which edges and nodes agree on."""
    nodes = [node["id"] for node in page["nodes"]]
    assert [edge["node"]["id"] for edge in page["edges"]] == nodes
    return nodes


def all_of(name):
    """Return the ids that a list holds, newest first."""
    return [row for row in range(60, 0, -1) if "." not in name or row % 2]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_forward_page_by_page(ask, name):
    """From the newest to the oldest, until there is no next page."""
    seen, cursor, more = [], None, True
    while more:
        page = ask(name, first=7, after=cursor)
        seen += ids(page)
        assert page["pageInfo"]["hasPreviousPage"] == (cursor is not None)
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == all_of(name)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_backward_page_by_page(ask, name):
    """From the oldest to the newest; inside a page the newest still comes first."""
    seen, cursor, more = [], None, True
    while more:
        page = ask(name, last=7, before=cursor)
        seen = ids(page) + seen
        assert page["pageInfo"]["hasNextPage"] == (cursor is not None)
        cursor, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]

    assert seen == all_of(name)


@pytest.mark.parametrize("name", LISTS)
def test_each_row_has_a_cursor_of_its_own(ask, name):
    """A page begins behind whichever row it is; the page's own cursors are its ends'."""
    page = ask(name, first=50)
    cursors = [edge["cursor"] for edge in page["edges"]]

    ends = page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]
    assert ends == (cursors[0], cursors[-1])
    for place in (0, 1, 2, 25):
        assert ids(ask(name, first=3, after=cursors[place])) == all_of(name)[place + 1 : place + 4]


def test_a_page_has_20_rows_unless_told_otherwise(ask):
    """Both ways, and where null is sent."""
    assert ids(ask("animals")) == all_of("animals")[:20]
    assert ids(ask("animals", first=None, last=None)) == all_of("animals")[:20]
    cursor = ask("animals", last=1)["pageInfo"]["startCursor"]
    assert ids(ask("animals", before=cursor)) == all_of("animals")[-21:-1]


def test_a_list_that_ends_with_a_page_has_no_next_one(ask):
    """The sixtieth row of sixty is the last, also where the page is full."""
    page = ask("animals", first=10, after=ask("animals", first=50)["pageInfo"]["endCursor"])

    assert len(ids(page)) == 10
    assert page["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize("name", LISTS)
def test_a_page_behind_the_last_row_is_empty(ask, name):
    """No cursors, no next page, and where it came from a previous one."""
    end = ask(name, last=1)["pageInfo"]["endCursor"]

    page = ask(name, after=end)

    assert page["nodes"] == page["edges"] == []
    assert list(page["pageInfo"].values()) == [False, True, None, None]


@pytest.mark.parametrize("argument", ["after", "before"])
def test_a_cursor_of_another_list_is_refused(ask, argument):
    """A zoo's says nothing of animals; an animal's does, in whichever list of animals."""
    cursors = {name: ask(name, first=1)["pageInfo"]["endCursor"] for name in LISTS}

    for name in LISTS:
        for other in LISTS:
            kinds = [n.rpartition(".")[2] for n in (name, other)]
            answer = ask(name, **{argument: cursors[other]})
            refused = answer == {"code": "BAD_USER_INPUT", "field": argument}
            assert refused == (kinds[0] != kinds[1])


def test_zoos_and_animals_say_since_when_they_are_there(ask, gql):
    """To the microsecond."""
    data, _ = gql("{ zoo(id: 5) { createdAt } animal(id: 5) { createdAt } }")

    assert data["zoo"] == data["animal"]
    at = datetime.fromisoformat(data["animal"]["createdAt"])
    assert at == datetime(2026, 1, 1, 0, 0, 1, 962963, UTC)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_is_one_statement(ask, statements, name):
    """Nothing is counted; above a nested page stands the one that reads its parent."""
    middle = ask(name, first=5)["pageInfo"]["endCursor"]
    statements.clear()

    ask(name, first=5, after=middle)

    assert len(statements) == 1 + ("." in name)
    assert "count(" not in " ".join(statements).lower()
    assert "OFFSET" not in " ".join(statements)


@pytest.mark.parametrize("name", LISTS)
def test_an_index_leads_to_a_page(app, ask, name):
    """Postgres goes down to the place, and reads on from there: it walks past no row."""
    from app.engine import db

    middle, sent = ask(name, first=5)["pageInfo"]["endCursor"], []
    with app.app_context():
        engine = db.engine

    def note(*told):
        sent.append(told[2:4])

    sa.event.listen(engine, "before_cursor_execute", note)
    ask(name, first=5, after=middle)
    sa.event.remove(engine, "before_cursor_execute", note)
    statement, values = sent[-1]

    with engine.begin() as connection:
        # Sixty rows are read as fast without an index, which a million are not.
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        connection.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())

    parent = r"\(\w+_id = [^)]*\) AND \(" if "." in name else ""
    assert re.search(rf"Index Cond: \({parent}ROW\(created_at, id\) < ROW", plan)
