"""Files, rows and locks in their order: whatever fails, no row names what is not there."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from pictures import picture
from sqlalchemy.exc import OperationalError

UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
SET = "mutation ($file: Upload!) { setProfileImage(file: $file) { user { profileImage } } }"
REMOVE = "mutation { removeProfileImage { user { profileImage } } }"
SHOWN = "{ user(id: 1) { profileImage } }"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
RED, BLUE = picture(colour="red"), picture(colour="blue")
AWAY = [{"code": "SERVICE_UNAVAILABLE"}]


@pytest.fixture
def count(app):
    """Return the number that a query counts."""
    from app.engine import db

    def read(query):
        with app.app_context():
            return db.session.scalar(sa.text(query))

    return read


@pytest.fixture
def sweep(app):
    """Run `flask sweep`; return what it printed."""
    return lambda: app.test_cli_runner().invoke(args=["sweep"]).output


@contextmanager
def before_commits(act):
    """Do something before every commit."""
    from app.engine import db

    sa.event.listen(db.session, "before_commit", act)
    yield
    sa.event.remove(db.session, "before_commit", act)


@pytest.fixture
def meanwhile(count):
    """Do one thing, and before its first commit begin another, until that waits; return both."""

    def run(one, other):
        def begin(session):
            if not begun:
                begun.append(pool.submit(other))
                while not begun[0].done() and not count(WAITING):
                    pass

        begun = []
        with ThreadPoolExecutor(max_workers=1) as pool, before_commits(begin):
            done = one()
        return done, begun[0].result()

    return run


def fail(session):
    """Lose the database."""
    raise OperationalError("COMMIT", {}, Exception("the connection is lost"))


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("document", [UPLOAD, SET, REMOVE])
def test_a_commit_that_fails_loses_no_image(kept, upload, gql, sweep, document):
    """The old one is still there; the new one is an orphan, and swept."""
    upload(SET, RED)
    before = kept.names()

    with before_commits(fail):
        errors = gql(REMOVE)[1] if document == REMOVE else upload(document, BLUE)[1]

    orphans = 0 if document == REMOVE else 1
    assert [error["code"] for error in errors] == ["SERVICE_UNAVAILABLE"]
    assert len(kept.names()) == 1 + orphans
    assert sweep() == f"Swept: {orphans}\n"
    assert kept.names() == before


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_an_image_that_is_not_stored_has_no_row(kept, upload, count, monkeypatch):
    """SERVICE_UNAVAILABLE, and nothing is named."""
    kept.path.touch()

    assert upload(UPLOAD, RED)[1] == AWAY
    assert count("SELECT count(*) FROM image") == 0


def test_a_sweep_in_the_middle_of_an_upload_leaves_its_image(kept, upload, sweep, meanwhile):
    """The file is stored and the row is not: the sweep waits, and asks again."""
    (_, errors), swept = meanwhile(lambda: upload(UPLOAD, RED), sweep)

    assert errors == []
    assert swept.startswith("Swept: ")
    assert len(kept.names()) == 1


def test_an_image_that_is_removed_while_it_is_set_leaves_nothing(kept, upload, gql, meanwhile):
    """Removing waits for the new one, and removes that."""
    upload(SET, RED)

    both = meanwhile(lambda: upload(SET, BLUE), lambda: gql(REMOVE))

    assert [errors for _, errors in both] == [[], []]
    assert gql(SHOWN)[0]["user"]["profileImage"] is None
    assert kept.names() == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_images_are_drawn_one_at_a_time(kept, upload, monkeypatch):
    """20 megapixels take 80 MB; eight at once would take all that there is."""
    from app.engine import images

    redrawn, two = images.redrawn, threading.Barrier(2)
    met = []

    def slowly(*arguments):
        try:
            met.append(two.wait(0.2))
        except threading.BrokenBarrierError:
            two.reset()
        return redrawn(*arguments)

    monkeypatch.setattr(images, "redrawn", slowly)
    with ThreadPoolExecutor(max_workers=2) as pool:
        errors = [found for _, found in pool.map(upload, [UPLOAD] * 2, [RED, BLUE])]

    assert errors == [[], []]
    assert met == []
