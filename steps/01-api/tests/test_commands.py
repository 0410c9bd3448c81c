"""The commands: `flask init-db` and `flask schema`."""

from pathlib import Path


def test_the_committed_schema_is_the_one_the_code_prints(app):
    """Whoever changes a type commits its text too."""
    printed = app.test_cli_runner().invoke(args=["schema"]).output

    assert printed.strip() == Path("schema.graphql").read_text(encoding="utf-8").strip()


def test_init_db_creates_the_tables_and_keeps_the_rows(app, gql, rows):
    """It can be run again: what is there stays."""
    gql('mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }')

    result = app.test_cli_runner().invoke(args=["init-db"])

    assert result.output == "The tables are there.\n"
    assert rows() == {1: "Otto"}
