"""Typical mistakes in a reader's copy of step 06 are named before its tests need to run."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("06-uploads")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("app/engine/images.py", None, None, "There is no app/engine/images.py yet."),
        ("emulator/Dockerfile", None, None, "There is no emulator/Dockerfile yet."),
        ("app/engine/gallery.py", "def keep(", "def keep((", "app/engine/gallery.py, line "),
        (
            "app/schema/image.py",
            "from graphene_file_upload.scalars import Upload\n",
            "",
            "name 'Upload' is not defined",
        ),
        (
            "app/schema/__init__.py",
            "image.Mutation, ",
            "",
            "Mutation.uploadImage was removed",
        ),
        ("app/types/user.py", "height=graphene.Int(),", "", "User.profileImage arg height"),
        ("app/__init__.py", "health, http, jwt", "health, jwt", "name 'http' is not defined"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_typical_mistake_is_named(tmp_path, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    path = mine / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(mine)])

    assert result.exit_code == 1
    assert cause in result.output
    assert "Traceback" not in result.output


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The first thing that is missing is named."""
    mine = steps.copy(STEP.before.folder, tmp_path / "my-zoo")

    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(mine)])

    assert "There is no app/engine/gallery.py yet." in result.output
