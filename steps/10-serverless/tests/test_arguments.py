"""What a page may be asked for, and which cursors are none."""

import base64

import pytest
import sqlalchemy as sa

ANIMALS = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  animals(first: $first, after: $after, last: $last, before: $before) {
    nodes { id } edges { cursor }
  }
}
"""
ROWS = "INSERT INTO animal (name, owner_id) SELECT 'Vole', 1 FROM generate_series(1, 60)"


@pytest.fixture
def ask(app, gql):
    """Ask for a page of sixty animals; return it, or the extensions of the one error."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text(ROWS))
        db.session.commit()

    def send(**arguments):
        data, errors = gql(ANIMALS, **arguments)
        return errors[0] if errors else data["animals"]

    return send


@pytest.mark.parametrize("argument", ["first", "last"])
@pytest.mark.parametrize("size", [0, -1, 51, 2**31 - 1, -(2**31)])
def test_a_size_out_of_range_is_refused(ask, argument, size):
    """The error names the argument."""
    assert ask(**{argument: size}) == {"code": "BAD_USER_INPUT", "field": argument}
    assert len(ask(**{argument: 1})["nodes"]) == 1
    assert len(ask(**{argument: 50})["nodes"]) == 50


@pytest.mark.parametrize(
    ("forward", "backward"),
    [(f, b) for f in (["first"], ["after"], ["first", "after"]) for b in (["last"], ["before"])],
)
def test_forward_and_backward_at_once_is_refused(ask, forward, backward):
    """Whichever of the arguments say so."""
    [edge] = ask(first=1)["edges"]
    values = {"first": 5, "last": 5, "after": edge["cursor"], "before": edge["cursor"]}

    refused = ask(**{name: values[name] for name in forward + backward})

    assert refused == {"code": "BAD_USER_INPUT", "field": backward[0]}


def encoded(text):
    """Return a text as cursors are written."""
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", " ", "7", "YQ", "ÿ", "\0", "a" * 9999]
    + [
        encoded(f"animal:{rest}")
        for rest in ("", "1", "1:2:3", "x:1", "1:x", "1:-1", "1: 1", "１:1")
    ]
    + [encoded(f"animal:{rest}") for rest in (f"1:{2**31}", f"{10**18}:1", f"{'9' * 4999}:1")]
    + [encoded("animal:1:1") + end for end in (" ", "=", "YQ==")],
)
@pytest.mark.parametrize("argument", ["after", "before"])
def test_a_cursor_that_was_never_given_is_refused(ask, argument, cursor):
    """Malformed, out of range, or written in another way."""
    assert ask(**{argument: cursor}) == {"code": "BAD_USER_INPUT", "field": argument}
