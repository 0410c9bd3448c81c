"""A solution to the exercise "All of them"."""

import pytest
from pictures import picture

UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
IMAGES = "{ user(id: 1) { images } }"

pytestmark = pytest.mark.parametrize("kept", ["folder"], indirect=True)


def test_a_user_has_the_images_that_were_uploaded(kept, upload, gql):
    """Oldest first, by the addresses that uploading them gave."""
    assert gql(IMAGES) == ({"user": {"images": []}}, [])

    urls = [
        upload(UPLOAD, picture(colour=colour))[0]["uploadImage"]["url"]
        for colour in ("red", "blue")
    ]

    assert gql(IMAGES) == ({"user": {"images": urls}}, [])
