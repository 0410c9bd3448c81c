"""What step 09 and final/ ask of operators, held to the definitions of their own kinds."""

import json
import shutil
import subprocess

import pytest
import yaml

from tools import steps
from tools.steps import FINAL, ROOT, SCRIPTS

STEPS = (steps.find("09-k8s"), FINAL)
GROUPS = ("postgresql.cnpg.io", "external-secrets.io")
KINDS = {"Cluster", "Pooler", "ScheduledBackup", "ExternalSecret"}


@pytest.fixture(params=STEPS, ids=lambda step: step.name)
def asked(request, needs):
    """What production asks of operators, as documents."""
    needs(shutil.which("kubectl"), "kubectl is not installed")
    production = request.param.folder / "k8s" / "overlays" / "production"
    done = subprocess.run(["kubectl", "kustomize", production], capture_output=True, text=True)
    manifests = list(yaml.safe_load_all(done.stdout))
    return [m for m in manifests if m["apiVersion"].partition("/")[0] in GROUPS]


def complaints(manifests):
    """Return what the operators' definitions say against manifests."""
    own = ROOT / ".venv" / SCRIPTS
    done = subprocess.run(
        [shutil.which("node", path=str(own)) or "node", "tests/operators.mjs"],
        cwd=ROOT,
        input=json.dumps(manifests),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_operators_are_asked_for_is_what_they_understand(asked):
    """Each field of each kind, with the right sort of value."""
    assert {manifest["kind"] for manifest in asked} == KINDS
    assert complaints(asked) == []


@pytest.mark.parametrize(
    ("kind", "path", "wrong", "complaint"),
    [
        ("Cluster", ("instances",), "three", "data/spec/instances must be integer"),
        ("Cluster", ("storage", "volume"), "20Gi", "Cluster.spec.storage.volume: no such field"),
        ("Cluster", ("bootstrap", "initdb", "ownr"), "zoo", "Cluster.spec.bootstrap.initdb.ownr"),
        ("Pooler", ("type",), "write", "data/spec/type must be equal to one of"),
        ("Pooler", ("pgbouncer", "poolmode"), "session", "Pooler.spec.pgbouncer.poolmode"),
        ("ScheduledBackup", ("schedule",), 3, "data/spec/schedule must be string"),
        ("ScheduledBackup", ("way",), "plugin", "ScheduledBackup.spec.way: no such field"),
        ("ExternalSecret", ("data", 0, "remoteRef", "key"), 1, "remoteRef/key must be string"),
        ("ExternalSecret", ("data", 2, "secretkey"), "X", "ExternalSecret.spec.data.2.secretkey"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_value_and_a_misspelt_field_are_found(asked, kind, path, wrong, complaint):
    """One complaint for each, and no other."""
    *way, last = path
    place = next(manifest for manifest in asked if manifest["kind"] == kind)["spec"]
    for step in way:
        place = place[step]
    place[last] = wrong

    said = complaints(asked)

    assert len(said) == 1
    assert complaint in said[0]


def test_a_field_that_is_missing_is_found(asked):
    """A backup of nothing."""
    backup = next(manifest for manifest in asked if manifest["kind"] == "ScheduledBackup")
    del backup["spec"]["cluster"]

    assert complaints(asked) == ["ScheduledBackup: data/spec must have required property cluster"]
