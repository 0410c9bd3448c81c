"""A solution to the exercise "How many live there"."""

import sqlalchemy as sa

ROWS = """
INSERT INTO zoo (name, owner_id) VALUES ('Berlin', 1), ('Leipzig', 1), ('Basel', 1);
INSERT INTO animal (name, owner_id, zoo_id)
VALUES ('Okapi', 1, 1), ('Kiwi', 1, 1), ('Kea', 1, 2), ('Otto', 1, NULL);
"""
MOVE = "mutation { moveAnimal(animalId: 1, zooId: 3) { animal { zoo { animalCount } } } }"


def test_the_animals_of_each_zoo_are_counted_in_one_statement(app, gql, statements):
    """Whatever the number of zoos; a zoo without animals has none, and not null."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()
    statements.clear()

    data, errors = gql("{ zoos { name animalCount } }")

    assert errors == []
    assert [zoo["animalCount"] for zoo in data["zoos"]] == [2, 1, 0]
    assert len(statements) == 1

    assert gql(MOVE)[0] == {"moveAnimal": {"animal": {"zoo": {"animalCount": 1}}}}
    data, _ = gql("{ zoo(id: 1) { animalCount } }")
    assert data == {"zoo": {"animalCount": 1}}
