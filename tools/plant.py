"""Insert the sample data through a step's own models; runs in the step's folder, as a script."""

import sys
from pathlib import Path

import sqlalchemy as sa
import yaml
from flask.cli import ScriptInfo

SAMPLE = Path(__file__).parent / "sample.yaml"


def plant() -> None:
    """Add the animals of the sample, in its order, to a database that holds none."""
    app = ScriptInfo(app_import_path=sys.argv[1]).load_app()
    model, db = sys.modules["model"], sys.modules["engine"].db
    with app.app_context():
        if db.session.scalar(sa.select(sa.func.count(model.Animal.id))):
            return
        zoos = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["zoos"]
        for animals in zoos.values():
            db.session.add_all([model.Animal(name=name.strip()) for name in animals.split(",")])
        db.session.commit()


plant()
