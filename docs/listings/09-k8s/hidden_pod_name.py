"""A solution to the exercise "Who was it?": each answer says which pod it comes from."""

import socket

import pytest


@pytest.mark.parametrize("path", ["/livez", "/graphql?query={__typename}", "/nowhere"])
def test_an_answer_names_its_pod(app, path):
    """Whatever was asked, and whatever came of it."""
    assert app.test_client().get(path).headers["Pod"] == socket.gethostname()
