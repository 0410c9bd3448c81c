"""GraphiQL under `make run`, looked at in a browser."""

from urllib.parse import urlsplit

import pytest

from tools.steps import STEPS


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_graphiql_runs_its_first_query_and_asks_no_other_host(
    step, browser_page, visit, start, free_port, animals
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

    visit(browser_page, f"http://127.0.0.1:{run.port}/graphql", complaints)
    browser_page.get_by_role("button", name="Execute query").click()
    result = browser_page.locator(".result-window")
    result.get_by_text(f'"{animals(run.port)[0]}"').first.wait_for()

    ours = {f"127.0.0.1:{run.port}", f"127.0.0.1:{run.port + 1}"}
    assert {url.netloc for url in asked if url.scheme not in ("data", "blob")} == ours
    assert complaints == []
