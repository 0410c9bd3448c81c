"""What a browser may do with an answer, for which site."""

import pytest

ME = {"query": "{ me { id } }"}
LISTED = "https://zoo.example"
BROWSER = {"Accept": "text/html"}
PREFLIGHT = {"Access-Control-Request-Method": "POST"}
STRICT = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ASKED = {
    "an answer": ("POST", "/graphql", {"json": ME}),
    "a refusal": ("POST", "/graphql", {"data": "x"}),
    "what is not there": ("GET", "/nothing", {}),
    "a probe": ("GET", "/livez", {}),
    "GraphiQL": ("GET", "/graphql", {"headers": BROWSER}),
}

PRODUCTION = {
    "app_env": "production",
    "public_url": "https://zoo.example",
    "jwt_secret_key": "k" * 32,
    "smtp_url": "smtps://mail.example",
    "mail_from": "zoo@zoo.example",
    "bucket": "zoo",
    "ratelimit_storage_url": "redis://127.0.0.1:1",
}


@pytest.mark.parametrize(("method", "path", "sent"), ASKED.values(), ids=ASKED)
def test_an_answer_is_kept_framed_and_guessed_at_by_nobody(client, method, path, sent):
    """The same headers everywhere; no cookie, and no version of anything."""
    headers = client.open(path, method=method, **sent).headers
    own = headers["Content-Security-Policy"]

    assert {**STRICT, "Content-Security-Policy": own}.items() <= set(headers.items())
    assert "default-src 'none'" in own
    assert "frame-ancestors 'none'" in own
    assert not {"Set-Cookie", "Server", "Strict-Transport-Security"} & set(headers.keys())


def test_production_is_asked_by_https_alone(another):
    """For a year, once a browser has been there."""
    client = another(**PRODUCTION).test_client()

    assert client.get("/livez").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_graphiql_runs_the_scripts_of_its_page_and_no_others(client):
    """Each has the page's own nonce, which is another the next time."""
    first, second = (client.get("/graphql", headers=BROWSER) for _ in range(2))
    policy = first.headers["Content-Security-Policy"]
    [scripts] = [part for part in policy.split("; ") if part.startswith("script-src")]
    nonce = scripts.removeprefix("script-src 'nonce-").removesuffix("'")

    assert scripts == f"script-src 'nonce-{nonce}'"
    assert first.text.count("<script") == first.text.count(f'<script nonce="{nonce}"') > 0
    assert nonce not in second.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://zoo.example", "*"])
def test_a_site_that_is_not_listed_reads_nothing(another, origin):
    """Neither after a preflight nor without one."""
    client = another(cors_origins=LISTED).test_client()
    headers = {"Origin": origin, **PREFLIGHT}

    for answer in (
        client.options("/graphql", headers=headers),
        client.post("/graphql", json=ME, headers=headers),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_listed_site_may_send_what_it_needs_and_read_how_much_is_left(another):
    """Without the browser's own credentials."""
    client = another(cors_origins=f"https://other.example {LISTED}").test_client()
    asks = {"Origin": LISTED, "Access-Control-Request-Headers": "authorization, content-type"}

    asked = client.options("/graphql", headers={**asks, **PREFLIGHT}).headers
    answered = client.post("/graphql", json=ME, headers=asks).headers

    assert asked["Access-Control-Allow-Origin"] == LISTED
    assert {"authorization", "content-type"} <= set(
        asked["Access-Control-Allow-Headers"].lower().split(", ")
    )
    assert answered["Access-Control-Allow-Origin"] == LISTED
    assert answered["Access-Control-Expose-Headers"].split(", ") == [
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Request-ID",
    ]
    assert not [name for name, _ in answered if name.endswith("Credentials")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_another_site_may_send_without_asking_runs_nothing(client, kind):
    """415: a browser lets any page post these."""
    answer = client.post("/graphql", data='{"query": "{ me { id } }"}', content_type=kind)

    assert answer.status_code == 415
