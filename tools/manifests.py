"""A step's manifests for Kubernetes, drawn up by kubectl, beside those of a reader's copy."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from tools.steps import Step

Manifests = dict[str, dict[str, Any]]


def wrong_manifests(step: Step, copy: Path) -> Iterator[str]:
    """Name what an overlay lacks, or has otherwise; without kubectl say that nobody looked."""
    overlays = sorted((step.folder / "k8s" / "overlays").glob("*"))
    if overlays and not shutil.which("kubectl"):
        click.echo("There is no kubectl on this machine: the manifests were not compared.")
        return
    for overlay in overlays:
        place = overlay.relative_to(step.folder)
        theirs, said = _drawn(copy / place)
        if said:
            yield f"{place.as_posix()} cannot be drawn up: {said}"
            continue
        wanted, _ = _drawn(overlay)
        for name in sorted(wanted.keys() | theirs.keys()):
            if wanted.get(name) != theirs.get(name):
                yield f"In {place.as_posix()}, {_told(name, wanted.get(name), theirs.get(name))}"


def _drawn(overlay: Path) -> tuple[Manifests, str]:
    """Return an overlay's manifests by kind and name, and what kubectl said where it failed."""
    kustomize = ["kubectl", "kustomize", str(overlay)]
    done = subprocess.run(kustomize, capture_output=True, text=True, encoding="utf-8")
    documents = yaml.safe_load_all(done.stdout)
    found = {f"{one['kind']} {one['metadata']['name']}": one for one in documents}
    return found, " ".join(done.stderr.split()) if done.returncode else ""


def _told(name: str, wanted: Any, theirs: Any) -> str:
    """Say of one manifest what is wrong with it: the path of the first difference."""
    if theirs is None:
        return f"there is no {name}."
    if wanted is None:
        return f"{name} is not the step's."
    return f"{name} differs from the step's at {_place(wanted, theirs)}."


def _place(wanted: Any, theirs: Any) -> str:
    """Return the path of the first difference between two values."""
    if isinstance(wanted, list) and isinstance(theirs, list):
        wanted, theirs = dict(enumerate(wanted)), dict(enumerate(theirs))
    if not (isinstance(wanted, dict) and isinstance(theirs, dict)):
        return ""
    key = next(k for k in [*theirs, *wanted] if wanted.get(k) != theirs.get(k))
    return f"{key}.{_place(wanted.get(key), theirs.get(key))}".rstrip(".")
