"""Hold a page to the truth; given two texts, hold a copy in which one stands for the other."""

import shutil
import sys
import tempfile
from pathlib import Path

import click

sys.path.insert(0, str(Path.cwd()))
from tools import pages, postgres, record


def held(page: Path) -> list[str]:
    """Return what a page says that is not so, as the suite finds it; raise Problem."""
    pages.render(page.read_text(encoding="utf-8"), page.name)
    with postgres.scratch() as server:
        return record.record(page, server, root=page.parent).differences


@click.command()
@click.argument("page", type=Path)
@click.argument("truth", default="")
@click.argument("lie", default="")
def main(page: Path, truth: str, lie: str) -> None:
    """Say what is not so; exit with 1 where that is anything."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(page, folder))
        if truth:
            text = copy.read_text(encoding="utf-8")
            copy.write_text(text.replace(truth, lie), encoding="utf-8")
        found = held(copy)
    click.echo("\n".join(found) or "All of it is so.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
