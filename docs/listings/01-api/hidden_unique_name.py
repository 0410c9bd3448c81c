"""A solution to the exercise "A name once": replaces nothing of the step's tests."""

from concurrent.futures import ThreadPoolExecutor

CREATE = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'
RENAME = 'mutation { updateAnimal(input: {id: 2, name: "Otto"}) { animal { id } } }'


def test_eight_at_once_make_one_animal(app, rows):
    """One wins, seven are told CONFLICT, and the table holds one row."""

    def create(_):
        return app.test_client().post("/graphql", json={"query": CREATE}).get_json()

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(create, range(8)))

    codes = [e["extensions"]["code"] for answer in answers for e in answer.get("errors", [])]
    assert codes == ["CONFLICT"] * 7
    assert list(rows().values()) == ["Otto"]


def test_a_taken_name_is_refused_on_a_rename(gql, rows):
    """The row keeps the name it had, and the next request works."""
    gql(CREATE)
    gql(CREATE.replace("Otto", "Ada"))
    ada = next(number for number, name in rows().items() if name == "Ada")

    _, errors = gql(RENAME.replace("2", str(ada)))

    assert [error["code"] for error in errors] == ["CONFLICT"]
    assert rows()[ada] == "Ada"
