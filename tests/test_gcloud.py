"""serverless/deploy of step 10 and final/; gcloud and docker are stand-ins that write it down."""

import re

import pytest
import sqlalchemy as sa

from tests.cloud import GIVEN, PLACE, STEPS, Cloud, deployed, names, started
from tools.steps import FINAL

DEPLOY = "serverless/deploy"
URL = "https://zoo.a.run.app\n"
# What a first deployment does, in this order, and what it says where that fails.
SENTENCES = {
    "iam service-accounts describe": "There is no account zoo-images@a-project",
    "services enable": "does it have a billing account?",
    "secrets list": "The project's secrets could not be listed.",
    "sql instances create": "No database could be made.",
    "sql databases create": "No database could be made in it.",
    "sql users": "The database's user could not be made.",
    "secrets create database-url": "The secret database-url could not be made.",
    "secrets create jwt-secret-key": "The secret jwt-secret-key could not be made.",
    "roles/cloudsql.client": "got no cloudsql.client.",
    "roles/secretmanager.secretAccessor": "got no secretmanager.secretAccessor.",
    "artifacts repositories create": "There is no place for the image.",
    "docker build": "The image could not be built.",
    "auth configure-docker": "Docker was not let in at Google.",
    "docker push": "The image was built, and Google did not take it.",
    "images describe": "its digest could not be read.",
    "versions list database-url": "The secret database-url has no version to use.",
    "versions list jwt-secret-key": "The secret jwt-secret-key has no version to use.",
    "run jobs replace": "Cloud Run did not take the migration.",
    "run jobs execute": "It was not migrated, and the old revision still serves",
    "run services replace": "The new revision does not get ready, and the old one still serves.",
    "run services describe": "The new revision serves; its address could not be read.",
}
# What final/ does besides, and before what.
MORE = {
    "secrets create smtp-url": ("sql instances create", "The secret smtp-url could not be made."),
    "roles/run.invoker": ("roles/secretmanager.secretAccessor", "got no run.invoker."),
    "versions list smtp-url": ("run jobs replace", "The secret smtp-url has no version to use."),
    "jobs create http zoo-letters": ("run services describe", "letters could not be scheduled."),
    "jobs create http zoo-sweep": ("run services describe", "sweep could not be scheduled."),
}


def sentences(step):
    """Return what a step's deployment does, in its order, and what it says where that fails."""
    found = list(SENTENCES.items())
    for words, (before, sentence) in MORE.items() if step is FINAL else ():
        place = next(n for n, (told, _) in enumerate(found) if told == before)
        found.insert(place, (words, sentence))
    return dict(found)


@pytest.fixture(scope="module", params=STEPS, ids=lambda step: step.name)
def step(request):
    """A step for Cloud Run."""
    return request.param


@pytest.fixture
def cloud(step, tmp_path):
    """A project of Google's after bucket/make."""
    return started(tmp_path, step)


@pytest.fixture(scope="module")
def first(step, tmp_path_factory):
    """A project of Google's after the first deployment, which nobody changes."""
    return deployed(tmp_path_factory.mktemp("cloud"), step)


def test_everything_is_made_and_migrated_before_the_service_is_replaced(first):
    """One after another, in the project that was named; without a question, and no file is left."""
    places = [
        next(n for n, line in enumerate(first.told) if words in line)
        for words in sentences(first.step)
    ]

    assert places == sorted(places)
    assert first.call("run jobs execute zoo-migration")["line"].endswith(" --wait")
    assert first.said == URL
    assert list(first.temporary.iterdir()) == []
    for line in first.told:
        assert line.startswith(("gcloud --quiet --project a-project ", "docker "))


def test_the_image_is_the_one_that_was_built_and_pushed(first):
    """Built for Google's processors, whatever the reader's are; its digest is asked of Google."""
    [tag] = re.findall(r"--tag (\S+)", first.call("docker build --platform linux/amd64")["line"])

    assert tag.startswith("europe-west1-docker.pkg.dev/a-project/zoo/zoo:20")
    assert first.call("docker push")["line"].endswith(f" {tag}")
    assert f"images describe {tag} " in first.call("images describe")["line"]


def test_a_second_deployment_makes_nothing_anew(cloud):
    """It asks, finds, builds and replaces; no password changes."""
    cloud.deploy()
    status, said = cloud.deploy()

    assert (status, said) == (0, URL)
    assert [line for line in cloud.told if " create " in line or "sql users" in line] == []
    assert cloud.call("run services replace")


def test_a_deployment_that_broke_off_is_taken_up_again(cloud):
    """The database is there, its secret is not: the user gets another password, kept this time."""
    assert cloud.deploy(fails="secrets create database-url")[0] == 1
    status, _ = cloud.deploy()

    assert status == 0
    assert cloud.call("sql users set-password zoo --instance zoo")
    assert sa.make_url(cloud.secret("database-url")).password == cloud.password
    assert [line for line in cloud.told if "sql instances create" in line] == []


@pytest.mark.parametrize(
    ("step", "fails"),
    [(step, fails) for step in STEPS for fails in sentences(step)],
    ids=lambda value: getattr(value, "name", value),
    indirect=["step"],
)
def test_whatever_fails_ends_the_deployment_with_a_sentence(cloud, fails):
    """It says what is wrong, does nothing more, and leaves no file behind."""
    status, said = cloud.deploy(fails=fails)

    assert status == 1
    assert sentences(cloud.step)[fails] in said.splitlines()[-1]
    assert fails in cloud.told[-1]
    assert list(cloud.temporary.iterdir()) == []


def test_a_digest_that_is_empty_is_none(cloud):
    """Or Cloud Run would be handed an image without a name."""
    status, said = cloud.deploy(answers={"artifacts docker images describe": ""})

    assert status == 1
    assert "its digest could not be read." in said
    assert "images describe" in cloud.told[-1]


def test_the_newest_version_of_a_secret_is_the_one_that_is_handed_over(cloud):
    """By its number, so that both the old and the new revision keep theirs."""
    versions = {"secrets versions list": "7"}
    assert cloud.deploy(answers=versions)[0] == 0

    more = ("smtp-url", "redis-url") if cloud.step is FINAL else ()
    kept = ("database-url", "jwt-secret-key", *more)
    for secret in kept:
        assert cloud.call(f"versions list {secret} --filter state:ENABLED --limit 1 ")
    for name in names(cloud.step):
        assert cloud.given(name).count('key: "7"') == len(kept)


def test_no_secret_is_an_argument_or_printed(first):
    """Whoever lists processes, or reads a log, finds none."""
    kept = [first.password, first.secret("database-url"), first.secret("jwt-secret-key")]
    for value in [*kept, GIVEN["SMTP_URL"], GIVEN["RATELIMIT_STORAGE_URL"]]:
        assert len(value) >= 32
        assert value not in "\n".join(first.told)
        assert value not in first.said
        assert value not in "".join(first.given(name) for name in names(first.step))


def test_the_database_is_addressed_with_the_password_that_its_user_has(first):
    """Nothing is at its end that Postgres would take for a part of it."""
    url = sa.make_url(first.secret("database-url"))

    assert first.secret("database-url").isprintable()
    assert first.secret("jwt-secret-key").isalnum()
    assert (url.username, url.password, url.database) == ("zoo", first.password, "zoo")
    assert url.query == {"host": "/cloudsql/a-project:europe-west1:zoo"}


def test_whatever_is_in_capitals_is_filled_in(first):
    """Everything that the script replaces stands in one of the files, and in none afterwards."""
    folder = first.step.folder
    places = set(re.findall(r"s\|([A-Z-]+)\|", (folder / DEPLOY).read_text("utf-8")))
    texts = "".join(path.read_text("utf-8") for path in folder.glob("serverless/*.yaml"))

    assert len(places) == (12 if first.step is FINAL else 6)
    assert all(place in texts for place in places)
    for name in names(first.step):
        assert not re.search(rf"\b({'|'.join(places)})\b", first.given(name))


def test_an_account_that_is_missing_is_made_by_what_the_sentence_says(step, tmp_path):
    """bucket/make, with what it asks for."""
    cloud = Cloud(tmp_path, step)
    status, said = cloud.deploy()
    command = said.strip().rpartition(": ")[2].split()

    assert (status, len(cloud.told)) == (1, 1)
    assert command == ["bucket/make", PLACE[0], PLACE[2]]
    assert cloud.run(*command)[0] == 0
    assert cloud.deploy()[0] == 0


def test_it_runs_from_any_folder(cloud):
    """What it builds, fills in and shows as help is the step's own."""
    (cloud.room / "elsewhere").mkdir()
    assert cloud.deploy(folder=cloud.room / "elsewhere") == (0, URL)
    assert cloud.call("docker build")["folder"] == str(cloud.step.folder)


@pytest.mark.parametrize("arguments", [(), ("a-project",), PLACE[:2], (*PLACE[:2], "")])
def test_whoever_does_not_say_where_is_told_how(cloud, arguments):
    """And nothing happens."""
    assert cloud.run(DEPLOY, *arguments) == (
        1,
        "Say where: serverless/deploy PROJECT REGION BUCKET\n",
    )
    assert cloud.told == []


@pytest.mark.parametrize("tool", ["gcloud", "docker"])
def test_what_the_machine_lacks_is_named(cloud, tool):
    """Before anything is done."""
    (cloud.tools / tool).unlink()
    status, said = cloud.deploy()

    assert status == 1
    assert said.startswith(f"There is no {tool} on this machine.")
    assert cloud.told == []


def test_help_says_what_it_does(cloud):
    """It is the comment on the script's top."""
    status, said = cloud.run(DEPLOY, "--help")

    assert (status, cloud.told) == (0, [])
    assert said.startswith("serverless/deploy PROJECT REGION BUCKET: ")
    assert "come from bucket/make." in " ".join(said.split())


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("step", [FINAL], ids=lambda step: step.name, indirect=True)
def test_what_letters_need_is_asked_for_before_anything_is_made(cloud, name):
    """What is missing is named; the mail server's secret is asked for once."""
    status, said = cloud.run(DEPLOY, *PLACE, **{name: ""})

    assert status == 1
    assert said.startswith(f"{name} is not set")
    assert [line for line in cloud.told if " create " in line] == []

    assert cloud.deploy()[0] == 0
    assert cloud.run(DEPLOY, *PLACE, SMTP_URL="", RATELIMIT_STORAGE_URL="")[0] == 0


@pytest.mark.parametrize("step", [FINAL], ids=lambda step: step.name, indirect=True)
def test_the_clock_runs_the_jobs_that_were_handed_over(first):
    """Every minute and every night, by their own addresses, as the app's account."""
    for name, when in (("letters", "* * * * *"), ("sweep", "30 3 * * *")):
        line = first.call(f"jobs create http zoo-{name} ")["line"]
        assert f"--schedule {when} " in line
        assert f"/projects/a-project/locations/europe-west1/jobs/zoo-{name}:run " in line
        assert "--oauth-service-account-email zoo-images@a-project." in line
