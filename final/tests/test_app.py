"""The factory makes applications, and each says whether it can serve."""

import pytest
import sqlalchemy as sa

NOWHERE = "postgresql+psycopg://zoo:zoo@127.0.0.1:1/zoo"


@pytest.fixture
def lonely():
    """An application whose database is away."""
    from app import create_app

    return create_app(database_url=NOWHERE)


@pytest.fixture
def migrated(app):
    """Say in the database which migration it has come to, or that it has none."""
    from app.engine import db

    def say(revision):
        with app.app_context():
            db.session.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
            if revision:
                db.session.execute(sa.text("CREATE TABLE alembic_version (version_num text)"))
                values = {"revision": revision}
                db.session.execute(
                    sa.text("INSERT INTO alembic_version VALUES (:revision)"), values
                )
            db.session.commit()

    with app.app_context():
        own = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    yield say
    say(own)


def test_a_ready_application_says_so(app, migrated):
    """200, for whoever asks."""
    migrated("0008")
    response = app.test_client().get("/readyz")

    assert response.status_code == 200
    assert response.get_json() == {"status": "ready"}


def test_an_application_without_its_database_is_not_ready(lonely):
    """503 and a code, in the shape of every other error."""
    response = lonely.test_client().get("/readyz")

    assert response.status_code == 503
    assert response.get_json()["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE"}


def test_an_application_whose_tables_are_older_is_not_ready(app, migrated):
    """Nor one that has none; a reader is told what to do."""
    for revision in (None, "0007"):
        migrated(revision)
        response = app.test_client().get("/readyz")

        assert response.status_code == 503
        assert "flask --app manage db upgrade" in response.get_json()["errors"][0]["message"]


def test_an_application_stays_ready_when_the_next_release_has_migrated(app, migrated):
    """Or a rollout would begin by taking the old version away."""
    migrated("9999")

    assert app.test_client().get("/readyz").status_code == 200


def test_an_application_lives_without_its_database(lonely):
    """Starting it anew would not bring the database back."""
    response = lonely.test_client().get("/livez")

    assert (response.status_code, response.get_json()) == (200, {"status": "alive"})


def test_a_statement_that_takes_too_long_is_ended(app, client):
    """By Postgres, which would go on with it after the client has left."""
    from app.engine import db

    with app.app_context():
        assert db.session.scalar(sa.text("SHOW statement_timeout")) == "5s"


def test_a_request_without_a_database_says_that_it_is_worth_a_second_try(lonely, caplog):
    """The client gets the code and an id, the log gets the reason."""
    response = lonely.test_client().post("/graphql", json={"query": "{ animals { nodes { id } } }"})

    [error] = response.get_json()["errors"]
    assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert error["extensions"]["id"] in caplog.text
    assert "127.0.0.1" not in response.text


def test_an_answer_is_not_lost_with_the_connection_that_it_came_by(app, gql):
    """Once read, it is given; what is left of the connection is not kept."""
    from app.engine import db

    def end(connection, *_):
        own = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "after_cursor_execute", end, once=True)

    assert gql("{ animals { nodes { name } } }") == ({"animals": {"nodes": []}}, [])
    assert engine.pool.checkedout() == 0
    assert gql("{ animals { nodes { name } } }") == ({"animals": {"nodes": []}}, [])


def test_two_applications_live_side_by_side(app, lonely, gql):
    """Each has its own settings: one answers while the other cannot."""
    assert lonely.test_client().get("/readyz").status_code == 503
    assert gql("{ animals { nodes { name } } }") == ({"animals": {"nodes": []}}, [])
