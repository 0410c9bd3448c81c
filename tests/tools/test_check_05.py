"""What people get wrong in chapter 05 is named by `check` in words."""

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("05-relations")


@pytest.fixture
def mine(tmp_path):
    """A reader's copy, finished."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


def edit(file, old, new):
    """Change a file as a reader would, by mistake; without a text, take the file away."""
    if old is None:
        file.unlink()
        return
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("app/types/zoo.py", None, None, "There is no app/types/zoo.py yet."),
        (
            "app/model/animal.py",
            "if TYPE_CHECKING:\n    from app.model import User, Zoo\n",
            "from app.model.user import User\nfrom app.model.zoo import Zoo\n",
            "circular import",
        ),
        (
            "app/model/zoo.py",
            "from __future__ import annotations",
            "",
            "name 'User' is not defined",
        ),
        (
            "app/types/zoo.py",
            "id = graphene.Int(required=True)",
            "",
            "Zoo.id changed type from Int!",
        ),
        (
            "app/schema/__init__.py",
            "class Mutation(zoo.Mutation, ",
            "class Mutation(",
            "CreateZoo was removed",
        ),
    ],
    ids=lambda value: str(value).strip()[:20],
)
def test_an_app_that_is_not_whole_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer."""
    edit(mine / file, old, new)

    assert cause in said(mine)


def test_each_broken_promise_of_a_row_is_named(mine):
    """Three mistakes at once: each is told by the claim that it breaks."""
    edit(mine / "app" / "model" / "animal.py", "        self.zoo = None\n", "")
    edit(mine / "migrations" / "versions" / "0005_zoo.py", "if name not in taken", "")
    edit(mine / "app" / "schema" / "zoo.py", "auth.viewer()\n        user", "user")

    words = said(mine)

    assert "leaves_its_zoo: The zoo stays with its former owner." in words
    assert "chosen_that_name: Whoever registered as first-keeper before gets no animals" in words
    assert "test_moves_need_a_token: " in words


def test_a_copy_with_the_settings_of_the_chapter_before_passes(mine):
    """The page says to keep the ports, and the files that name them."""
    for name in ("settings.py", "compose.yaml", "local.yml", "production.yml"):
        (mine / name).write_bytes((STEP.before.folder / name).read_bytes())
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(mine)])

    assert result.output == "Your copy does all that 05-relations does.\n"


def test_what_was_moved_and_no_more_is_not_yet_the_step(mine):
    """The files that zoos bring are named."""
    edit(mine / "app" / "model" / "zoo.py", None, None)
    edit(mine / "app" / "schema" / "zoo.py", None, None)

    words = said(mine)

    assert "There is no app/model/zoo.py yet." in words
    assert "There is no app/schema/zoo.py yet." in words
