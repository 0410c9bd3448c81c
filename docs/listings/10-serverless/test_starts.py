"""What chapter 10 says of imports is so: fewer modules, none of them for images, and less time."""

import pytest

from tools import facts, steps

STEP = steps.find("10-serverless")


@pytest.fixture
def starts(monkeypatch):
    """The listing, found as Python finds it."""
    monkeypatch.syspath_prepend(str(steps.ROOT / "docs" / "listings" / "10-serverless"))
    import starts

    return starts


def libraries(modules):
    """Return the first part of each module's name."""
    return {name.partition(".")[0] for name, _ in modules}


def test_the_step_imports_less_than_the_one_before(starts, monkeypatch):
    """The modules and the milliseconds of both, the best of a few tries."""
    monkeypatch.chdir(STEP.before.folder)
    before, long = starts.modules(), starts.seconds()
    monkeypatch.chdir(STEP.folder)
    after, short = starts.modules(), starts.seconds()

    assert libraries(before) >= {"sqlalchemy", "graphql", "PIL", "google", "requests"}
    assert libraries(after) >= {"sqlalchemy", "graphql"}
    assert not libraries(after) & {"PIL", "google", "requests"}
    facts.state("import_modules_before", len(before))
    facts.state("import_modules_after", len(after))
    facts.state("import_milliseconds_before", round(long * 1000))
    facts.state("import_milliseconds_after", round(short * 1000))


def test_each_library_has_its_share(starts, monkeypatch, capsys):
    """And one that is not imported has none."""
    monkeypatch.setattr(starts, "seconds", lambda: 1.5)
    monkeypatch.setattr(starts, "modules", lambda: [("sqlalchemy.orm", 250_000), ("PIL", 20_000)])

    starts.main()

    assert capsys.readouterr().out.splitlines() == [
        "1.50 s for all that the app imports",
        "0.25 s for SQLAlchemy",
        "nothing for GraphQL",
        "0.02 s for images",
        "nothing for the bucket",
    ]
