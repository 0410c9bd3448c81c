"""Headless Chromium, as the machine has it; it asks nobody for anything."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tools.steps import Problem

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Return where Chromium is, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def opened() -> Iterator[Browser]:
    """Give a running Chromium; raise Problem where there is none."""
    chromium = find()
    if not chromium:
        raise Problem("Chromium is not installed; Debian and Ubuntu have it as a package.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
