"""Run a folder's scripts/deploy on a copy of it, with a stand-in in Heroku's place."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GIT = ["git", "-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@localhost"]
LEFT = shutil.ignore_patterns(".git", ".venv", ".env", "__pycache__", ".*_cache")
HOOK = '#!/bin/sh\necho git push >>"$REHEARSAL/calls"\n'


def rehearse(folder: Path, room: Path) -> int:
    """Deploy a copy to a repository beside it; print what Heroku was asked; return the status."""
    copy, theirs = room / "copy", room / "heroku" / "my-zoo.git"
    shutil.copytree(folder, copy, ignore=LEFT)
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "All of it"]):
        subprocess.run([*GIT, *command], cwd=copy, check=True)
    subprocess.run([*GIT, "init", "--quiet", "--bare", str(theirs)], check=True)
    (theirs / "hooks" / "pre-receive").write_text(HOOK, encoding="utf-8")
    (theirs / "hooks" / "pre-receive").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}",
        "REHEARSAL": str(room),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{theirs.parent}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://git.heroku.com/",
    }
    calls = room / "calls"
    calls.touch()
    done = subprocess.run(["scripts/deploy", "my-zoo"], cwd=copy, env=environment)
    said = calls.read_text(encoding="utf-8")
    print(re.sub(r"JWT_SECRET_KEY=\S{32,}", "JWT_SECRET_KEY=…", said), end="")
    return done.returncode


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(rehearse(Path(sys.argv[1]), Path(name)))
