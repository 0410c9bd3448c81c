"""A solution to the exercise "Every night": a CronJob that may do what it has to, and no more."""

from pathlib import Path

import kubernetes_validate
import yaml

LABEL = "app.kubernetes.io/name"


def documents(pattern):
    """Return what files of k8s/ hold."""
    paths = sorted(Path("k8s").glob(pattern))
    return [one for path in paths for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))]


def job():
    """Return the only CronJob of the base."""
    [found] = [one for one in documents("base/*.yaml") if one["kind"] == "CronJob"]
    return found


def test_it_is_a_valid_part_of_the_base():
    """Named in the kustomization; never two at once."""
    kubernetes_validate.validate(job(), "1.37", strict=True)
    named = documents("base/kustomization.yaml")[0]["resources"]
    assert any(one.get("kind") == "CronJob" for name in named for one in documents(f"base/{name}"))
    assert job()["spec"]["concurrencyPolicy"] == "Forbid"


def test_it_sweeps_with_as_little_power_as_the_other_pods():
    """The same image and settings, restricted."""
    pod = job()["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["image"] == "zoo"
    assert container["command"][-1] == "sweep"
    assert {"secretRef": {"name": "zoo"}} in container["envFrom"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["resources"].keys() == {"requests", "limits"}


def test_it_reaches_the_database_and_the_bucket():
    """In each overlay, wherever a policy lets the API through."""
    label = job()["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"][LABEL]
    for overlay in ("local", "production"):
        for policy in documents(f"overlays/{overlay}/policies.yaml"):
            said = yaml.safe_dump(policy)
            if "- api\n" in said or f"{LABEL}: api\n" in said:
                assert f"- {label}\n" in said or f"{LABEL}: {label}\n" in said, policy["metadata"]
