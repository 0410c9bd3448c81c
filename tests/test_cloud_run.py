"""What serverless/deploy hands to Google: Cloud Run knows it, and its numbers fit the app."""

import copy
import re
import runpy

import pytest

from tests import cloud_run
from tests.cloud import JOB, PLACE, SERVICE, STEPS, Cloud, deployed, handed_over, names, place
from tools.steps import FINAL

CONNECTIONS = 25 - 3  # of Cloud SQL's smallest, without those for Postgres's superusers
GRACE = 10  # seconds that Cloud Run gives after SIGTERM
SECRETS = {
    "database-url": "DATABASE_URL",
    "jwt-secret-key": "JWT_SECRET_KEY",
    "smtp-url": "SMTP_URL",  # of final/
    "redis-url": "RATELIMIT_STORAGE_URL",  # of final/
}
PUBLIC = {"APP_ENV", "BUCKET", "WEB_CONCURRENCY", "DATABASE_POOL_SIZE", "TRUSTED_PROXIES"}
PUBLIC |= {"MAIL_FROM", "PUBLIC_URL"}
READ = re.compile(r'environ(?:\.get\(|\[)"(\w+)"|"(\w+)" in os\.environ')
FIELD = re.compile(r"^    ([a-z_]+): ", re.MULTILINE)  # of final/'s class
CONTAINER = (*SERVICE, "containers", 0)
META = ("metadata", "annotations")
REVISION = ("spec", "template", *META)
RUN, SCALE = "run.googleapis.com", "autoscaling.knative.dev"


@pytest.fixture(scope="module", params=STEPS, ids=lambda step: step.name)
def step(request):
    """A step for Cloud Run."""
    return request.param


@pytest.fixture(scope="module")
def handed(step, tmp_path_factory):
    """What Google was handed: the service and the jobs."""
    return handed_over(deployed(tmp_path_factory.mktemp("cloud"), step))


@pytest.fixture
def containers(handed):
    """The container of the service, and those of the jobs."""
    jobs = [document for name, document in handed.items() if name != "service"]
    return [place(handed["service"], CONTAINER)] + [
        place(job, (*JOB, "containers", 0)) for job in jobs
    ]


def secrets(container):
    """Return where the secrets among a container's variables are kept, by the variables' names."""
    return {
        variable["name"]: variable["valueFrom"]["secretKeyRef"]
        for variable in container["env"]
        if "valueFrom" in variable
    }


def test_what_is_handed_over_is_what_cloud_run_describes(handed):
    """Each field and each annotation, at its place and with the right sort of value."""
    assert [document["kind"] for document in handed.values()][:2] == ["Service", "Job"]
    for name, document in handed.items():
        assert cloud_run.complaints(document) == []
        assert name == "service" or document["metadata"]["name"] == f"zoo-{name}"


@pytest.mark.parametrize(
    ("name", "path", "wrong", "complaint"),
    [
        ("service", ("spec", "templates"), {}, "'templates' was unexpected"),
        ("service", (*SERVICE, "timeoutSecond"), 30, "'timeoutSecond' was unexpected"),
        ("service", (*SERVICE, "timeoutSeconds"), "30", "'30' is not of type 'integer'"),
        ("service", (*SERVICE, "containerConcurrency"), True, "True is not of type 'integer'"),
        ("service", (*CONTAINER, "envFrom"), [], "'envFrom' was unexpected"),  # not supported
        ("service", (*CONTAINER, "env", 0, "value"), 1, "1 is not of type 'string'"),
        ("service", (*CONTAINER, "env", 0), {"value": "x"}, "'name' is a required property"),
        ("service", (*CONTAINER, "startupProbe", "httpget"), {}, "'httpget' was unexpected"),
        ("service", (*CONTAINER, "resources", "limits", "cpu"), 1, "1 is not of type 'string'"),
        ("service", (*META, f"{RUN}/maxScale"), 10, "10 is not of type 'string'"),
        ("service", (*META, f"{RUN}/maxscale"), "10", "maxscale: no annotation of a Service"),
        ("service", (*META, f"{SCALE}/maxScale"), "10", "maxScale: no annotation of a Service"),
        ("service", (*REVISION, f"{RUN}/ingress"), "all", "ingress: no annotation of a Revision"),
        ("migration", META, {f"{RUN}/cpu-throttling": "true"}, "no annotation of a Job"),
        ("migration", (*REVISION, f"{RUN}/maxScale"), "1", "no annotation of a Execution"),
        ("migration", (*JOB, "timeoutSeconds"), 600, "600 is not of type 'string'"),
        ("migration", (*JOB, "timeoutSeconds"), "10 m", "does not match"),
        (
            "migration",
            (*JOB, "containers", 0, "command"),
            "flask",
            "'flask' is not of type 'array'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) > 9 else None,
)
def test_whatever_cloud_run_does_not_know_is_found(handed, name, path, wrong, complaint):
    """One complaint for each mistake, and no other."""
    document = copy.deepcopy(handed[name])
    place(document, path[:-1])[path[-1]] = wrong

    said = cloud_run.complaints(document)

    assert len(said) == 1
    assert complaint in said[0]


def test_a_secret_whose_version_is_a_number_is_not_taken(handed):
    """YAML's 1 is none of Cloud Run's versions; "1" is."""
    document = copy.deepcopy(handed["service"])
    secret, *_ = secrets(place(document, CONTAINER)).values()
    secret["key"] = int(secret["key"])

    assert len(cloud_run.complaints(document)) == 1


def test_service_and_jobs_are_one_image_named_exactly(containers):
    """By its digest; so the code that migrates is the code that serves."""
    images = {container["image"] for container in containers}

    assert len(images) == 1
    assert re.fullmatch(r"[\w.-]+/a-project/zoo/zoo@sha256:[0-9a-f]{64}", images.pop())


def test_secrets_are_named_by_their_version_and_nowhere_written_out(step, containers):
    """Each has the version that the deployment found; every other value may be read by anybody."""
    known = SECRETS if step is FINAL else dict(list(SECRETS.items())[:2])
    for container in containers:
        assert {s["name"]: name for name, s in secrets(container).items()} == known
        assert all(re.fullmatch(r"\d+", s["key"]) for s in secrets(container).values())
        assert {v["name"] for v in container["env"] if "value" in v} <= PUBLIC


def test_the_app_reads_every_setting_that_it_is_given(step, containers):
    """And it is told its place: a misspelt name would leave a default in force."""
    files = (step.folder / name for name in ("settings.py", "gunicorn.conf.py"))
    texts = [file.read_text("utf-8") for file in files]
    known = {name for text in texts for pair in READ.findall(text) for name in pair}
    known |= {name.upper() for text in texts for name in FIELD.findall(text)}
    for container in containers:
        given = [variable["name"] for variable in container["env"]]
        assert len(set(given)) == len(given)
        assert set(given) <= known
        assert {"name": "APP_ENV", "value": "production"} in container["env"]
        assert {"name": "BUCKET", "value": PLACE[2]} in container["env"]


def test_all_instances_and_the_jobs_hold_no_more_connections_than_there_are(handed, containers):
    """At most so many instances, of all revisions together, each of one process with its pool."""
    given = {v["name"]: v["value"] for v in containers[0]["env"] if "value" in v}
    most = {
        int(handed["service"]["metadata"]["annotations"][f"{RUN}/maxScale"]),
        int(place(handed["service"], REVISION)[f"{SCALE}/maxScale"]),
    }
    held = int(given["WEB_CONCURRENCY"]) * int(given["DATABASE_POOL_SIZE"])

    assert len(most) == 1
    assert most.pop() * held + len(containers) - 1 <= CONNECTIONS


def test_cloud_run_asks_no_more_of_an_instance_than_gunicorn_gives(step, handed):
    """No request waits there for a thread, outlives its worker, or is cut off at the end."""
    gunicorn = runpy.run_path(str(step.folder / "gunicorn.conf.py"))
    asked = place(handed["service"], SERVICE)

    assert 0 < asked["containerConcurrency"] <= gunicorn["threads"]
    assert 0 < asked["timeoutSeconds"] <= gunicorn["timeout"]
    assert gunicorn["graceful_timeout"] < GRACE


def test_probes_end_in_time(containers):
    """Cloud Run waits no longer than its period for an answer, and 240 seconds for a start."""
    start, life = (containers[0][name] for name in ("startupProbe", "livenessProbe"))
    for probe in (start, life):
        assert probe["timeoutSeconds"] <= probe["periodSeconds"]
    assert start["failureThreshold"] * start["periodSeconds"] <= 240


def test_all_run_as_the_account_that_bucket_make_makes(step, handed, tmp_path):
    """The one that may read and write the bucket."""
    _, said = Cloud(tmp_path, step).run("bucket/make", PLACE[0], PLACE[2])
    account = said.strip().rpartition(" ")[2]

    assert account.startswith("zoo-images@")
    assert place(handed["service"], SERVICE)["serviceAccountName"] == account
    for name in names(step)[1:]:
        assert place(handed[name], JOB)["serviceAccountName"] == account


def test_each_job_runs_a_command_of_the_app(step, containers):
    """Migrations before a deployment, letters and sweep by the clock."""
    told = [container["command"][3:] for container in containers[1:]]
    assert told == [["db", "upgrade"], ["post"], ["sweep"]][: len(told)]
    assert len(told) == len(names(step)) - 1
