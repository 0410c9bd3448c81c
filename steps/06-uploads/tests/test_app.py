"""The factory makes applications, and each says whether it can serve."""

import pytest
import sqlalchemy as sa

NOWHERE = "postgresql+psycopg://zoo:zoo@127.0.0.1:1/zoo"


@pytest.fixture
def lonely():
    """An application whose database is away."""
    from app import create_app

    return create_app(SQLALCHEMY_DATABASE_URI=NOWHERE)


def test_a_ready_application_says_so(app):
    """200, for whoever asks."""
    response = app.test_client().get("/readyz")

    assert response.status_code == 200
    assert response.get_json() == {"status": "ready"}


def test_an_application_without_its_database_is_not_ready(lonely):
    """503 and a code, in the shape of every other error."""
    response = lonely.test_client().get("/readyz")

    assert response.status_code == 503
    assert response.get_json()["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE"}


def test_a_request_without_a_database_says_that_it_is_worth_a_second_try(lonely, caplog):
    """The client gets the code and an id, the log gets the reason."""
    response = lonely.test_client().post("/graphql", json={"query": "{ animals { id } }"})

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

    assert gql("{ animals { name } }") == ({"animals": []}, [])
    assert engine.pool.checkedout() == 0
    assert gql("{ animals { name } }") == ({"animals": []}, [])


def test_two_applications_live_side_by_side(app, lonely, gql):
    """Each has its own settings: one answers while the other cannot."""
    assert lonely.test_client().get("/readyz").status_code == 503
    assert gql("{ animals { name } }") == ({"animals": []}, [])
