"""`python -m tools reference`: what final/ says of itself, as pages and as its .env.example."""

import importlib
import sys
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import SecretStr

from tools import sdlpage
from tools.steps import FINAL, ROOT

ASKED_OF_COMPOSE = """\
# Copy this file to .env, which compose reads and git does not. Every other setting has a default.
# The password counts when the volume is made.
POSTGRES_PASSWORD=choose-one
# Print a key: python3 -c "import secrets; print(secrets.token_urlsafe(32))"
JWT_SECRET_KEY=choose-at-least-32-bytes-that-nobody-guesses
"""
SETTINGS = """\
---
title: Settings of final/
---

# Settings of final/

<!-- Made from final/settings.py by `python -m tools reference`. -->

Each setting is an environment variable. Any of them can come from a file instead, as Docker and
Kubernetes mount secrets: `JWT_SECRET_KEY_FILE=/run/secrets/key` makes that file's text the key. An
empty variable counts as none. With `APP_ENV=production` the app refuses to start where one is not
as production asks; it names everything that is wrong at once, and shows no value.

{entries}

gunicorn reads two more itself: `PORT`, where it listens (8000 in the image), and
`WEB_CONCURRENCY`, its processes (2), each of four threads.
"""


def settings_class() -> Any:
    """Return final/'s Settings; nothing of the app is imported with it."""
    sys.path.insert(0, str(FINAL.folder))
    try:
        return importlib.import_module("settings").Settings
    finally:
        sys.path.remove(str(FINAL.folder))


def kind(annotation: Any) -> str:
    """Return what a setting is, in a word or by its values."""
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(annotation))
    kinds = {int: "number", float: "number", SecretStr: "secret", str: "text"}
    return kinds.get(annotation, "0 or 1")


def plain(value: Any) -> str:
    """Return a default as one would write it into the environment."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return str(value.get_secret_value() if isinstance(value, SecretStr) else value)


def settings_page() -> str:
    """Return all settings, with their defaults and what production asks of them."""
    entries = []
    for name, field in settings_class().model_fields.items():
        asked = "".join(mark.words for mark in field.metadata if hasattr(mark, "words"))
        default = f"; default `{shown}`" if (shown := plain(field.default)) else ""
        told = f"; production: {asked}" if asked else ""
        kept = f"*{kind(field.annotation)}*{default}{told}"
        entries.append(f"`{name.upper()}`\n:   {field.description}\n\n    {kept}\n")
    return SETTINGS.format(entries="\n".join(entries))


def env_example() -> str:
    """Return .env.example: what compose asks for, and every other setting with its default."""
    lines = [ASKED_OF_COMPOSE]
    for name, field in settings_class().model_fields.items():
        if f"{name.upper()}=" not in ASKED_OF_COMPOSE:
            lines += [f"# {field.description}", f"# {name.upper()}={plain(field.default)}"]
    return "\n".join(lines) + "\n"


def made() -> dict[Path, str]:
    """Return the text of each file that is made."""
    folder = ROOT / "docs" / "reference"
    return {
        FINAL.folder / ".env.example": env_example(),
        folder / "settings.md": settings_page(),
        folder / "schema.md": sdlpage.render(folder / "errors.yaml"),
    }


@click.command("reference")
def command() -> None:
    """Write the reference pages of final/ and its .env.example anew."""
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
        click.echo(f"{path.relative_to(ROOT)} is written.")
