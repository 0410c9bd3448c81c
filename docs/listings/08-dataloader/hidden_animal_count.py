"""A solution to the exercise "How many has each"."""

import sqlalchemy as sa

ROWS = """
INSERT INTO "user" (username, password_hash) VALUES ('grace', ''), ('linus', '');
INSERT INTO animal (name, owner_id) VALUES ('Okapi', 1), ('Kiwi', 1), ('Kea', 2);
"""
BOTH = """mutation {
  a: transferAnimal(animalId: 1, userId: 3) { animal { owner { animalCount } } }
  b: transferAnimal(animalId: 2, userId: 3) { animal { owner { animalCount } } }
}"""


def test_the_animals_of_all_users_are_counted_in_one_statement(app, gql, statements):
    """Whatever their number; who has none has 0, and what a mutation changed is counted anew."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()
    statements.clear()

    data, errors = gql("{ users { nodes { username animalCount } } }")

    assert errors == []
    counted = {user["username"]: user["animalCount"] for user in data["users"]["nodes"]}
    assert counted == {"ada": 2, "grace": 1, "linus": 0}
    assert len(statements) == 2

    data, _ = gql(BOTH)
    assert [data[alias]["animal"]["owner"]["animalCount"] for alias in "ab"] == [1, 2]
