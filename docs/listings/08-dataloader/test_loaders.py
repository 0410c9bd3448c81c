"""The page cuts listings of promises from a file, which is the one that the patch brings."""

from pathlib import Path

FILE = Path(__file__).with_name("loaders.py")


def test_the_listing_is_what_the_patch_brings():
    """Line for line; test_async.py runs it."""
    patch = FILE.with_name("async.patch").read_text(encoding="utf-8")
    part = patch.partition("+++ b/app/engine/loaders.py\n")[2].partition("diff --git")[0]

    brought = [line[1:] for line in part.splitlines()[1:]]
    assert brought == FILE.read_text(encoding="utf-8").splitlines()
