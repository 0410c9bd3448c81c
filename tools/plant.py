"""Insert the sample data through a step's own models; runs in the step's folder, as a script."""

import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask.cli import ScriptInfo

# The one that final/ brings along.
SAMPLE = Path(__file__).parent.parent / "final" / "app" / "commands" / "sample.toml"

# Four rows a second, so that a page shows the same times and cursors wherever it is recorded.
BEGIN = datetime(2026, 1, 1, 9, tzinfo=UTC)
PACE = timedelta(milliseconds=250)


def plant() -> None:
    """Add the sample, as far as the step's models can hold it, to a database without rows."""
    app = ScriptInfo(app_import_path=sys.argv[1]).load_app()
    package = "app." if "app.model" in sys.modules else ""
    model, db = sys.modules[f"{package}model"], sys.modules[f"{package}engine"].db
    kinds = [getattr(model, name) for name in ("Animal", "User") if hasattr(model, name)]
    with app.app_context():
        if any(db.session.scalar(sa.select(kind.id).limit(1)) for kind in kinds):
            return
        sample = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
        for number, row in enumerate(rows(model, sample)):
            if hasattr(row, "created_at"):
                row.created_at = BEGIN + number * PACE
            db.session.add(row)
        db.session.commit()


def rows(model: Any, sample: dict[str, Any]) -> Iterator[object]:
    """Make a row of each user and each animal, in the sample's order."""
    users = (
        [model.User(username=name) for name in sample["users"]] if hasattr(model, "User") else []
    )
    for user in users:
        user.set_password(sample["password"])
        yield user
    for number, (name, animals) in enumerate(sample["zoos"].items()):
        home = {}
        if hasattr(model, "Zoo"):
            owner = users[number % len(users)]
            home = {"owner": owner, "zoo": model.Zoo(name=name, owner=owner)}
            yield home["zoo"]
        for animal in animals.split(","):
            yield model.Animal(name=animal.strip(), **home)


plant()
