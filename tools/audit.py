"""`make audit`: is there a known weakness in what is locked? And what is final/ made of?

uv asks https://osv.dev about Python's packages, npm its registry about the site's scripts. Whoever
reaches neither has found out nothing, and is told so.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tools.steps import BUILD, FINAL, ROOT, SCRIPTS, Problem

PIN = re.compile(r"^(\w\S*==[^\s\\]+)(?: ; ([^\\\n]+?))?(?: \\)?$", re.MULTILINE)
SBOM = BUILD / "sbom.json"
UV = [sys.executable, "-m", "uv", "--preview-features", "audit-command,sbom-export"]
NOTHING, FOUND, FAILED = 0, 1, 2  # what uv ends with


def project(lock: Path, folder: Path) -> None:
    """Make a project that needs what a lock pins, and lock it for uv."""
    pins = PIN.findall(lock.read_text(encoding="utf-8"))
    needed = [f"{pin} ; {marker}" if marker else pin for pin, marker in pins]
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "zoo"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f"dependencies = {json.dumps(needed)}\n",
        encoding="utf-8",
    )
    subprocess.run([*UV, "lock", "--quiet"], cwd=folder, check=True)


def bill(room: Path) -> str:
    """Return the bill of materials of final/'s image: https://cyclonedx.org/specification/overview."""
    project(FINAL.folder / "requirements.txt", room / "final")
    export = [*UV, "export", "--quiet", "--frozen", "--format", "cyclonedx1.5"]
    done = subprocess.run(
        export, cwd=room / "final", check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


def weak_python(room: Path, osv: str) -> int:
    """Ask about all locked packages of Python's; print what is known; return what uv ends with."""
    project(ROOT / "constraints.txt", room / "all")
    uv = [*UV, "audit", "--frozen", "--service-url", osv]
    return subprocess.run(uv, cwd=room / "all").returncode


def weak_scripts() -> int:
    """Ask about all locked packages of npm's; print what is known; return what npm ends with."""
    npm = [str(ROOT / ".venv" / SCRIPTS / "npm"), "audit", "--json"]
    done = subprocess.run(npm, cwd=ROOT, capture_output=True, encoding="utf-8")
    report = json.loads(done.stdout or "{}")
    click.echo("\n".join(f"{name} (npm)" for name in report.get("vulnerabilities", {})))
    return done.returncode if "auditReportVersion" in report else FAILED


@click.command("audit")
@click.option("--osv", default="https://api.osv.dev/", help="Who knows Python's weaknesses.")
def command(osv: str) -> None:
    """Ask whether anything that is locked has a known weakness; list what final/ is made of."""
    with TemporaryDirectory() as folder:
        room = Path(folder)
        BUILD.mkdir(exist_ok=True)
        SBOM.write_text(bill(room), encoding="utf-8")
        click.echo(f"What final/ is made of stands in {SBOM.relative_to(ROOT).as_posix()}.")
        ended = {osv: weak_python(room, osv), "npm's registry": weak_scripts()}
    silent = [name for name, code in ended.items() if code not in (NOTHING, FOUND)]
    if silent:
        raise Problem(f"Not asked: {' and '.join(silent)}. Try again where they can be reached.")
    if FOUND in ended.values():
        raise Problem("There are known weaknesses: take versions without them, and lock anew.")
    click.echo("No known weakness.")
