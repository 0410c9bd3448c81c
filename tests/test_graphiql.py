"""GraphiQL under `make run`, looked at in a browser."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tools.steps import STEPS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def browser_page(needs):
    """A page of headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    needs(chromium, "Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_graphiql_runs_its_first_query_and_asks_no_other_host(
    step, browser_page, start, free_port, animals
):
    """One click shows the animals; the console stays empty."""
    run = start(free_port(), "--step", step.name).ready()
    asked, complaints = [], []
    browser_page.on("request", lambda request: asked.append(urlsplit(request.url)))
    browser_page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))

    browser_page.goto(f"http://127.0.0.1:{run.port}/graphql")
    browser_page.get_by_role("button", name="Execute query").click()
    result = browser_page.locator(".result-window")
    result.get_by_text(f'"{animals(run.port)[0]}"').first.wait_for()

    ours = {f"127.0.0.1:{run.port}", f"127.0.0.1:{run.port + 1}"}
    assert {url.netloc for url in asked if url.scheme not in ("data", "blob")} == ours
    assert complaints == []
