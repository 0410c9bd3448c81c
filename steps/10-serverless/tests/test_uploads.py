"""Images are stored, replaced and removed, and nothing is left over or lost."""

from hashlib import sha256
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from pictures import opened, picture

UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
SET = """
mutation ($file: Upload!) { setProfileImage(file: $file) { user { username profileImage } } }
"""
REMOVE = "mutation { removeProfileImage { user { username profileImage } } }"
SHOWN = "{ user(id: 1) { profileImage } }"
RED, BLUE = picture(colour="red"), picture(colour="blue")


@pytest.fixture
def fetch(app):
    """Ask for an image; return the answer."""

    def get(url):
        parts = urlsplit(url)
        return app.test_client().get(f"{parts.path}?{parts.query}")

    return get


@pytest.fixture
def shown(gql):
    """Return the address of ada's profile image."""
    return lambda: gql(SHOWN)[0]["user"]["profileImage"]


@pytest.fixture
def sweep(app):
    """Run `flask sweep`; return what it printed."""
    return lambda: app.test_cli_runner().invoke(args=["sweep"]).output


def test_an_uploaded_image_is_stored_under_its_content(kept, upload, fetch):
    """Its owner's number, the hash of its bytes, and an ending; the address shows it."""
    data, errors = upload(UPLOAD, RED)

    assert errors == []
    [name] = kept.names()
    assert name == f"1/{sha256(kept.get(name)).hexdigest()}.png"
    response = fetch(data["uploadImage"]["url"])
    assert response.status_code == 200
    assert opened(response.data).convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_two_uploads_of_one_content_are_one_image(app, kept, upload):
    """One object, one row, one address."""
    from app import model
    from app.engine import db

    first, second = upload(UPLOAD, RED), upload(UPLOAD, RED, "another name.jpg")

    assert first == second
    assert len(kept.names()) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(model.Image.id))) == 1


def test_a_user_shows_an_image(kept, upload, shown, fetch):
    """Null before; an absolute address after."""
    assert shown() is None

    data, errors = upload(SET, RED)

    assert errors == []
    assert data["setProfileImage"]["user"] == {"username": "ada", "profileImage": shown()}
    assert shown().startswith("http://localhost/images/1/")
    assert fetch(shown()).status_code == 200


def test_a_replaced_image_is_deleted(kept, upload, shown, fetch):
    """Its bytes are gone, and its address shows nothing any more."""
    upload(SET, RED)
    before = shown()

    upload(SET, BLUE)

    assert shown() != before
    assert len(kept.names()) == 1
    assert fetch(before).status_code == 404
    assert fetch(shown()).status_code == 200


def test_an_image_that_replaces_itself_stays(kept, upload, shown, fetch):
    """The same content again deletes nothing."""
    upload(SET, RED)
    upload(SET, RED)

    assert fetch(shown()).status_code == 200


def test_a_removed_image_is_deleted(kept, upload, gql, shown):
    """Once and again; the second time there is nothing to do."""
    upload(SET, RED)

    for _ in range(2):
        data, errors = gql(REMOVE)
        assert errors == []
        assert data["removeProfileImage"]["user"] == {"username": "ada", "profileImage": None}

    assert kept.names() == []


def test_an_image_that_is_needed_twice_stays(kept, upload, gql, fetch):
    """What was uploaded for itself outlives the profile that shows the same."""
    url = upload(UPLOAD, RED)[0]["uploadImage"]["url"]
    upload(SET, RED)

    gql(REMOVE)

    assert fetch(url).status_code == 200


def test_two_users_share_no_image(app, kept, upload, gql, stranger, fetch):
    """Each has a copy: what one removes, the other still shows."""
    register = 'mutation { register(input: {username: "grace", password: "a password"}) '
    token = stranger(f"{register} {{ accessToken }} }}")[0]["register"]["accessToken"]
    upload(SET, RED)
    upload(SET, RED, token=token)

    gql(REMOVE)

    [name] = kept.names()
    assert name.startswith("2/")
    assert fetch(gql("{ user(id: 2) { profileImage } }")[0]["user"]["profileImage"]).data


@pytest.mark.parametrize("document", [UPLOAD, SET])
def test_nobody_uploads_without_a_token(kept, upload, document):
    """And nothing is stored."""
    assert upload(document, RED, token="")[1] == [{"code": "UNAUTHENTICATED"}]
    assert kept.names() == []


def test_what_no_row_names_is_swept(kept, upload, shown, fetch, sweep):
    """A crash between the file and the row leaves an orphan; what is needed stays."""
    upload(SET, RED)
    kept.put(f"1/{'0' * 64}.png", BLUE)
    kept.put("9/of-nobody.png", BLUE)

    assert sweep() == "Swept: 2\n"
    assert len(kept.names()) == 1
    assert fetch(shown()).status_code == 200
    assert sweep() == "Swept: 0\n"
