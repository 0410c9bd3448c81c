"""The manifests of step 09 and final/: they render, readers agree, their numbers fit together."""

import runpy
import shutil
import subprocess

import kubernetes_validate
import pytest
import yaml

from tools import facts, steps
from tools.steps import FINAL

STEPS = (steps.find("09-k8s"), FINAL)
OVERLAYS = ("local", "production")
SUPPORTED = ("1.35", "1.36", "1.37")
# Kinds that operators bring; test_operators.py holds them to the operators' own definitions.
BROUGHT = {"Cluster", "Pooler", "ScheduledBackup", "ExternalSecret"}
PODS = ("Deployment", "StatefulSet", "Job", "CronJob")

# What checkov says and these manifests leave as it is: why.
WAIVED = {
    "CKV_K8S_35": "the app reads its settings from its environment on every platform",
    "CKV_K8S_15": "kind has been given the local images, and could pull them from nowhere",
    "CKV_K8S_43": "the local images have no digest; production's has one",
    "CKV_K8S_40": "999 is who Postgres's image is made for, on a laptop",
}
# In production only this much of it holds, and nothing in final/'s: there secrets are files.
WAIVED_IN_PRODUCTION = {"09-k8s": {"CKV_K8S_35"}, "final": set()}


@pytest.fixture(params=STEPS, ids=lambda step: step.name)
def step(request):
    """A step that has manifests."""
    return request.param


@pytest.fixture(params=OVERLAYS)
def overlay(request):
    """The name of an overlay."""
    return request.param


@pytest.fixture
def rendered(needs, step, overlay):
    """What an overlay makes, as one text."""
    needs(shutil.which("kubectl"), "kubectl is not installed")
    done = subprocess.run(
        ["kubectl", "kustomize", str(step.folder / "k8s" / "overlays" / overlay)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # kustomize warns there of what is deprecated
    return done.stdout


@pytest.fixture
def manifests(rendered):
    """What an overlay makes, as documents."""
    return list(yaml.safe_load_all(rendered))


def named(manifests, kind, name):
    """Return the one of this kind and name; generated names end with a hash."""
    found = [m for m in manifests if m["kind"] == kind and m["metadata"]["name"].startswith(name)]
    assert len(found) == 1, (kind, name)
    return found[0]


def pods(manifests):
    """Return the pod template of each workload, by its name."""
    found = {m["metadata"]["name"]: m["spec"] for m in manifests if m["kind"] in PODS}
    jobs = {name: spec.get("jobTemplate", {}).get("spec", spec) for name, spec in found.items()}
    return {name: spec["template"] for name, spec in jobs.items()}


@pytest.mark.parametrize("version", SUPPORTED)
def test_every_manifest_is_valid_in_the_versions_supported_today(manifests, version):
    """Strictly: a field that nobody knows is a typing error."""
    for manifest in manifests:
        if manifest["kind"] not in BROUGHT:
            kubernetes_validate.validate(manifest, version, strict=True)


def test_a_typing_error_in_a_manifest_is_found(manifests):
    """The check above can fail."""
    deployment = named(manifests, "Deployment", "api")
    deployment["spec"]["replica"] = 3

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, SUPPORTED[-1], strict=True)


def test_a_policy_linter_finds_nothing_that_is_not_explained(
    rendered, step, overlay, tmp_path, policy_report
):
    """Each waiver has its reason, and each is needed."""
    (tmp_path / "all.yaml").write_text(rendered, encoding="utf-8")

    report = policy_report(tmp_path / "all.yaml", "kubernetes")

    found = {check["check_id"] for check in report["results"]["failed_checks"]}
    waived = WAIVED_IN_PRODUCTION[step.name] if overlay == "production" else WAIVED.keys()
    assert found == waived
    assert report["summary"]["passed"] > 150
    assert report["summary"]["parsing_errors"] == 0


def test_every_pod_is_restricted(manifests):
    """As the namespace demands: no root, no privilege, no capability, a system-call filter."""
    namespace = named(manifests, "Namespace", "zoo")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for pod in (template["spec"] for template in pods(manifests).values()):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            locked = container["securityContext"]
            assert locked["allowPrivilegeEscalation"] is False
            assert locked["readOnlyRootFilesystem"] is True
            assert locked["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"].keys() == {"requests", "limits"}


def test_every_image_is_named_exactly(manifests, overlay):
    """Nothing is `latest`; production's is a digest."""
    for template in pods(manifests).values():
        for container in template["spec"]["containers"]:
            _, at, digest = container["image"].partition("@")
            tag = container["image"].rpartition(":")[2]
            assert digest.startswith("sha256:") if overlay == "production" else tag != "latest"
            assert at or overlay == "local"


def test_a_pod_has_time_to_finish_what_it_has_begun(step, manifests):
    """The pause in which it is forgotten, what gunicorn gives its requests, and some more."""
    pod = pods(manifests)["api"]["spec"]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    gunicorn = runpy.run_path(str(step.folder / "gunicorn.conf.py"))

    assert pause + gunicorn["graceful_timeout"] < pod["terminationGracePeriodSeconds"]


def test_all_pods_together_hold_no_more_connections_than_the_database_has(step):
    """Processes times threads, in as many pods as there may be, one more in a rollout, the jobs."""
    files = {path.stem: path for path in step.folder.glob("k8s/**/*.yaml")}
    scaler = yaml.safe_load(files["autoscaler"].read_text("utf-8"))["spec"]
    folder = step.folder / "k8s" / "overlays" / "production"
    cluster, _, pooler = yaml.safe_load_all((folder / "database.yaml").read_text("utf-8"))
    gunicorn = runpy.run_path(str(step.folder / "gunicorn.conf.py"))

    wanted = (scaler["maxReplicas"] + 1) * gunicorn["workers"] * gunicorn["threads"]
    wanted += sum("Job\n" in path.read_text("utf-8") for path in files.values())

    server = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
    pools = pooler["spec"]["instances"] * int(
        pooler["spec"]["pgbouncer"]["parameters"]["default_pool_size"]
    )
    assert wanted <= pools < server - 10
    if step is not FINAL:
        facts.state("pods_most", scaler["maxReplicas"] + 1)
        facts.state("pods_connections", wanted)
        facts.state("pods_allowed", server)


def test_nobody_speaks_with_anybody_but_for_a_policy(manifests):
    """One policy denies all; each other one is for pods that exist."""
    policies = [m["spec"] for m in manifests if m["kind"] == "NetworkPolicy"]
    labels = [template["metadata"]["labels"] for template in pods(manifests).values()]
    known = {label["app.kubernetes.io/name"] for label in labels}

    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    for policy in policies:
        chosen = policy["podSelector"].get("matchLabels", {}).get("app.kubernetes.io/name")
        expressions = policy["podSelector"].get("matchExpressions", [])
        named_ones = {chosen} - {None} | {v for one in expressions for v in one["values"]}
        assert named_ones <= known


def test_secrets_in_git_are_the_laptops_alone(manifests, overlay):
    """Production has the names of its secrets, and no values."""
    secrets = [m for m in manifests if m["kind"] == "Secret"]

    assert bool(secrets) == (overlay == "local")


def test_each_secret_that_is_mounted_is_named_by_a_setting(step, manifests, overlay):
    """In final/ secrets are files, and no variable holds one; each file is one that there is."""
    if step is FINAL:
        settings = named(manifests, "ConfigMap", "zoo")["data"]
        secret = named(manifests, "Secret" if overlay == "local" else "ExternalSecret", "zoo")
        keys = secret.get("data") or [entry["secretKey"] for entry in secret["spec"]["data"]]
        files = {f"{key}_FILE": f"/run/secrets/zoo/{key}" for key in keys}
        assert {n: v for n, v in settings.items() if n.endswith("_FILE")} == files
        assert not set(settings) & set(keys)
