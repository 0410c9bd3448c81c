"""serverless/deploy of step 10 and final/, rehearsed: gcloud and docker are stand-ins."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tools import steps

STEPS = (steps.find("10-serverless"), steps.FINAL)
STAND_IN = Path(__file__).with_name("stand_in.py")
PROGRAMS = ("bash", "base64", "cat", "date", "dirname", "grep", "head", "mktemp", "rm", "sed", "tr")
PLACE = ("a-project", "europe-west1", "a-bucket")
# What final/ is told besides.
GIVEN = {
    "MAIL_FROM": "zoo@zoo.example",
    "PUBLIC_URL": "https://zoo.example",
    "SMTP_URL": "smtps://zoo:a-password-of-the-mail-server@smtp.example",
    "RATELIMIT_STORAGE_URL": "rediss://:a-password-of-the-redis@redis.example",
}


class Cloud:
    """A project of Google's, with nothing in it."""

    def __init__(self, room, step):
        self.step = step
        self.room, self.tools, self.temporary = room, room / "tools", room / "temporary"
        self.made = room / "made"
        for folder in (self.tools, self.temporary, self.made):
            folder.mkdir()
        for name in ("gcloud", "docker"):
            program = self.tools / name
            program.write_text(f"#!{sys.executable} -IS\n{STAND_IN.read_text('utf-8')}", "utf-8")
            program.chmod(0o755)
        for name in PROGRAMS:
            (self.tools / name).symlink_to(shutil.which(name))

    def run(self, script, *arguments, fails="", answers=None, folder=None, **given):
        """Run a script of the step; return the exit code and its words."""
        (self.room / "record").write_text("", "utf-8")
        own = {"ROOM": str(self.room), "FAILS": fails, "ANSWERS": json.dumps(answers or {})}
        done = subprocess.run(
            [self.step.folder / script, *arguments],
            cwd=folder or self.room,
            env={"PATH": str(self.tools), "TMPDIR": str(self.temporary), **GIVEN, **given, **own},
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.said = done.stdout + done.stderr
        return done.returncode, self.said

    def deploy(self, **options):
        """Bring the step to the place."""
        return self.run("serverless/deploy", *PLACE, **options)

    @property
    def calls(self):
        """What the stand-ins were told by the last run, one call after another."""
        return [json.loads(line) for line in (self.room / "record").read_text("utf-8").splitlines()]

    @property
    def told(self):
        """The calls as lines."""
        return [call["line"] for call in self.calls]

    def call(self, *words):
        """Return the one call of the last run that has these words."""
        [found] = [call for call in self.calls if all(word in call["line"] for word in words)]
        return found

    def secret(self, name):
        """Return what the last run has made a secret of."""
        return self.call(f"secrets create {name} ")["stdin"]

    @property
    def password(self):
        """The password that the last run has given the database's user, whichever way."""
        texts = {text for call in self.calls for text in call["files"].values()}
        [flags] = [yaml.safe_load(text) for text in texts if text.startswith("--")]
        return flags["--password"]

    def given(self, name):
        """Return a file that Google was handed: `service`, or the name of a job."""
        [found] = [
            text
            for call in self.calls
            for path, text in call["files"].items()
            if path.endswith(f"/{name}.yaml")
        ]
        return found


def started(room, step):
    """Return a project of Google's after bucket/make of a step."""
    cloud = Cloud(room, step)
    status, said = cloud.run("bucket/make", PLACE[0], PLACE[2])
    assert status == 0, said
    return cloud


def deployed(room, step):
    """Return a project of Google's after the first deployment of a step."""
    cloud = started(room, step)
    status, said = cloud.deploy()
    assert status == 0, said
    return cloud


def handed_over(cloud):
    """Return what the last deployment has handed to Google, by name: the service and the jobs."""
    return {name: yaml.safe_load(cloud.given(name)) for name in names(cloud.step)}


def names(step):
    """Return what a step hands over: the service and its jobs."""
    return ("service", "migration", *(("letters", "sweep") if step is steps.FINAL else ()))


def place(document, path):
    """Return what stands at a path of a document."""
    for step in path:
        document = document[step]
    return document


SERVICE = ("spec", "template", "spec")
JOB = ("spec", "template", "spec", "template", "spec")
