"""`flask sweep`: what is over goes, and what somebody needs stays."""

import pytest
import sqlalchemy as sa
from pictures import picture

SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
ME = "{ me { username } }"


@pytest.fixture
def sql(app):
    """Run SQL, and commit; return the rows."""
    from app.engine import db

    def run(statement):
        with app.app_context():
            result = db.session.execute(sa.text(statement))
            rows = result.scalars().all() if result.returns_rows else []
            db.session.commit()
        return rows

    return run


@pytest.fixture
def sweep(app):
    """Run the command; return what it said."""
    return lambda: app.test_cli_runner().invoke(args=["sweep"]).output


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_sessions_that_are_over_are_swept(kept, ada, bob, sql, sweep):
    """The others go on."""
    sql("UPDATE session SET expires_at = now() - interval '1 second' WHERE user_id = 1")
    over = ada.gql(ME)

    assert sweep() == "Swept: 1 sessions, 0 accounts, 0 images\n"
    assert over[1] == [{"code": "UNAUTHENTICATED"}]
    assert bob.gql(ME)[1] == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_accounts_that_nobody_confirmed_are_swept(kept, person, made, sql, sweep):
    """After thirty days; who owns something, or has no address to confirm, is left alone."""
    for name in ("old", "new", "rich", "elder", "sure"):
        someone = person(name)
        if name == "rich":
            made("Zoo", "Berlin", by=someone)
    sql("UPDATE \"user\" SET email_confirmed = false WHERE username IN ('old', 'new', 'rich')")
    sql("UPDATE \"user\" SET created_at = now() - interval '31 days' WHERE username <> 'new'")
    sql("UPDATE \"user\" SET email = NULL, email_confirmed = false WHERE username = 'elder'")

    assert sweep() == "Swept: 0 sessions, 1 accounts, 0 images\n"
    left = sql('SELECT username FROM "user" ORDER BY username')
    assert left == ["ada", "elder", "new", "rich", "sure"]


def test_images_that_nobody_shows_are_swept(kept, upload, sweep):
    """The one that is shown stays."""
    upload(SET, picture())
    shown = kept.names()
    kept.put("1/orphan.png", picture(colour="red"))

    assert sweep() == "Swept: 0 sessions, 0 accounts, 1 images\n"
    assert kept.names() == shown
