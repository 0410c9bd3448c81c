"""Each linter is given every file that it knows."""

from tools import lint


def test_a_script_is_found_by_its_first_line(tmp_path, monkeypatch):
    """A command has no ending; Python has another first line; a picture has none."""
    for name, content in {
        "deploy": b"#!/usr/bin/env bash\n",
        "stop": b"#!/bin/sh\n",
        "common.sh": b"fail() {\n",
        "tool.py": b"#!/usr/bin/env python3\n",
        "picture.png": b"\x89PNG\xff\n",
    }.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(lint, "ROOT", tmp_path)

    assert sorted(lint.scripts()) == ["common.sh", "deploy", "stop"]


def test_containers_and_their_scripts_are_linted():
    """Dockerfiles in subfolders too, and compose files of every name."""
    commands = lint.commands()

    assert "steps/04-heroku/database/Dockerfile" in commands["dockerfiles"]
    assert "steps/04-heroku/production.yml" in commands["compose"]
    assert "steps/04-heroku/scripts/deploy" in commands["shell"]
