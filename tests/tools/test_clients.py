"""A request of a page is sent by the user whom it names, and no token is shown whole."""

import json

import pytest

from tools import normalise, pages, record
from tools.steps import Problem
from tools.workplace import Workplace, free_port

PAGE = """---
data: empty
---

::: graphql steps/02-auth as=ada
mutation { createAnimal(input: { name: "Otto" }) { animal { id } } }
--- response
:::

::: graphql steps/02-auth
mutation ($token: String!) { refresh(refreshToken: $token) { accessToken } }
--- variables
{ "token": "REFRESH_TOKEN of ada" }
--- response
:::
"""
SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl_-c2"
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { user { id username } } }"


@pytest.fixture
def place(postgres_server, request):
    """The workplace of a page with sample data, or of one without."""
    with Workplace(postgres_server, empty=request.param, port=free_port()) as made:
        yield made


def test_a_page_asks_as_a_user(tmp_path, postgres_server):
    """Who is not known registers; a placeholder is sent as the token, and stays on the page."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    recorded = record.record(page, postgres_server, root=tmp_path).text

    assert '"createAnimal": {\n      "animal": {\n        "id": 1' in recorded
    assert '"accessToken": "eyJ….….…"' in recorded
    assert '{ "token": "REFRESH_TOKEN of ada" }' in recorded


@pytest.mark.parametrize("place", [False], indirect=True)
def test_the_users_of_the_sample_log_in(place):
    """With the one password that all have."""
    variables = json.dumps(
        {"input": {"username": "grace", "password": "correct horse battery staple"}}
    )
    create = 'mutation { createAnimal(input: { name: "Otto" }) { animal { name } } }'

    entered = place.ask("steps/02-auth", LOGIN, variables)
    asked = place.ask("steps/02-auth", create, name="grace")

    assert json.loads(entered)["data"]["login"]["user"] == {"id": 2, "username": "grace"}
    assert json.loads(asked)["data"]["createAnimal"]["animal"] == {"name": "Otto"}


@pytest.mark.parametrize("place", [True], indirect=True)
def test_a_user_who_cannot_enter_is_told(place):
    """A name that no account can have, and a step that has no accounts."""
    with pytest.raises(Problem, match="x can neither log in nor register: The username needs"):
        place.ask("steps/02-auth", "{ __typename }", name="x")
    with pytest.raises(Problem, match="ada can neither log in nor register: Cannot query"):
        place.ask("steps/01-api", "{ __typename }", name="ada")


def test_the_page_says_who_asks():
    """Above the request."""
    shown = pages.render(PAGE, "page.md")

    assert 'title="Request, as ada"' in shown
    assert 'title="Request"' in shown


def test_a_token_is_shown_short():
    """Wherever it stands in an output."""
    said = normalise.shown(f'Authorization: Bearer {SIGNED}\n"{SIGNED}"', {})

    assert said == 'Authorization: Bearer eyJ….….…\n"eyJ….….…"'
