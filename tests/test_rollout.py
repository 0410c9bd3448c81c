"""A rollout of step 09, rehearsed: three pods behind nginx, under load, and what happens to them.

No cluster can be had here. The stand-ins are chapter 09's own, and its page shows what they print.
"""

import pytest

from tools import facts, postgres, steps
from tools.steps import ROOT

STEP = steps.find("09-k8s")
LISTINGS = ROOT / "docs" / "listings" / "09-k8s"


@pytest.fixture(scope="module")
def scripts():
    """The chapter's scripts, found as Python finds them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(LISTINGS))
        import rehearse

        patched.chdir(STEP.folder)
        yield rehearse


@pytest.fixture(scope="module")
def service(scripts, tmp_path_factory):
    """The service, with three pods."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    made = scripts.Service(STEP.folder, tmp_path_factory.mktemp("edge"))
    yield made
    made.remove()


@pytest.fixture
def load(scripts, service):
    """Clients who read; some have been answered before anything happens."""
    with scripts.Load(service.port) as running:
        scripts.until(lambda: running.counts["read"] > 20)
        yield running


def test_a_rollout_fails_no_read(scripts, service, load, capsys):
    """One pod after another is replaced; each ends by itself, with nothing left undone."""
    scripts.rollout(service, load)

    assert capsys.readouterr().out.count("ended with 0") == 3
    assert load.counts.keys() == {"read"}
    facts.state("rollout_reads", load.counts["read"])
    facts.state("rollout_failed", load.failed)


def test_a_pod_that_is_killed_fails_no_read(scripts, service, load):
    """nginx asks the next one, since a read may be asked twice."""
    scripts.kill(service, load)

    assert load.counts.keys() == {"read"}


def test_only_while_the_database_is_away_does_a_read_fail(scripts, service, load, capsys):
    """With a code that says so, in the app's own words; no pod is lost, or started anew."""
    scripts.outage(service, load)

    assert load.counts.keys() == {"read", "SERVICE_UNAVAILABLE"}
    assert "pods started anew: 0\n" in capsys.readouterr().out
    facts.state("restart_seconds", round(load.seconds, 1))
    for name in service.pods:
        told = ("inspect", "--format", "{{.State.Running}} {{.RestartCount}}", service.full(name))
        assert scripts.docker(*told) == "true 0"
