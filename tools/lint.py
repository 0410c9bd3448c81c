"""`make lint`: one table of linters, each run over what it knows."""

import re
import subprocess
import sys

import click

from tools import steps
from tools.steps import ROOT

SHEBANG = re.compile(rb"#!.*\b(ba)?sh\b")
APP_JSON = "tests/schemas/heroku-app-json.schema.json"
PROSE = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs"]


def tracked(*endings: str) -> list[str]:
    """Return the repository's own files with one of these endings."""
    return [name for name in steps.files(ROOT) if name.endswith(endings)]


def scripts() -> list[str]:
    """Return the repository's own files whose first line, or whose ending, says shell."""
    found = tracked("")
    return [n for n in found if n.endswith(".sh") or SHEBANG.match((ROOT / n).read_bytes())]


def commands() -> dict[str, list[str]]:
    """Return each linter's name and its command, as arguments of `python -m` or of its own."""
    workflows = tracked(".github/workflows/ci.yml")
    compose = tracked("compose.yaml", "local.yml", "production.yml")
    return {
        "format": ["ruff", "format", "--check", "."],
        "ruff": ["ruff", "check", "."],
        "types": ["mypy"],
        "yaml": ["yamllint", "--strict", *tracked(".yaml", ".yml")],
        "shell": ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR/..", *scripts()],
        "dockerfiles": ["hadolint", *tracked("Dockerfile")],
        "workflow": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows],
        "workflow security": ["zizmor", "--offline", "--quiet", *workflows],
        "app.json": ["check-jsonschema", "--schemafile", APP_JSON, *tracked("app.json")],
        "compose": ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose],
        "spelling": ["codespell", "--quiet-level", "2", *PROSE, "steps", "tools", "tests"],
    }


@click.command("lint")
def command() -> None:
    """Run every linter, show what each found, and fail where one did."""
    failed = []
    for name, arguments in commands().items():
        program = f"{sys.exec_prefix}/{steps.SCRIPTS}/{arguments[0]}"
        done = subprocess.run([program, *arguments[1:]], cwd=ROOT, capture_output=True, text=True)
        click.echo(f"{'ok   ' if done.returncode == 0 else 'FAIL '} {name}")
        if done.returncode:
            failed.append(name)
            click.echo(done.stdout + done.stderr)
    if failed:
        raise steps.Problem(f"{len(failed)} of the linters found something: {', '.join(failed)}.")
