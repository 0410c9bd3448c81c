"""A process that starts when somebody asks, and may be stopped when the answer is sent."""

import os
import subprocess
import sys
import threading

from limits.storage import MemoryStorage

from tests.pictures import picture

SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
DRAWN_BY = {"PIL", "google.cloud.storage", "google.api_core.exceptions"}


def imported(*command):
    """Return the modules that a command of the app imports, with a bucket for its images."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "flask", "--app", "manage", *command],
        env={**os.environ, "BUCKET": "zoo-images"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_a_start_imports_nothing_that_only_images_need():
    """The libraries for them come with the first image."""
    modules = imported("schema")

    assert "sqlalchemy" in modules
    assert not modules & DRAWN_BY


def test_nothing_goes_on_after_an_answer(kept, upload, gql):
    """Without CPU between two requests, a thread of the app's own would stand still.

    A process that counts requests itself forgets old counts by a timer; production has Redis.
    """

    def going_on():
        return {one for one in threading.enumerate() if not forgets(one)}

    def forgets(thread):
        owner = getattr(getattr(thread, "function", None), "__self__", None)
        return isinstance(owner, MemoryStorage)

    before = going_on()
    upload(SET, picture(colour="red"))
    gql('{ user(username: "ada") { profileImage(width: 10) { url } } }')
    upload(SET, picture(colour="blue"))

    assert going_on() <= before
