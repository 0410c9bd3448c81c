"""`flask schema`: the schema in its own language."""

from pathlib import Path


def test_the_committed_schema_is_the_one_the_code_prints():
    """Whoever changes a type commits its text too."""
    from manage import app

    printed = app.test_cli_runner().invoke(args=["schema"]).output

    assert printed.strip() == Path("schema.graphql").read_text(encoding="utf-8").strip()
