"""An image is shown at the size that is asked for, and only at sizes that the API has signed."""

from hashlib import md5
from urllib.parse import parse_qs, urlsplit

import pytest
from pictures import opened, picture

SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
SHOWN = """query ($width: Int, $height: Int) {
  user(username: "ada") { profileImage(width: $width, height: $height) { url width height } }
}"""


@pytest.fixture
def sized(kept, upload, gql):
    """Return the address of ada's image, which has 600 by 400 pixels, at a size."""
    upload(SET, picture("JPEG", (600, 400)))
    return lambda **size: gql(SHOWN, **size)[0]["user"]["profileImage"]["url"]


@pytest.fixture
def get(app):
    """Ask for an address, with some of its parameters changed."""

    def ask(url, path="", **changes):
        parts = urlsplit(url)
        query = {**{k: v[0] for k, v in parse_qs(parts.query).items()}, **changes}
        return app.test_client().get(path or parts.path, query_string=query)

    return ask


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, (600, 400)),
        ({"width": 300}, (300, 200)),
        ({"height": 100}, (150, 100)),
        ({"width": 300, "height": 100}, (150, 100)),
        ({"width": 1_000, "height": 1_000}, (600, 400)),
        ({"width": 1}, (1, 1)),
        ({"width": None}, (600, 400)),
    ],
)
def test_an_image_fits_into_the_box_that_is_asked_for(sized, gql, get, asked, shown):
    """It keeps its shape, is never made larger, and has the size that the API says."""
    response = get(sized(**asked))
    image = gql(SHOWN, **asked)[0]["user"]["profileImage"]

    assert response.status_code == 200
    assert opened(response.data).size == shown == (image["width"], image["height"])


def test_an_image_from_before_sizes_were_written_down_has_one(app, sized, gql):
    """It is asked of the image itself."""
    import sqlalchemy as sa

    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text('UPDATE "user" SET image_width = NULL, image_height = NULL'))
        db.session.commit()

    image = gql(SHOWN, width=300)[0]["user"]["profileImage"]
    assert (image["width"], image["height"]) == (300, 200)


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("pixels", [0, -1, 1_001, 2**31 - 1])
@pytest.mark.parametrize("side", ["width", "height"])
def test_a_side_out_of_range_is_refused(sized, gql, side, pixels):
    """The error names the argument."""
    data, errors = gql(SHOWN, **{side: pixels})

    assert data == {"user": {"profileImage": None}}
    assert errors == [{"code": "BAD_USER_INPUT", "field": side}]


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(
    "changes",
    [{"w": "400"}, {"w": "300", "h": "9"}, {"w": "x"}, {"s": ""}, {"s": "é"}, {"s": "A" * 43}],
)
def test_a_size_that_nobody_signed_is_not_found(sized, get, changes):
    """404, in JSON: a changed side, one more, or another signature."""
    response = get(sized(width=300), **changes)

    assert response.status_code == 404
    assert response.get_json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_signature_opens_one_image_alone(kept, sized, get):
    """Nor does it lead out of the folder."""
    kept.put("2/other.png", picture())

    for path in ("/images/2/other.png", "/images/../settings.py", "/images/1/%2e%2e/2/other.png"):
        assert get(sized(), path).status_code == 404


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_signature_does_not_open_another_image(upload, sized, get, bob):
    """Though that one is shown, too."""
    signed = parse_qs(urlsplit(sized()).query)["s"][0]
    data, _ = upload(SET, picture(colour="blue"), token=bob.tokens["access_token"])
    other = data["setProfileImage"]["user"]["profileImage"]["url"]

    assert get(other).status_code == 200
    assert get(other, s=signed).status_code == 404


def test_a_browser_takes_it_for_an_image_and_keeps_it(sized, get):
    """On any site's page; its type is fixed, nothing in it runs, its content never changes."""
    headers = get(sized()).headers

    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_image_is_made_smaller_once(kept, sized, get):
    """The second answer comes from memory, and asks no storage."""
    url = sized(width=77)
    first = get(url).data
    [name] = kept.names()

    kept.delete(name)

    assert get(url).data == first
    assert opened(first).size == (77, 51)


def test_an_image_whose_file_is_gone_is_not_found(kept, sized, get):
    """404; the API still names it."""
    url = sized(width=123)
    [name] = kept.names()

    kept.delete(name)

    assert get(url).status_code == 404


@pytest.mark.parametrize("kept", ["bucket"], indirect=True)
def test_imgix_before_the_bucket_takes_over(app, sized, monkeypatch):
    """The same field gives addresses of its own domain, signed with its token."""
    monkeypatch.setitem(app.config, "IMGIX_DOMAIN", "zoo.imgix.net")
    monkeypatch.setitem(app.config, "IMGIX_TOKEN", "a token")

    url = urlsplit(sized(width=300, height=200))

    assert (url.scheme, url.netloc) == ("https", "zoo.imgix.net")
    assert url.path.startswith("/1/")
    query = parse_qs(url.query)
    assert (query["w"], query["h"], query["fit"]) == (["300"], ["200"], ["max"])
    signed, _, signature = url.query.rpartition("&s=")
    told = f"a token{url.path}?{signed}".encode()
    assert signature == md5(told, usedforsecurity=False).hexdigest()
