"""What is wrong with the image that a reader's Dockerfile makes, in words."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import postgres
from tools.steps import Step

LEFT_OUT = ("tests", ".env", ".git")
ROOT_USERS = ("", "root", "0")


def _docker(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8"
    )


def _reason(failed: subprocess.CompletedProcess[str]) -> str:
    return (failed.stderr.strip().splitlines() or ["Docker does not say why."])[-1]


def wrong_image(step: Step, copy: Path) -> Iterator[str]:
    """Build the image of a step that has one, and say what differs from the step's promises."""
    if not (step.folder / "Dockerfile").exists() or not postgres.docker_answers():
        return
    composed = _docker("compose", "config", "--quiet", cwd=copy)
    if composed.returncode:
        yield f"Compose does not understand your file: {_reason(composed)}"
    name = f"check-{uuid.uuid4().hex}"
    built = _docker("build", "--quiet", "--tag", name, ".", cwd=copy)
    if built.returncode:
        yield f"The image cannot be built: {_reason(built)}"
        return
    try:
        told = _docker("image", "inspect", "--format", "{{json .Config}}", name, cwd=copy)
        inside = _docker("run", "--rm", "--entrypoint", "ls", name, "-A", cwd=copy).stdout.split()
    finally:
        _docker("image", "rm", name, cwd=copy)
    yield from _findings(json.loads(told.stdout), inside)


def _findings(config: dict[str, Any], inside: list[str]) -> Iterator[str]:
    if config.get("User", "").partition(":")[0] in ROOT_USERS:
        yield "The server would run as root: the Dockerfile names no other USER."
    if config.get("Cmd", [""])[0] == "/bin/sh":
        yield "A shell would keep SIGTERM from the server: write CMD as a list."
    if not config.get("Healthcheck"):
        yield "Nobody would ask whether the server is ready: the Dockerfile has no HEALTHCHECK."
    for name in sorted(set(LEFT_OUT).intersection(inside)):
        yield f"The image holds {name}: .dockerignore should leave it out."
