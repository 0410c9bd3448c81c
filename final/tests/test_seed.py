"""`flask seed` and `flask load`: made-up rows, for people to look at and for benchmarks."""

import pytest
import sqlalchemy as sa

LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
CREATE = 'mutation { createZoo(input: {name: "Berlin"}) { zoo { owner { username } } } }'
FIRST = "{ animals(first: 2, orderBy: OLDEST) { totalCount nodes { name createdAt } } }"
OWNED = """
SELECT count(*) FROM animal JOIN zoo ON zoo.id = animal.zoo_id WHERE zoo.owner_id = animal.owner_id
"""
SMALL = ["load", "--animals", "50", "--zoos", "10", "--users", "3"]
PASSWORD = "correct horse battery staple"
INDEXES = """
SELECT string_agg(indexdef, '; ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'animal'
"""


@pytest.fixture
def run(app):
    """Run a command; return how it ended."""
    return lambda *arguments: app.test_cli_runner().invoke(args=arguments)


@pytest.fixture
def scalar(app):
    """Return what a statement finds."""
    from app.engine import db

    def read(statement):
        with app.app_context():
            return db.session.scalar(sa.text(statement))

    return read


@pytest.mark.parametrize(("command", "name"), [(["seed"], "ada"), (SMALL, "person-3")])
def test_people_who_are_made_up_can_log_in_and_make_zoos(run, gql, command, name):
    """The command says with which password; their addresses are confirmed."""
    said = run(*command).output

    assert name in said
    assert f"the password is {PASSWORD!r}" in said
    login = gql(LOGIN, input={"username": name, "password": PASSWORD})[0]["login"]
    made = gql(CREATE, login["accessToken"])
    assert made == ({"createZoo": {"zoo": {"owner": {"username": name}}}}, [])


def test_the_sample_is_real_zoos_with_their_animals(run, gql, scalar):
    """Each animal lives in a zoo of its owner's; the first ones are the same everywhere."""
    assert run("seed").exit_code == 0

    assert gql(FIRST)[0]["animals"] == {
        "totalCount": scalar(OWNED),
        "nodes": [
            {"name": "African elephant", "createdAt": "2026-01-01T09:00:01.750000+00:00"},
            {"name": "Cape buffalo", "createdAt": "2026-01-01T09:00:02+00:00"},
        ],
    }
    assert scalar(OWNED) > 200


def test_the_sample_is_added_once(run, scalar):
    """The second time, nothing changes."""
    run("seed")
    before = scalar(OWNED)

    assert run("seed").output == "Nothing is added: there are accounts already.\n"
    assert scalar(OWNED) == before


def test_a_load_is_the_same_each_time(run, app, gql, scalar):
    """So many of each, with the same ids, names, owners and times; others' rows follow after."""
    from app.engine import db

    def load():
        with app.app_context():
            db.session.execute(sa.text('TRUNCATE "user" CASCADE'))
            db.session.commit()
        said = run(*SMALL).output
        assert "Made: 3 users, 10 zoos, 50 animals\n" in said
        rows = "SELECT string_agg(animal::text, ' ' ORDER BY id) FROM animal"
        return scalar(rows), gql(FIRST)[0]

    assert load() == load()
    assert scalar(OWNED) == 50
    assert (scalar("SELECT max(id) FROM zoo"), scalar("SELECT max(id) FROM animal")) == (10, 50)
    login = gql(LOGIN, input={"username": "person-1", "password": PASSWORD})[0]["login"]
    assert gql(CREATE, login["accessToken"])[1] == []
    assert scalar("SELECT max(id) FROM zoo") == 11


def test_a_load_leaves_every_index_as_it_was(run, scalar):
    """Those of animals are made anew, which is faster than row by row."""
    before = scalar(INDEXES)

    assert run(*SMALL).exit_code == 0
    assert scalar(INDEXES) == before


def test_a_load_needs_an_empty_database(run, ada, scalar):
    """Nobody's rows are mixed with those of a benchmark."""
    refused = run(*SMALL)

    assert refused.exit_code == 1
    assert refused.output == "Error: There are accounts already; a benchmark begins with none.\n"
    assert scalar('SELECT count(*) FROM "user"') == 1


@pytest.mark.parametrize("command", [["seed"], SMALL])
def test_production_takes_nobody_whose_password_is_known(run, app, scalar, monkeypatch, command):
    """The command is refused, and nothing is added."""
    monkeypatch.setitem(app.config, "APP_ENV", "production")

    refused = run(*command)

    assert refused.exit_code == 1
    assert "Not in production" in refused.output
    assert scalar('SELECT count(*) FROM "user"') == 0
