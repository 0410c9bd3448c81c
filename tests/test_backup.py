"""final/scripts/backup and restore, rehearsed: what is written is there again, nothing is lost."""

import os
import subprocess

import psycopg
import pytest

from tests.stack import running
from tools.steps import FINAL

# All tables but letters, which are sent meanwhile.
TABLES = ("user", "zoo", "animal", "session", "alembic_version")
MORE = """UPDATE "user" SET image_name = id || '/0123.png', image_width = 60, image_height = 40;
    INSERT INTO zoo (name, owner_id) SELECT 'Zoo of ' || username, id FROM "user" """
KEPT = r"SELECT datname FROM pg_database WHERE datname LIKE 'zoo\_%'"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """The containers of final/, with two animals, and for each owner a zoo and an image."""
    with running(FINAL, tmp_path_factory.mktemp("backup") / "final") as found:
        for _ in range(2):
            found.create()
        with found.sql() as connection:
            connection.execute(MORE)
        yield found


@pytest.fixture(scope="module")
def run(stack):
    """Run a script from the folder beside; return how it ended."""
    settings = {"COMPOSE_PROJECT_NAME": stack.project, "PORT": str(stack.port)}

    def begin(script, *arguments):
        return subprocess.run(
            [stack.folder / "scripts" / script, *arguments],
            cwd=stack.folder.parent,
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    return begin


@pytest.fixture(scope="module")
def backup(stack, run):
    """A backup of the two animals."""
    done = run("backup", "first.dump")
    assert done.returncode == 0, done.stderr
    return stack.folder.parent / "first.dump"


def rows(stack, database="zoo"):
    """Return every row of every table, as texts."""
    with stack.sql() as here:
        address = here.info.get_parameters() | {"password": here.info.password, "dbname": database}
    with psycopg.connect(**address) as connection:
        asked = [(table, f'SELECT t::text FROM "{table}" t') for table in TABLES]  # noqa: S608
        return {t: sorted(row for (row,) in connection.execute(q).fetchall()) for t, q in asked}


def kept(stack):
    """Return the names of the databases that a restoration has put aside."""
    with stack.sql() as connection:
        return sorted(name for (name,) in connection.execute(KEPT).fetchall())


def test_a_backup_is_its_owners_alone_and_never_overwritten(run, backup):
    """Nobody else may read it; a second one needs another name; no half of one is left."""
    before = backup.read_bytes()
    again = run("backup", "first.dump")

    assert again.returncode == 1
    assert again.stderr == f"There is a {backup} already, and it stays: name another file.\n"
    assert backup.read_bytes() == before
    assert backup.stat().st_mode & 0o077 == 0
    assert list(backup.parent.glob("*.part")) == []


def test_a_backup_is_there_again_on_a_machine_that_has_nothing(stack, run, backup):
    """All rows, the images' names among them, on a volume that is new; and the app serves them."""
    before = rows(stack)
    stack.compose("down", "--volumes")

    done = run("restore", "first.dump")

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"Ready: http://127.0.0.1:{stack.port}/graphql\n")
    assert rows(stack) == before
    assert all(len(before[table]) for table in TABLES)
    assert stack.create()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_backup_that_is_cut_off_is_refused(stack, run, backup, share):
    """Whatever is missing; the database that was there is untouched, and the app goes on."""
    whole = backup.read_bytes()
    backup.with_name("cut.dump").write_bytes(whole[: int(len(whole) * share)])
    before, started = rows(stack), stack.inspect("api", ".State.StartedAt")

    done = run("restore", "cut.dump")

    assert done.returncode == 1
    assert "cut.dump is no whole backup, and nothing was changed." in done.stderr.splitlines()[-1]
    assert rows(stack) == before
    assert stack.inspect("api", ".State.StartedAt") == started


def test_what_was_there_is_kept_under_another_name(stack, run, backup):
    """Whoever restores the wrong backup has lost nothing."""
    stack.create()
    before, aside = rows(stack), kept(stack)

    done = run("restore", "first.dump")

    assert done.returncode == 0, done.stderr
    [new] = set(kept(stack)) - set(aside)
    assert f"What was there until now is the database {new}." in done.stdout
    assert rows(stack, new) == before
    assert rows(stack) != before


@pytest.mark.parametrize(
    ("script", "arguments", "sentence"),
    [
        ("backup", [], "Say where to: scripts/backup FILE"),
        ("backup", ["x.dump", "moon"], "There is no moon: say local or production."),
        ("backup", ["nowhere/x.dump"], "There is no backup."),
        ("restore", [], "Say which: scripts/restore FILE"),
        ("restore", ["nowhere.dump"], "nowhere.dump."),
    ],
)
def test_what_a_script_cannot_do_it_says(run, script, arguments, sentence):
    """In a sentence, at the end of what it says."""
    done = run(script, *arguments)

    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("script", ["backup", "restore"])
def test_help_says_what_a_script_does(run, script):
    """It is the comment on its top."""
    done = run(script, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"scripts/{script} FILE [local|production]: ")
