"""The stand-in for a kubelet does what the manifest says; the acts are in tests/test_rollout.py."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import steps

SCRIPT = Path(__file__).with_name("rehearse.py")
MANIFEST = steps.find("09-k8s").folder / "k8s" / "base" / "deployment.yaml"


@pytest.fixture
def rehearse(monkeypatch):
    """The listing, found as Python finds it."""
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    import rehearse

    return rehearse


class Pods:
    """Two pods, each of which says what it is told to say."""

    pods = ("pod-1", "pod-2")

    def published(self, name):
        """Return something to ask by."""
        return name

    full = published

    def tell(self):
        """Do nothing: there is no nginx."""


def test_a_pod_that_fails_three_times_in_a_row_is_started_anew(rehearse, monkeypatch):
    """And no other; the path and the period are the manifest's."""
    asked, anew = [], []
    monkeypatch.setattr(
        rehearse,
        "status",
        lambda pod, path: asked.append((pod, path)) or (503 if pod == "pod-1" else 200),
    )
    monkeypatch.setattr(rehearse, "docker", lambda *words: anew.append(words[-1]))
    text = MANIFEST.read_text(encoding="utf-8")

    with rehearse.Kubelet(Pods(), text) as kubelet:
        assert (kubelet.path, kubelet.period) == ("/livez", 10)
    with rehearse.Kubelet(Pods(), text.replace("periodSeconds: 10", "periodSeconds: 1")) as kubelet:
        while len(asked) < 8:
            time.sleep(0.05)

    assert {path for _, path in asked} == {"/livez"}
    assert (anew, kubelet.started_anew) == (["pod-1"], 1)


@pytest.mark.parametrize("words", [(), ("dance",)])
def test_an_unknown_act_is_answered_with_the_known_ones(words):
    """Before anything is built."""
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True)

    assert done.returncode == 1
    assert "rollout, kill, or outage" in done.stderr
