"""Settings: what production refuses, what a file may hold, what an address may look like."""

import os
import re
import subprocess
import sys

import pytest
from flask import request

SAFE = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgres://zoo:zoo@127.0.0.1:1/zoo",
    "JWT_SECRET_KEY": "a-key-of-thirty-two-bytes-or-more",
    "BUCKET": "zoo-images",
    "SMTP_URL": "smtps://zoo:secret@mail.example.org",
    "MAIL_FROM": "zoo@example.org",
    "PUBLIC_URL": "https://zoo.example.org",
    "RATELIMIT_STORAGE_URL": "rediss://:secret@redis.example.org",
}
LAPTOP = dict.fromkeys(SAFE)
EXAMPLE = "choose-at-least-32-bytes-that-nobody-guesses"  # .env.example's
TOO_MUCH = [*LAPTOP, "FLASK_DEBUG", "GOOGLE_CREDENTIALS", "IMGIX_DOMAIN", "STORAGE_EMULATOR_HOST"]


def start(**changes):
    """Start the app as a process of its own; return how that ended. None takes a variable away."""
    settings = {**SAFE, **changes}
    inherited = {name: value for name, value in os.environ.items() if name not in TOO_MUCH}
    given = {name: value for name, value in settings.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "manage", "schema"],
        env={**inherited, **given},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def last_words(started):
    """Return what a start that was refused said at its end, after the name of the error."""
    assert started.returncode != 0
    name, _, words = started.stderr.strip().splitlines()[-1].partition(": ")
    assert name == "app.engine.config.UnsafeSettings"
    return words


def test_production_starts_on_safe_settings():
    """Or the refusals below would prove nothing."""
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"DATABASE_URL": None}, ["DATABASE_URL"]),
        ({"DATABASE_URL": ""}, ["DATABASE_URL"]),
        ({"JWT_SECRET_KEY": None}, ["JWT_SECRET_KEY"]),
        ({"JWT_SECRET_KEY": "for-a-laptop-alone-and-known-to-everybody"}, ["JWT_SECRET_KEY"]),
        ({"JWT_SECRET_KEY": EXAMPLE}, ["JWT_SECRET_KEY"]),
        ({"JWT_SECRET_KEY": "short"}, ["JWT_SECRET_KEY"]),
        ({"FLASK_DEBUG": "1"}, ["FLASK_DEBUG"]),
        ({"DATABASE_URL": None, "JWT_SECRET_KEY": ""}, ["DATABASE_URL", "JWT_SECRET_KEY"]),
        ({"APP_ENV": "Production"}, ["APP_ENV"]),
        ({"BUCKET": None}, ["BUCKET"]),
        ({"SMTP_URL": None}, ["SMTP_URL"]),
        ({"SMTP_URL": "smtp://mail.example.org"}, ["SMTP_URL"]),
        ({"SMTP_URL": "smtps://mail.example.org:key"}, ["SMTP_URL"]),
        ({"MAIL_FROM": None}, ["MAIL_FROM"]),
        ({"RATELIMIT_STORAGE_URL": None}, ["RATELIMIT_STORAGE_URL"]),
        ({"RATELIMIT_STORAGE_URL": "memory://"}, ["RATELIMIT_STORAGE_URL"]),
        ({"PUBLIC_URL": "http://zoo.example.org"}, ["PUBLIC_URL"]),
        ({"GOOGLE_CREDENTIALS": "../key.json"}, ["GOOGLE_CREDENTIALS"]),
        ({"IMGIX_DOMAIN": "zoo.imgix.net"}, ["IMGIX_TOKEN"]),
        ({"STORAGE_EMULATOR_HOST": "http://127.0.0.1:9023"}, ["STORAGE_EMULATOR_HOST"]),
        ({"BUCKET": None, "STATEMENT_SECONDS": "key"}, ["BUCKET", "STATEMENT_SECONDS"]),
    ],
)
def test_production_refuses_what_suits_a_laptop(changes, named):
    """Every variable that is wrong is named, in one sentence each, and no value is shown."""
    words = last_words(start(**changes))

    assert set(re.findall(r"([A-Z]+_[A-Z_]+|BUCKET) (?:has|Input)", words)) == set(named)
    assert not {"laptop", "guesses", "short", "key", "secret"} & set(re.split(r"\W", words))


def test_a_laptop_starts_on_the_defaults():
    """Nothing has to be set."""
    assert start(**LAPTOP).returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("STATEMENT_SECONDS", "0"), ("TRUSTED_PROXIES", "-1"), ("REQUIRE_CONFIRMED_EMAIL", "perhaps")],
)
def test_a_setting_that_says_nothing_sensible_stops_a_laptop_too(name, value):
    """With its name; a program that guesses would guess wrong one day."""
    assert name in last_words(start(**LAPTOP, **{name: value}))


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example", 25),
        ("smtps://mail.example", 465),
        ("smtp://mail.example:1025", 1025),
    ],
)
def test_a_mail_server_is_asked_where_its_kind_listens(database_url, url, port):
    """Unless the address says where."""
    from app import create_app

    assert create_app(database_url=database_url, smtp_url=url).config["MAIL_PORT"] == port


def test_a_secret_comes_from_a_file(tmp_path):
    """As Docker and Kubernetes mount it; what production asks of it stays."""
    key = tmp_path / "key"
    given = {"JWT_SECRET_KEY": None, "JWT_SECRET_KEY_FILE": str(key)}

    missing = last_words(start(**given))
    key.write_text("short\n")
    short = last_words(start(**given))
    key.write_text(SAFE["JWT_SECRET_KEY"] + "\n")

    assert "JWT_SECRET_KEY_FILE cannot be read" in missing
    assert "JWT_SECRET_KEY has to be 32 bytes or more" in short
    assert start(**given).returncode == 0
    assert "leave one out" in last_words(start(JWT_SECRET_KEY_FILE=str(key)))


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("postgres://zoo:p@h:1/zoo", "postgresql+psycopg://zoo:p@h:1/zoo"),
        ("postgresql://h/zoo?sslmode=require", "postgresql+psycopg://h/zoo?sslmode=require"),
        ("postgresql+psycopg://h/zoo", "postgresql+psycopg://h/zoo"),
        ("postgresql+another://h/zoo", "postgresql+another://h/zoo"),
    ],
)
def test_an_address_gets_the_drivers_name(url, taken):
    """Heroku's too; one that names a driver keeps it."""
    from app.engine import config

    assert config.with_driver(url) == taken


def test_no_secret_is_shown_with_the_settings():
    """Whoever prints them into a log tells none."""
    from settings import Settings

    shown = repr(Settings(jwt_secret_key="a-secret", database_url="a-secret", smtp_url="a-secret"))

    assert "a-secret" not in shown
    assert "access_token_minutes=15" in shown


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")]
)
def test_only_so_many_proxies_are_believed(database_url, proxies, seen):
    """The last entries of X-Forwarded-For are the proxies' own; a client can write the others."""
    from app import create_app

    app = create_app(database_url=database_url, trusted_proxies=proxies)
    app.add_url_rule("/address", view_func=lambda: request.remote_addr)
    headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9"}

    assert app.test_client().get("/address", headers=headers).text == seen
