"""An application that counts requests, and how it is asked again and again."""

import pytest
from ports import wait_for_a_minute

ME = "{ me { id } }"
LIMITED = "RATE_LIMITED"


@pytest.fixture(params=["process", "redis"])
def counting(request, app, another):
    """An application that counts in its process, or in Redis; nothing has been counted yet."""
    if request.param == "process":
        wait_for_a_minute()
        return another()
    url, container = request.getfixturevalue("redis")
    container.get_client().flushall()
    return another(ratelimit_storage_url=url)


@pytest.fixture
def asked(counting):
    """Return a function that sends an operation from an address."""

    def ask(query=ME, address="192.0.2.1", token=None, **headers):
        where = {"REMOTE_ADDR": address}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return counting.test_client().post(
            "/graphql", json={"query": query}, headers=headers, environ_base=where
        )

    return ask


def codes(answers):
    """Return the code of each error in some answers, in their order; None for what went well."""
    texts = [answer.get_json().get("errors") or [{}] for answer in answers]
    return [error.get("extensions", {}).get("code") for errors in texts for error in errors]
