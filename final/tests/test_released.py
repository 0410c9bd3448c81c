"""The schema that clients were written to: what would break them is refused, or has a reason."""

from pathlib import Path

import graphql
import pytest

RELEASED = Path("tests/released.graphql").read_text(encoding="utf-8")

# What breaks clients since the last release and is wanted nevertheless: the sentence, and why.
ALLOWED: dict[str, str] = {}

HOW = """
Clients that were written to tests/released.graphql break:
  {}
Better keep the old beside the new, and deprecate it. Where that cannot be, add the sentence with
the reason to ALLOWED in tests/test_released.py. Once a version is released, its schema is what
clients are written to, and ALLOWED is empty again:
  flask --app manage schema > tests/released.graphql
"""


def refusal(printed: str, allowed: dict[str, str]) -> str:
    """Return what is wrong with a schema that follows the released one, or nothing."""
    changes = graphql.find_breaking_changes(*map(graphql.build_schema, (RELEASED, printed)))
    found = [change.description for change in changes]
    unknown = [f"Nothing of this kind is changed: {line}" for line in allowed if line not in found]
    broken = [line for line in found if line not in allowed] + unknown
    return HOW.format("\n  ".join(broken)) if broken else ""


def test_no_client_is_broken():
    """Whatever the code prints now, the operations of yesterday are still valid."""
    from manage import app

    refused = refusal(app.test_cli_runner().invoke(args=["schema"]).output, ALLOWED)

    assert not refused, refused


BREAKING = {
    "a field removed": ("  emailConfirmed:", "  known:", "User.emailConfirmed was removed."),
    "an argument made required": (
        "    width: Int\n",
        "    width: Int!\n",
        "User.profileImage arg width has changed type from Int to Int!.",
    ),
    "an enum's value removed": (
        "  OLDEST\n",
        "  ELDEST\n",
        "OLDEST was removed from enum type ZooOrder.",
    ),
    "a type changed": (
        "  width: Int!\n",
        "  width: String!\n",
        "Image.width changed type from Int! to String!.",
    ),
    "an answer that may be null": (
        "  owner: User!\n",
        "  owner: User\n",
        "Zoo.owner changed type from User! to User.",
    ),
    "an input's field made required": (
        "  zooId: ID\n",
        "  zooId: ID!\n",
        "AnimalFilter.zooId changed type from ID to ID!.",
    ),
    "a mutation removed": ("  deleteZoo(", "  closeZoo(", "Mutation.deleteZoo was removed."),
    "an interface that is left": (
        "type Zoo implements Node",
        "type Zoo",
        "Zoo no longer implements interface Node.",
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), BREAKING.values(), ids=BREAKING)
def test_a_change_that_breaks_clients_is_refused(old, new, sentence):
    """It is told by its sentence, with both ways to allow it; with a reason, it passes."""
    assert old in RELEASED
    printed = RELEASED.replace(old, new)

    refused = refusal(printed, {})

    assert sentence in refused
    assert "ALLOWED" in refused
    assert "flask --app manage schema > tests/released.graphql" in refused
    sentences = [line[2:] for line in refused.splitlines() if line.startswith("  ")][:-1]
    assert refusal(printed, dict.fromkeys(sentences, "a reason")) == ""


HARMLESS = {
    "a field more": ("type Image {", "type Image {\n  kind: String"),
    "an argument that may be left out": ("    width: Int\n", "    width: Int\n    crop: Boolean\n"),
    "a field of an input that may be left out": (
        "input ZooFilter {",
        "input ZooFilter {\n  a: Int",
    ),
    "a description": ('"""A page of zoos."""', '"""Some zoos."""'),
    "a deprecation": ("  zoo: Zoo\n", '  zoo: Zoo @deprecated(reason: "Ask for home.")\n'),
    "an answer that is never null": ("  zoo: Zoo\n", "  zoo: Zoo!\n"),
    "an argument no longer required": ("    username: String!\n", "    username: String\n"),
}


@pytest.mark.parametrize(("old", "new"), HARMLESS.values(), ids=HARMLESS)
def test_a_change_that_breaks_nobody_passes(old, new):
    """Nobody has to allow it."""
    assert old in RELEASED

    assert refusal(RELEASED.replace(old, new), {}) == ""


def test_a_reason_that_is_no_longer_needed_is_refused():
    """Or the next release would begin with leave to break what it does not mean to."""
    refused = refusal(RELEASED, {"User.username was removed.": "nobody asks for it"})

    assert "User.username was removed." in refused


def test_one_field_is_deprecated_and_says_what_to_take_instead(gql):
    """It still answers, since a client may ask for it."""
    schema = graphql.build_schema(Path("schema.graphql").read_text(encoding="utf-8"))
    reasons = {
        f"{name}.{field}": definition.deprecation_reason
        for name, kind in schema.type_map.items()
        for field, definition in getattr(kind, "fields", {}).items()
        if definition.deprecation_reason
    }

    assert list(reasons) == ["RequestPasswordResetPayload.accepted"]
    assert "`clientMutationId`" in reasons["RequestPasswordResetPayload.accepted"]
    query = 'mutation { requestPasswordReset(input: {email: "a@example.org"}) { accepted } }'
    assert gql(query) == ({"requestPasswordReset": {"accepted": True}}, [])
