"""Settings: what production refuses, what an address may look like, whom to believe."""

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
}

EXAMPLE = "choose-at-least-32-bytes-that-nobody-guesses"  # .env.example's


def start(**changes):
    """Start the app as a process of its own; return how that ended. None takes a variable away."""
    settings = {**SAFE, **changes}
    unset = {*SAFE, "FLASK_DEBUG", "GOOGLE_CREDENTIALS", "IMGIX_DOMAIN", "STORAGE_EMULATOR_HOST"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    given = {name: value for name, value in settings.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "manage", "schema"],
        env={**inherited, **given},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


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
        ({"MAIL_FROM": None}, ["MAIL_FROM"]),
        ({"PUBLIC_URL": "http://zoo.example.org"}, ["PUBLIC_URL"]),
        ({"GOOGLE_CREDENTIALS": "../key.json"}, ["GOOGLE_CREDENTIALS"]),
        ({"IMGIX_DOMAIN": "zoo.imgix.net"}, ["IMGIX_TOKEN"]),
        ({"STORAGE_EMULATOR_HOST": "http://127.0.0.1:9023"}, ["STORAGE_EMULATOR_HOST"]),
    ],
)
def test_production_refuses_what_suits_a_laptop(changes, named):
    """Every variable that is wrong is named, and no value is shown."""
    started = start(**changes)

    last = started.stderr.strip().splitlines()[-1]
    assert started.returncode != 0
    assert last.startswith("settings.UnsafeSettings: ")
    assert all(name in last for name in named)
    assert not {"laptop", "guesses", "short", "key"} & set(re.split(r"\W", last))


def test_a_laptop_starts_on_the_defaults():
    """Nothing has to be set."""
    started = start(APP_ENV=None, DATABASE_URL=None, JWT_SECRET_KEY=None, BUCKET=None)

    assert started.returncode == 0


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
    import settings

    assert settings.with_driver(url) == taken


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.7")]
)
def test_only_so_many_proxies_are_believed(database_url, proxies, seen):
    """The last entries of X-Forwarded-For are the proxies' own; a client can write the others."""
    from app import create_app

    app = create_app(SQLALCHEMY_DATABASE_URI=database_url, TRUSTED_PROXIES=proxies)
    app.add_url_rule("/address", view_func=lambda: request.remote_addr)
    headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 203.0.113.9"}

    assert app.test_client().get("/address", headers=headers).text == seen
