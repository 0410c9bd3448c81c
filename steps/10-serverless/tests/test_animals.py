"""Animals can be created, read, updated and deleted."""

import pytest

ANIMALS = "{ animals { nodes { id name } } }"
ANIMAL = "query ($id: Int!) { animal(id: $id) { name } }"
CREATE = """
mutation ($name: String!) {
  createAnimal(input: {name: $name, ownerId: 1}) { animal { id name } }
}
"""
UPDATE = """
mutation ($id: Int!, $name: String!) {
  updateAnimal(input: {id: $id, name: $name}) { animal { id name } }
}
"""
DELETE = "mutation ($id: Int!) { deleteAnimal(id: $id) { id } }"

UNKNOWN_IDS = [0, -1, 99, 2**31 - 1, -(2**31)]
BAD_NAMES = ["", " \t\n", "x" * 101, "a\0b", "a\x1bb", "a\nb", "\ud800"]


@pytest.fixture
def otter(gql):
    """The id of an animal named Otto."""
    data, _ = gql(CREATE, name="Otto")
    return data["createAnimal"]["animal"]["id"]


def test_anyone_creates_an_animal(gql, rows):
    """The reply and the table hold the new animal."""
    data, errors = gql(CREATE, name="Otto")

    assert errors == []
    assert data == {"createAnimal": {"animal": {"id": 1, "name": "Otto"}}}
    assert rows() == {1: "Otto"}


def test_animals_are_listed_newest_first(gql, otter):
    """The order of creation, from its end."""
    gql(CREATE, name="Ada")

    data, _ = gql(ANIMALS)

    assert [animal["name"] for animal in data["animals"]["nodes"]] == ["Ada", "Otto"]


def test_nothing_is_listed_at_first(gql):
    """No rows is an empty list, not null."""
    assert gql(ANIMALS) == ({"animals": {"nodes": []}}, [])


def test_one_animal_is_read_by_id(gql, otter):
    """An id gives its animal."""
    assert gql(ANIMAL, id=otter) == ({"animal": {"name": "Otto"}}, [])


def test_updating_changes_the_name(gql, rows, otter):
    """The reply and the table hold the new name."""
    data, errors = gql(UPDATE, id=otter, name="Ottilie")

    assert errors == []
    assert data == {"updateAnimal": {"animal": {"id": otter, "name": "Ottilie"}}}
    assert rows() == {otter: "Ottilie"}


def test_deleting_removes_the_row(gql, rows, otter):
    """The reply names the id that is gone."""
    assert gql(DELETE, id=otter) == ({"deleteAnimal": {"id": otter}}, [])
    assert rows() == {}


@pytest.mark.parametrize("unknown", UNKNOWN_IDS)
def test_reading_an_unknown_id_gives_null(gql, otter, unknown):
    """Asking for what is not there is no error."""
    assert gql(ANIMAL, id=unknown) == ({"animal": None}, [])


@pytest.mark.parametrize("unknown", UNKNOWN_IDS)
def test_changing_an_unknown_id_is_not_found(gql, rows, otter, unknown):
    """Neither update nor delete touches another row."""
    for document, variables in ((UPDATE, {"name": "Ada"}), (DELETE, {})):
        data, errors = gql(document, id=unknown, **variables)

        assert [error["code"] for error in errors] == ["NOT_FOUND"]
        assert list(data.values()) == [None]
    assert rows() == {otter: "Otto"}


@pytest.mark.parametrize("bad", BAD_NAMES)
def test_a_bad_name_is_refused(gql, rows, otter, bad):
    """The error names the field, and nothing is stored."""
    for document, variables in ((CREATE, {}), (UPDATE, {"id": otter})):
        _, errors = gql(document, name=bad, **variables)

        assert errors == [{"code": "BAD_USER_INPUT", "field": "name"}]
    assert rows() == {otter: "Otto"}


@pytest.mark.parametrize("name", ["x" * 100, "Ö", "수달", "🦦", "'; DROP TABLE animal; --", "%_\\"])
def test_a_name_is_kept_as_it_was_sent(gql, rows, name):
    """Any readable text, whatever SQL would make of it."""
    gql(CREATE, name=f"  {name} ")

    assert rows() == {1: name}


def test_a_failed_mutation_undoes_only_itself(gql, rows):
    """Mutations of one request run in order; each is its own transaction."""
    document = """mutation {
      first: createAnimal(input: {name: "Ada", ownerId: 1}) { animal { id } }
      second: createAnimal(input: {name: "", ownerId: 1}) { animal { id } }
      third: createAnimal(input: {name: "Bo", ownerId: 1}) { animal { id } }
    }"""

    data, errors = gql(document)

    assert [error["code"] for error in errors] == ["BAD_USER_INPUT"]
    assert data["second"] is None
    assert sorted(rows().values()) == ["Ada", "Bo"]


def test_a_list_is_one_statement(gql, otter, statements):
    """However many animals there are, the database is asked once, for the columns by name."""
    gql(ANIMALS)

    assert statements == [
        "SELECT animal.id, animal.name, animal.owner_id, animal.zoo_id, animal.created_at"
        " FROM animal ORDER BY animal.created_at DESC, animal.id DESC LIMIT %(param_1)s::INTEGER"
    ]


def test_an_update_locks_its_row(gql, otter, statements):
    """Nobody deletes the animal between the look and the change."""
    gql(UPDATE, id=otter, name="Ottilie")

    assert statements[1].endswith("FOR UPDATE")
    assert statements[2].startswith("UPDATE animal SET name=")
