"""A solution to the exercise "Alive is not ready"."""

NOWHERE = "postgresql+psycopg://zoo:zoo@127.0.0.1:1/zoo"


def test_an_application_is_alive_without_its_database():
    """200 at /livez while /readyz says 503: a new process would not help."""
    from app import create_app

    client = create_app(SQLALCHEMY_DATABASE_URI=NOWHERE).test_client()

    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_being_alive_costs_no_statement(client, statements):
    """The database hears nothing of it."""
    del statements[:]

    assert client.get("/livez").status_code == 200
    assert statements == []
