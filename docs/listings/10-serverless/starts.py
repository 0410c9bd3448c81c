"""Print how much CPU time the import of the app takes, and what some libraries have in it."""

import getpass
import os
import re
import subprocess
import sys
import tempfile

TRIES = 5
COMPILED = f"{tempfile.gettempdir()}/starts-of-{getpass.getuser()}"
IMPORT = (
    "import time; begin = time.perf_counter(); import manage; print(time.perf_counter() - begin)"
)
ROW = re.compile(r"^import time: +(\d+) \| +\d+ \| +(\S+)$", re.MULTILINE)
LIBRARIES = {
    "SQLAlchemy": ("sqlalchemy",),
    "GraphQL": ("graphql", "graphene", "graphene_sqlalchemy"),
    "images": ("PIL",),
    "the bucket": ("google", "requests", "urllib3", "charset_normalizer", "idna", "certifi"),
}


def python(*words: str) -> subprocess.CompletedProcess:
    """Run Python on the app, compiled once, with a bucket for its images and no database."""
    environment = {**os.environ, "BUCKET": "zoo-images", "DATABASE_URL": "postgres://127.0.0.1/zoo"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": COMPILED}
    command = [sys.executable, *words]
    return subprocess.run(command, env=environment, capture_output=True, check=True, text=True)


def modules() -> list[tuple[str, int]]:
    """Return each module that is imported, and its own microseconds, of the shortest of a few."""
    tries = (python("-X", "importtime", "-c", "import manage").stderr for _ in range(TRIES))
    found = ([(name, int(own)) for own, name in ROW.findall(said)] for said in tries)
    return min(found, key=lambda modules: sum(own for _, own in modules))


def seconds() -> float:
    """Return the shortest of a few imports."""
    return min(float(python("-c", IMPORT).stdout) for _ in range(TRIES))


def main() -> None:
    """Say it for the step in whose folder this runs."""
    found = modules()
    shares = [
        (said, sum(own for name, own in found if name.partition(".")[0] in names) / 1e6)
        for said, names in LIBRARIES.items()
    ]
    print(f"{seconds():.2f} s for all that the app imports")
    for said, share in shares:
        print(f"{share:.2f} s for {said}" if share else f"nothing for {said}")


if __name__ == "__main__":
    main()
