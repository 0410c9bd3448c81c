"""serverless/deploy of step 10; gcloud and docker are stand-ins that write down what is said."""

import re

import pytest
import sqlalchemy as sa

from tests.cloud import PLACE, STEP, Cloud, deployed, started

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


@pytest.fixture
def cloud(tmp_path):
    """A project of Google's after bucket/make."""
    return started(tmp_path)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project of Google's after the first deployment, which nobody changes."""
    return deployed(tmp_path_factory.mktemp("cloud"))


def test_everything_is_made_and_migrated_before_the_service_is_replaced(first):
    """One after another, in the project that was named; without a question, and no file is left."""
    places = [next(n for n, line in enumerate(first.told) if words in line) for words in SENTENCES]

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


@pytest.mark.parametrize("fails", SENTENCES)
def test_whatever_fails_ends_the_deployment_with_a_sentence(cloud, fails):
    """It says what is wrong, does nothing more, and leaves no file behind."""
    status, said = cloud.deploy(fails=fails)

    assert status == 1
    assert SENTENCES[fails] in said.splitlines()[-1]
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

    for secret in ("database-url", "jwt-secret-key"):
        assert cloud.call(f"versions list {secret} --filter state:ENABLED --limit 1 ")
    for name in ("service", "migration"):
        assert cloud.given(name).count('key: "7"') == 2


def test_no_secret_is_an_argument_or_printed(first):
    """Whoever lists processes, or reads a log, finds none."""
    for value in (first.password, first.secret("database-url"), first.secret("jwt-secret-key")):
        assert len(value) >= 32
        assert value not in "\n".join(first.told)
        assert value not in first.said
        assert value not in first.given("service") + first.given("migration")


def test_the_database_is_addressed_with_the_password_that_its_user_has(first):
    """Nothing is at its end that Postgres would take for a part of it."""
    url = sa.make_url(first.secret("database-url"))

    assert first.secret("database-url").isprintable()
    assert first.secret("jwt-secret-key").isalnum()
    assert (url.username, url.password, url.database) == ("zoo", first.password, "zoo")
    assert url.query == {"host": "/cloudsql/a-project:europe-west1:zoo"}


def test_whatever_is_in_capitals_is_filled_in(first):
    """Everything that the script replaces stands in one of the files, and in none afterwards."""
    places = set(re.findall(r"s\|([A-Z-]+)\|", (STEP.folder / DEPLOY).read_text("utf-8")))
    files = {name: STEP.folder / "serverless" / f"{name}.yaml" for name in ("service", "migration")}

    assert len(places) == 6
    for name, file in files.items():
        assert all(place in file.read_text("utf-8") for place in places)
        assert not re.search(rf"\b({'|'.join(places)})\b", first.given(name))


def test_an_account_that_is_missing_is_made_by_what_the_sentence_says(tmp_path):
    """bucket/make, with what it asks for."""
    cloud = Cloud(tmp_path)
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
    assert cloud.call("docker build")["folder"] == str(STEP.folder)


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
    assert said.endswith("come from bucket/make.\n")
