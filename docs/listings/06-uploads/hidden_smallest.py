"""A solution to the exercise "Too small to see"."""

import pytest
from pictures import picture

UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"

pytestmark = pytest.mark.parametrize("kept", ["folder"], indirect=True)


@pytest.mark.parametrize("size", [(15, 16), (16, 15), (1, 1), (1, 2_000)])
def test_an_image_that_nobody_sees_is_refused(kept, upload, size):
    """The error names the argument, and nothing is stored."""
    assert upload(UPLOAD, picture(size=size))[1] == [{"code": "BAD_USER_INPUT", "field": "file"}]
    assert kept.names() == []


def test_the_smallest_one_is_taken(kept, upload):
    """16 pixels each way."""
    assert upload(UPLOAD, picture(size=(16, 16)))[1] == []
