"""A request that waits for a row decides by what the row says then, not by what it said before.

Another connection holds the row until the request waits for it, changes the row, and lets it go.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from pictures import picture

RENAME = "mutation ($input: UpdateZooInput!) { updateZoo(input: $input) { zoo { name } } }"
# What comes first reads the zoo and its owner; the session remembers both.
READ = """renamed: updateAnimal(input: {id: $animal, name: "Ida"}) {
  animal { zoo { owner { username } } }
}"""
READ_AND_RENAME = f"""mutation ($animal: ID!, $zoo: ID!) {{
  {READ}
  updateZoo(input: {{id: $zoo, name: "Rome"}}) {{ zoo {{ name }} }}
}}"""
RESET = """resetPassword(input: {token: $token, password: "battery staple"}) {
  user { username }
}"""
CHANGE = """changePassword(input: {oldPassword: "correct horse", newPassword: "battery staple"}) {
  user { username }
}"""
SET_IMAGE = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { username } }
}"""
REMOVE_IMAGE = "mutation { removeProfileImage(input: {}) { user { username } } }"
# Not pg_stat_activity, which stays as it was when a transaction first read it.
WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


@pytest.fixture
def meanwhile(app):
    """Make a call that waits for ada's row, or for her zoo's, while that is changed; return."""
    from app import model
    from app.engine import db

    def hold(kind, call, **change):
        row = getattr(model, kind)
        with app.app_context(), db.engine.connect() as other, ThreadPoolExecutor(1) as pool:
            other.execute(sa.select(row.id).where(row.id == 1).with_for_update())
            asked = pool.submit(call)
            try:
                wait_for_one_who_waits(other)
                other.execute(sa.update(row).where(row.id == 1).values(change))
            finally:
                other.commit()
            return asked.result(10)

    return hold


def wait_for_one_who_waits(connection):
    """Return once somebody waits for what this connection holds; fail after four seconds."""
    until = time.monotonic() + 4
    while not connection.scalar(sa.text(WAITING)):
        assert time.monotonic() < until, "nobody waits for the row"
        time.sleep(0.01)


@pytest.fixture
def password(app, ada):
    """Give ada a password; return what hashes another one."""
    from app import model
    from app.engine import db

    with app.app_context():
        user = db.session.get(model.User, 1)
        user.set_password("correct horse")
        db.session.commit()
        user.set_password("somebody was faster")
        return user.password_hash


@pytest.fixture
def token(app, password):
    """Return the token of a letter with which ada chooses a new password."""
    from app import model
    from app.engine import db, mail

    with app.app_context():
        user = db.session.get(model.User, 1)
        return mail.signer("reset").dumps([user.id, mail.state(user, "reset")])


@pytest.fixture
def hash_now(app):
    """Return a function that reads the hash of ada's password."""
    from app import model
    from app.engine import db

    def read():
        with app.app_context():
            return db.session.get(model.User, 1).password_hash

    return read


def test_a_zoo_that_was_given_away_is_not_renamed(ada, bob, made, meanwhile):
    """The former owner, who waited for it, is told that it is somebody else's."""
    [zoo] = made("Zoo", "Berlin")

    rename = {"id": zoo, "name": "Rome"}
    _, errors = meanwhile("Zoo", lambda: ada.gql(RENAME, input=rename), owner_id=2)

    assert [error["code"] for error in errors] == ["FORBIDDEN"]


def test_a_zoo_that_was_read_before_is_read_again(ada, bob, made, meanwhile):
    """Under its lock: what the same operation has read of it is too old to decide by."""
    [zoo] = made("Zoo", "Berlin")
    [animal] = made("Animal", "Otto", zooId=zoo)

    data, errors = meanwhile(
        "Zoo", lambda: ada.gql(READ_AND_RENAME, animal=animal, zoo=zoo), owner_id=2
    )

    assert data["renamed"]["animal"]["zoo"]["owner"] == {"username": "ada"}
    assert [error["code"] for error in errors] == ["FORBIDDEN"]


@pytest.mark.parametrize("first", ["", READ], ids=["alone", "after reading the user"])
def test_a_letter_that_was_used_meanwhile_is_not_used(
    ada, made, token, password, hash_now, meanwhile, first
):
    """Of two who use it at once, the one who waits is refused, and the other's password stays."""
    [zoo] = made("Zoo", "Berlin")
    [animal] = made("Animal", "Otto", zooId=zoo)
    reset = f"mutation ($token: String!{', $animal: ID!' if first else ''}) {{ {first} {RESET} }}"

    _, errors = meanwhile(
        "User", lambda: ada.gql(reset, token=token, animal=animal), password_hash=password
    )

    assert errors == [{"code": "BAD_USER_INPUT", "field": "token"}]
    assert hash_now() == password


@pytest.mark.parametrize("first", ["", READ], ids=["alone", "after reading the user"])
def test_a_password_that_was_changed_meanwhile_is_not_changed_by_the_old_one(
    ada, made, password, hash_now, meanwhile, first
):
    """Of two who know it and change it at once, the one who waits knows it no longer."""
    [zoo] = made("Zoo", "Berlin")
    [animal] = made("Animal", "Otto", zooId=zoo)
    change = f"mutation {'($animal: ID!)' if first else ''} {{ {first} {CHANGE} }}"

    _, errors = meanwhile("User", lambda: ada.gql(change, animal=animal), password_hash=password)

    assert errors == [{"code": "BAD_USER_INPUT", "field": "oldPassword"}]
    assert hash_now() == password


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_an_image_that_was_set_meanwhile_is_removed_with_its_file(kept, ada, upload, meanwhile):
    """Whoever removes an image removes the one that is there, and leaves no file behind."""
    from app import model
    from app.engine import db

    upload(SET_IMAGE, picture())
    [name] = kept.names()
    with ada.app.app_context():
        db.session.get(model.User, 1).image_name = "1/before.png"
        db.session.commit()

    meanwhile("User", lambda: ada.gql(REMOVE_IMAGE), image_name=name)

    assert kept.names() == []
