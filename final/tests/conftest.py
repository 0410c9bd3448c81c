"""An empty database, an empty storage, and a client that sends GraphQL."""

import uuid

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from graphql_relay import to_global_id
from people import Person, answered
from pictures import form

pytest_plugins = ["asking", "stands"]


@pytest.fixture(scope="session")
def flask_app(database_url, tmp_path_factory):
    """The application, on the tests' database, migrated."""
    from app import create_app

    folder = tmp_path_factory.mktemp("images")
    app = create_app(database_url=database_url, image_folder=str(folder))
    app.testing = True
    with app.app_context():
        upgrade()
    return app


@pytest.fixture
def app(flask_app):
    """The application on empty tables."""
    from app.engine import db

    names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    with flask_app.app_context():
        db.session.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
        db.session.commit()
    flask_app.extensions["limits"][0].reset()
    yield flask_app
    with flask_app.app_context():
        db.engine.dispose()


@pytest.fixture
def another(database_url, tmp_path):
    """Return a function that makes an application with other settings, on the same database."""
    from app import create_app
    from app.engine import db

    made = []

    def make(**settings):
        given = {"database_url": database_url, "image_folder": str(tmp_path / "images")}
        made.append(create_app(**(given | settings)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def person(app):
    """Return a function that makes an account, whose address is confirmed."""
    from app import model
    from app.engine import auth, db

    def make(username):
        with app.app_context():
            user = model.User(username=username, email=f"{username}@example.org")
            user.email_confirmed, user.password_hash = True, "nobody's"
            db.session.add(user)
            db.session.flush()
            global_id, tokens = to_global_id("User", user.id), auth.begin(user)
            db.session.commit()
        return Person(app, global_id, username, tokens)

    return make


@pytest.fixture
def ada(person):
    """A user whose address is confirmed."""
    return person("ada")


@pytest.fixture
def bob(person):
    """Another."""
    return person("bob")


@pytest.fixture
def client(app, ada):
    """Something that speaks HTTP to the application, as ada."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {ada.tokens['access_token']}"
    return client


@pytest.fixture
def gql(app):
    """Send an operation as nobody, or with a token; return `data` and the errors' extensions."""

    def send(query, token=None, **variables):
        return answered(app, query, variables, token)

    return send


@pytest.fixture
def made(ada):
    """Return a function that makes zoos or animals of ada's; it returns their global ids."""

    def make(kind, *names, by=ada, **more):
        create = f"""mutation ($input: Create{kind}Input!) {{
          create{kind}(input: $input) {{ {kind.lower()} {{ id }} }}
        }}"""
        ids = []
        for name in names:
            data, errors = by.gql(create, input={"name": name, **more})
            assert errors == []
            ids.append(data[f"create{kind}"][kind.lower()]["id"])
        return ids

    return make


@pytest.fixture(params=["folder", "bucket"])
def kept(request, app, tmp_path, monkeypatch):
    """The application's storage, empty: once a folder, once a bucket."""
    from app.engine import storage

    bucket = f"test-{uuid.uuid4().hex}" if request.param == "bucket" else ""
    monkeypatch.setitem(app.config, "IMAGE_FOLDER", str(tmp_path / "images"))
    monkeypatch.setitem(app.config, "BUCKET", bucket)
    if bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", request.getfixturevalue("emulator"))
    storage.init_app(app)
    images = app.extensions["storage"]
    if bucket:
        images.bucket.client.create_bucket(bucket)
    return images


@pytest.fixture
def upload(app, ada):
    """Send a mutation with one file, as ada or with a token; return data and errors."""

    def send(query, data, filename="okapi.png", token=ada.tokens["access_token"]):
        headers, body = form(query, data, filename)
        headers["Authorization"] = f"Bearer {token}"
        answer = app.test_client().post("/graphql", data=body, headers=headers).get_json()
        return answer.get("data"), [error["extensions"] for error in answer.get("errors", [])]

    return send


@pytest.fixture
def statements(app):
    """The SQL statements that reach the database, one after another."""
    from app.engine import db

    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(" ".join(statement.split()))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)
