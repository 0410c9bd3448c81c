"""A bucket that forbids, fails, keeps silent or is nobody's: away, and the old image in place."""

import gc
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from pictures import picture
from requests.adapters import HTTPAdapter

SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
SHOWN = '{ user(username: "ada") { profileImage { url } } }'
RED, BLUE = picture(colour="red"), picture(colour="blue")
AWAY = [{"code": "SERVICE_UNAVAILABLE"}]

# What is cut short leaves its socket to Python, which warns when it closes it: here, and no later.
pytestmark = [
    pytest.mark.parametrize("kept", ["bucket"], indirect=True),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@contextmanager
def answering(status):
    """Be a Google Cloud Storage that always gives one answer; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_DELETE = answer

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def silent():
    """Be one that takes every request, and answers none; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def shown(app, gql):
    """Return the status with which ada's image is shown."""

    def ask():
        url = urlsplit(gql(SHOWN)[0]["user"]["profileImage"]["url"])
        return app.test_client().get(f"{url.path}?{url.query}").status_code

    return ask


@pytest.fixture
def changed(app, kept, monkeypatch):
    """Put a bucket with other settings into the place of the app's; be less patient with it."""
    from app.engine import storage

    monkeypatch.setattr(storage, "PATIENCE", 0.5)

    def change(**settings):
        app.extensions["storage"] = type(kept)({**app.config, **settings})

    yield change
    gc.collect()


@pytest.mark.parametrize("theirs", [lambda: answering(403), lambda: answering(500), silent])
def test_a_bucket_that_refuses_leaves_the_old_image(
    app, kept, upload, shown, changed, monkeypatch, theirs
):
    """It is away for those who store and for those who look, and nobody waits for ever."""
    upload(SET, RED)
    with theirs() as address, monkeypatch.context() as gone:
        gone.setenv("STORAGE_EMULATOR_HOST", address)
        changed()

        assert upload(SET, BLUE)[1] == AWAY
        assert shown() == 503
    app.extensions["storage"] = kept

    assert len(kept.names()) == 1
    assert shown() == 200


@pytest.mark.parametrize("settings", [{"BUCKET": "nobodys"}, {"GOOGLE_CREDENTIALS": "{}"}])
def test_a_bucket_that_is_none_of_ours_is_away(kept, upload, changed, settings):
    """So is one to which the app has no key."""
    changed(**settings)

    assert upload(SET, RED)[1] == AWAY


def test_no_call_waits_longer_than_a_visitor(kept, monkeypatch):
    """Five seconds, whatever is asked; for what the library asks aside, nobody waits."""
    send, waits = HTTPAdapter.send, []

    def noted(self, request, timeout=None, **options):
        if threading.current_thread() is threading.main_thread():
            waits.append(timeout)
        return send(self, request, timeout=timeout, **options)

    monkeypatch.setattr(HTTPAdapter, "send", noted)
    kept.put("1/red.png", RED)

    assert kept.names() == ["1/red.png"]
    assert kept.get("1/red.png") == RED
    kept.delete("1/red.png")
    assert {*waits} == {5}


def test_a_bucket_is_told_what_it_keeps(kept, upload):
    """imgix, or whoever stands before it, believes the type."""
    upload(SET, RED)

    [name] = kept.names()
    assert kept.bucket.get_blob(name).content_type == "image/png"


def test_what_is_gone_already_can_be_deleted(kept):
    """Two who delete the same both succeed."""
    kept.put("1/red.png", RED)

    for _ in range(2):
        kept.delete("1/red.png")

    assert kept.names() == []
