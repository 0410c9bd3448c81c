"""Metrics: what Prometheus reads, and who may."""

import re
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from ports import wait_for_a_minute
from server import Server

ME = {"query": "query Anything { me { id } }"}
WATCHED = Path(__file__).parent.parent / "observability"


def sample(text, name, **labels):
    """Return the value of one line of Prometheus's text format; 0 where there is none."""
    for line in text.splitlines():
        if re.match(rf"{name}(\{{| )", line) and all(
            f'{k}="{v}"' in line for k, v in labels.items()
        ):
            return float(line.rpartition(" ")[2])
    return 0


@pytest.fixture
def metrics(app):
    """Return a function that reads the metrics."""
    return lambda: app.test_client().get("/metrics").text


def test_requests_are_counted_by_operation_and_outcome(gql, metrics):
    """By the schema's own names: a client cannot fill the memory with names of its own."""
    before = metrics()
    gql("query Anything { me { id } }")
    gql("query Other { other: me { id } }")
    gql("mutation ($input: LogoutInput!) { logout(input: $input) { clientMutationId } }", input={})
    gql("{ nothing }")
    after = metrics()

    def more(operation, outcome):
        labels = {"operation": operation, "outcome": outcome}
        return sample(after, "zoo_requests_total", **labels) - sample(
            before, "zoo_requests_total", **labels
        )

    assert more("query me", "ok") == 2
    assert more("mutation logout", "UNAUTHENTICATED") == 1
    assert more("other", "GRAPHQL_VALIDATION_FAILED") == 1
    assert "Anything" not in after
    assert "Other" not in after


def test_what_a_request_needs_is_measured(gql, metrics, ada):
    """Its time, and its statements."""
    gql("{ zoos { nodes { owner { username } } } }")
    text = metrics()

    assert sample(text, "zoo_request_duration_seconds_count", operation="query zoos") >= 1
    assert sample(text, "zoo_request_statements_bucket", operation="query zoos", le="3.0") >= 1
    assert sample(text, "zoo_database_connections") == 0


def test_the_size_of_the_pool_is_told(database_url, metrics):
    """That of the application which this process has made last."""
    from app import create_app

    create_app(database_url=database_url, database_pool_size=3)

    assert sample(metrics(), "zoo_database_pool_size") == 3


def test_connections_are_counted_right_after_an_outage(
    app, metrics, gql, database_url, monkeypatch
):
    """One that is lost, and cannot be replaced, was never taken twice."""
    from app.engine import db, deadline

    def refuse(*_, **__):
        raise psycopg.OperationalError("nobody listens")

    gql("{ zoos { nodes { id } } }")
    with app.app_context():
        engine = db.engine
    before = sample(metrics(), "zoo_database_connections")
    engine.dispose()
    with engine.connect() as pooled:
        own = pooled.scalar(sa.text("SELECT pg_backend_pid()"))
    outside = sa.create_engine(database_url, poolclass=sa.NullPool)
    with outside.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
    monkeypatch.setattr(deadline.Patient, "connect", refuse)
    _, [error] = gql("{ zoos { nodes { id } } }")

    assert error["code"] == "SERVICE_UNAVAILABLE"
    assert sample(metrics(), "zoo_database_connections") == before


def test_what_platforms_ask_counts_as_nothing(app, metrics):
    """Or a probe each second would hide what people meet."""

    def counted():
        return [line for line in metrics().splitlines() if line.startswith("zoo_requests_total")]

    before = counted()
    for path in ("/livez", "/readyz", "/metrics"):
        app.test_client().get(path)
    assert counted() == before

    app.test_client().get("/elsewhere")
    assert counted() != before


@pytest.mark.parametrize(
    ("settings", "sent", "status"),
    [
        ({"metrics_token": "scrape"}, {"Authorization": "Bearer scrape"}, 200),
        ({"metrics_token": "scrape"}, {"Authorization": "Bearer scr\u00e4pe"}, 404),
        ({"metrics_token": "scrape"}, {}, 404),
        ({"app_env": "local"}, {}, 200),
    ],
)
def test_only_who_has_the_token_reads_metrics(database_url, settings, sent, status):
    """To all others there is no such page."""
    from app import create_app

    app = create_app(database_url=database_url, **settings)

    assert app.test_client().get("/metrics", headers=sent).status_code == status


def test_production_without_a_token_shows_no_metrics(database_url):
    """Nobody forgets a setting and tells the world."""
    from app import create_app

    app = create_app(
        app_env="production",
        database_url=database_url,
        jwt_secret_key="a-key-of-thirty-two-bytes-or-more",
        bucket="zoo-images",
        smtp_url="smtps://mail.example.org",
        ratelimit_storage_url="redis://127.0.0.1:9",
        mail_from="zoo@example.org",
        public_url="https://zoo.example.org",
    )

    assert app.test_client().get("/metrics").status_code == 404


def test_the_processes_of_a_server_count_together(app, database_url, tmp_path):
    """Whichever of them answers, it answers for all."""
    server = Server(database_url, tmp_path, WEB_CONCURRENCY="3")
    for _ in range(30):
        server.ask("/graphql", ME)
    texts = {server.ask("/metrics")[2] for _ in range(10)}
    server.stop()

    counted = {sample(text, "zoo_requests_total", operation="query me") for text in texts}
    assert counted == {30}


def test_what_a_limit_refuses_is_counted_under_its_name(gql, metrics):
    """Whether it bounds one request, or many."""
    guess = 'login(input: { username: "ada", password: "wrong one" }) { accessToken }'
    wait_for_a_minute()
    before = metrics()
    gql("{ " + "me { id } " * 11 + "}")
    gql("mutation { " + " ".join(f"a{n}: {guess}" for n in range(6)) + " }")
    after = metrics()

    for limit in ("MAX_ROOT_FIELDS", "ACCOUNT_LOGINS_PER_MINUTE"):
        count = [sample(text, "zoo_refused_total", limit=limit) for text in (before, after)]
        assert count[1] == count[0] + 1


@pytest.mark.parametrize("name", ["dashboard.json", "alerts.yaml"])
def test_what_watches_asks_for_metrics_that_there_are(gql, metrics, name):
    """A panel or an alert with a wrong name would stay silent for ever."""
    gql("{ me { id } }")
    gql("{ " + "me { id } " * 11 + "}")
    there = set(re.findall(r"^(zoo_\w+)", metrics(), re.MULTILINE))
    asked = set(re.findall(r"zoo_\w+", (WATCHED / name).read_text(encoding="utf-8")))

    assert len(asked) > 3
    assert asked <= there
