"""Lists of animals and zoos: their orders, their filters, their totals."""

import pytest

NAMES = """query ($orderBy: AnimalOrder, $filter: AnimalFilter, $first: Int, $after: String,
    $last: Int, $before: String) {
  animals(orderBy: $orderBy, filter: $filter, first: $first, after: $after, last: $last,
    before: $before) { nodes { name } totalCount pageInfo { endCursor startCursor hasNextPage } }
}"""
ZOOS = "query ($filter: ZooFilter) { zoos(filter: $filter, orderBy: NAME) { nodes { name } } }"
NESTED = "{ zoos { nodes { animals(first: 1) { totalCount nodes { name } } } } }"
TIMES = "{ animals { nodes { name createdAt } } }"


@pytest.fixture
def names(gql):
    """Ask for animals; return their names, or the errors' extensions."""

    def ask(**arguments):
        data, errors = gql(NAMES, **arguments)
        return errors or [node["name"] for node in data["animals"]["nodes"]]

    return ask


@pytest.mark.parametrize(
    ("order", "sorted_"),
    [
        (None, ["Łoś", "zebra", "Élan", "eel", "Ibis"]),
        ("NEWEST", ["Łoś", "zebra", "Élan", "eel", "Ibis"]),
        ("OLDEST", ["Ibis", "eel", "Élan", "zebra", "Łoś"]),
        ("NAME", ["eel", "Élan", "Ibis", "Łoś", "zebra"]),
    ],
)
def test_a_list_has_an_order(names, made, order, sorted_):
    """By age, or by the alphabet, whatever the case and the accents; backwards too."""
    made("Animal", "Ibis", "eel", "Élan", "zebra", "Łoś")

    assert names(orderBy=order) == sorted_
    assert names(orderBy=order, last=2) == sorted_[-2:]


@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "NAME"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_walk_meets_every_row_once(gql, made, order, size):
    """Forwards and backwards, equal names among them."""
    made("Animal", *["Otto", "ötto", "OTTO", "Ida", "Ida", "Zoe", "Adam"])
    whole = gql(NAMES, orderBy=order)[0]["animals"]["nodes"]
    for size_, cursor, end in (("first", "after", "endCursor"), ("last", "before", "startCursor")):
        met, place = [], None
        while True:
            arguments = {size_: size, cursor: place, "orderBy": order}
            page = gql(NAMES, **arguments)[0]["animals"]
            met = met + page["nodes"] if size_ == "first" else page["nodes"] + met
            if not page["nodes"]:
                break
            place = page["pageInfo"][end]

        assert met == whole


def test_a_cursor_belongs_to_its_order_and_its_list(gql, names, made):
    """BAD_USER_INPUT, naming the argument."""
    made("Animal", "Otto", "Ida")
    cursor = gql(NAMES, orderBy="NAME")[0]["animals"]["pageInfo"]["startCursor"]
    wrong = [{"code": "BAD_USER_INPUT", "field": "after"}]

    assert names(orderBy="NAME", after=cursor) == ["Otto"]
    assert names(after=cursor) == names(orderBy="OLDEST", after=cursor) == wrong
    for text in ("", "x", cursor[:-2], "W10=", "WzEsMiwzLDRd", "W1siYSJdLCAxLCB7fSwgW11d", "ä"):
        assert names(orderBy="NAME", after=text) == wrong


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("o", ["Okapi", "Łoś", "Zoë 100%"]),
        ("OE", ["Zoë 100%"]),
        ("los", ["Łoś"]),
        ("0%", ["Zoë 100%"]),
        ("%", ["Zoë 100%"]),
        ("_", []),
        ("\\", []),
        ("'", []),
    ],
)
def test_a_name_is_found_by_a_part_of_it(names, made, part, found):
    """Whatever the case and the accents; a percent sign is itself."""
    made("Animal", "Zoë 100%", "Łoś", "Okapi", "Ibis")

    assert names(filter={"nameContains": part}) == found


@pytest.mark.parametrize("part", ["", "x" * 101, "\x00", "\n"])
def test_a_part_that_no_name_can_have_is_named(names, part):
    """BAD_USER_INPUT and the field."""
    wrong = [{"code": "BAD_USER_INPUT", "field": "nameContains"}]

    assert names(filter={"nameContains": part}) == wrong


def test_filters_go_together(gql, names, made, ada, bob):
    """An owner, a zoo, a time before and after; of several, all."""
    [zoo] = made("Zoo", "Berlin")
    made("Animal", "Otto", "Ida")
    made("Animal", "Okapi", zooId=zoo)
    made("Animal", "Ottilie", by=bob)
    times = {n["name"]: n["createdAt"] for n in gql(TIMES)[0]["animals"]["nodes"]}

    assert names(filter={"ownerId": bob.id}) == ["Ottilie"]
    assert names(filter={"zooId": zoo}) == ["Okapi"]
    assert names(filter={"ownerId": ada.id, "nameContains": "ott"}) == ["Otto"]
    assert names(filter={"createdAfter": times["Ida"]}) == ["Ottilie", "Okapi"]
    assert names(filter={"createdBefore": times["Ida"]}) == ["Otto"]
    assert names(filter={"createdAfter": times["Otto"], "createdBefore": times["Okapi"]}) == ["Ida"]
    assert gql(ZOOS, filter={"ownerId": bob.id})[0]["zoos"]["nodes"] == []


@pytest.mark.parametrize("field", ["ownerId", "zooId"])
def test_an_id_of_another_kind_is_named(names, made, field):
    """An animal owns nothing, and nothing lives in it."""
    [animal] = made("Animal", "Otto")
    wrong = [{"code": "BAD_USER_INPUT", "field": field}]

    assert names(filter={field: animal}) == names(filter={field: "x"}) == wrong


def test_a_total_is_counted_where_it_is_asked_for(gql, made, statements):
    """One statement more; of nested lists, one more for all of them."""
    zoos = made("Zoo", "Berlin", "Rome", "Paris")
    made("Animal", "Otto", "Ida", zooId=zoos[0])
    made("Animal", "Okapi", zooId=zoos[2])
    statements.clear()
    nested = [zoo["animals"]["totalCount"] for zoo in gql(NESTED)[0]["zoos"]["nodes"]]
    costs = len(statements)
    filtered = gql(NAMES, filter={"nameContains": "o"}, first=1)[0]["animals"]

    assert (nested, costs) == ([1, 0, 2], 3)
    assert (filtered["totalCount"], len(filtered["nodes"])) == (2, 1)
    assert filtered["pageInfo"]["hasNextPage"]
    statements.clear()
    gql(TIMES)
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"first": 0}, "first"),
        ({"first": 51}, "first"),
        ({"last": -1}, "last"),
        ({"first": 1, "last": 1}, "last"),
        ({"first": 1, "before": "x"}, "before"),
        ({"before": "x"}, "before"),
    ],
)
def test_senseless_arguments_are_named(names, arguments, field):
    """As everywhere."""
    assert names(**arguments) == [{"code": "BAD_USER_INPUT", "field": field}]


def test_a_page_of_a_long_list_is_read_from_an_index(app, made):
    """Under each order, and a search by its own; nothing is sorted."""
    import sqlalchemy as sa

    from app import model
    from app.engine import db, pages
    from app.schema import lists

    made("Animal", "Otto")
    with app.app_context():
        many = "SELECT 'Animal ' || n, 1 FROM generate_series(1, 20000) n"
        db.session.execute(sa.text(f"INSERT INTO animal (name, owner_id) {many}"))
        db.session.commit()
        db.session.execute(sa.text("SELECT gin_clean_pending_list('ix_animal_search')"))
        db.session.execute(sa.text("ANALYZE animal"))
        for order in pages.ORDERS:
            plan = explained(db, pages.window(model.Animal, order).statement())
            assert "Sort" not in plan
            assert "Index Scan" in plan
        part = model.Animal.folded.like(lists.pattern("mal 1999"))
        assert "ix_animal_search" in explained(db, sa.select(model.Animal).where(part))


def explained(db, statement):
    """Return Postgres's plan for a statement."""
    connection = db.session.connection()
    compiled = statement.compile(dialect=connection.dialect)
    lines = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return "\n".join(lines.scalars())
