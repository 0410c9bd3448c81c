"""Typical mistakes in a reader's copy of step 09 are named, in its code and in its manifests."""

import shutil

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("09-k8s")
BASE, NETWORK = "k8s/base/", "k8s/components/network-policies/"


@pytest.fixture
def mine(tmp_path):
    """A reader's copy of the step."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


def spoil(folder, file, old, new):
    """Write something wrong into a file, or remove it."""
    path = folder / file
    if old is None:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        (BASE + "service.yaml", None, None, "There is no k8s/base/service.yaml yet."),
        ("scripts/cluster", None, None, "There is no scripts/cluster yet."),
        ("app/engine/health.py", "def alive():", "def alive(:", "app/engine/health.py, line "),
        ("app/engine/health.py", ", ProgrammingError", ", Programming", "cannot import name"),
        ("settings.py", 'POOL_SIZE", "4"', 'POOL_SIZE", "four"', "The app does not start"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_mistake_in_the_code_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    spoil(mine, file, old, new)

    assert cause in said(mine)


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        (
            BASE + "deployment.yaml",
            "readinessProbe",
            "readinesProbe",
            "Deployment api differs from the step's at "
            "spec.template.spec.containers.0.readinesProbe.",
        ),
        (
            BASE + "deployment.yaml",
            "/livez",
            "/readyz",
            "differs from the step's at spec.template.spec.containers.0.startupProbe.httpGet.path.",
        ),
        (BASE + "kustomization.yaml", "  - service.yaml\n", "", "there is no Service api."),
        (NETWORK + "policies.yaml", "name: names", "name: dns", "NetworkPolicy dns is not"),
        (BASE + "deployment.yaml", "metadata:\n  name: api\n", "", "cannot be drawn up: "),
        (BASE + "service.yaml", "  ports:", " ports:", "k8s/overlays/local cannot be drawn up: "),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_mistake_in_a_manifest_is_named(mine, needs, file, old, new, cause):
    """The overlay, the manifest, and where it differs."""
    needs(shutil.which("kubectl"), "kubectl is not installed")
    spoil(mine, file, old, new)

    assert cause in said(mine)


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The first thing that is missing is named."""
    assert "There is no k8s/base/deployment.yaml yet." in said(
        steps.copy(STEP.before.folder, tmp_path / "my-zoo")
    )


def test_what_only_a_test_sees_is_told_by_it(mine, monkeypatch):
    """With what the test claims; the step's other tests are left out here, for their time."""
    spoil(mine, "app/engine/health.py", "{None} | ", "")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k older")

    assert "Nor one that has none" in said(mine)
