"""A solution to the exercise "Ten and no more"."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

ROWS = """
INSERT INTO zoo (name, owner_id) VALUES ('Berlin', 1), ('Leipzig', 1);
INSERT INTO animal (name, owner_id, zoo_id)
SELECT 'Okapi ' || number, 1, CASE WHEN number <= 6 THEN 1 ELSE 2 END
FROM generate_series(1, 14) number;
"""
CREATE = """
mutation { createAnimal(input: {name: "Kiwi", ownerId: 1, zooId: 1}) { animal { id } } }
"""
MOVE = "mutation ($id: Int!) { moveAnimal(animalId: $id, zooId: 1) { animal { id } } }"
FULL = {"code": "CONFLICT", "field": "zooId"}


@pytest.fixture(autouse=True)
def _rows(app, ada):
    """Six animals live in the first zoo, eight in the second."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()


@pytest.mark.parametrize("document", [CREATE, MOVE])
def test_of_eight_at_once_four_find_room(app, ada, gql, document):
    """The others are told CONFLICT, and ten live in the zoo."""

    def enter(number):
        body = {"query": document, "variables": {"id": number} if document == MOVE else {}}
        headers = {"Authorization": f"Bearer {ada}"}
        answer = app.test_client().post("/graphql", json=body, headers=headers).get_json()
        return [error["extensions"] for error in answer.get("errors", [])]

    with ThreadPoolExecutor(max_workers=8) as pool:
        errors = [error for found in pool.map(enter, range(7, 15)) for error in found]

    assert errors == [FULL] * 4
    assert len(gql("{ zoo(id: 1) { animals { id } } }")[0]["zoo"]["animals"]) == 10


def test_who_lives_in_a_full_zoo_may_move_into_it(gql):
    """It is there already."""
    for _ in range(4):
        assert gql(CREATE)[1] == []

    assert gql(MOVE, id=1)[1] == []
    assert gql(MOVE, id=7)[1] == [FULL]
