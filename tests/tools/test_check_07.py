"""Typical mistakes in a reader's copy of step 07 are named, most before its tests need to run."""

import shutil

import pytest
from click.testing import CliRunner

from tools import check, steps

STEP = steps.find("07-pagination")


def said(folder):
    """Return what `check` says of a copy that is not yet the step."""
    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(folder)])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    return result.output


def edit(file, old, new):
    """Change a file as a reader would, by mistake; without a text, take the file away."""
    if old is None:
        file.unlink()
        return
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("app/model/dated.py", None, None, "There is no app/model/dated.py yet."),
        ("app/engine/pages.py", "def page(", "def page((", "app/engine/pages.py, line "),
        (
            "app/types/zoo.py",
            "from app.engine import pages\n",
            "",
            "name 'pages' is not defined",
        ),
        (
            "app/types/__init__.py",
            "from app.types.zoo import Zoo, ZooConnection",
            "from app.types.zoo import Zoo",
            "ZooConnection",
        ),
        (
            "app/types/user.py",
            '    zoos = pages.field("app.types.ZooConnection")\n',
            "",
            "User.zoos was removed",
        ),
        (
            "app/engine/pages.py",
            'arguments |= {"last": graphene.Int(), "before": graphene.String()}',
            "pass",
            "Query.users arg last was removed",
        ),
        (
            "app/engine/pages.py",
            "strict_types=True, ",
            "",
            "UserConnection.edges changed type",
        ),
        ("app/types/animal.py", ', "created_at"', "", "Animal.createdAt was removed"),
    ],
    ids=lambda value: str(value).strip()[:24],
)
def test_a_typical_mistake_is_named(tmp_path, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    edit(mine / file, old, new)

    assert cause in said(mine)


def test_each_fault_of_a_page_is_told_by_the_claim_that_it_breaks(tmp_path, monkeypatch):
    """Three at once: cursors in seconds, a page that counts, a size that nobody refuses."""
    mine = steps.copy(STEP.folder, tmp_path / "my-zoo")
    few = steps.copy(STEP.folder, tmp_path / "step")
    for file in (few / "tests").glob("test_*.py"):
        if file.stem not in ("test_pages", "test_arguments"):
            file.unlink()
    shutil.rmtree(mine / "tests")  # the step's are brought along
    pages = mine / "app" / "engine" / "pages.py"
    edit(pages, "timedelta(microseconds=1)", "timedelta(seconds=1)")
    edit(pages, "size is not None and size not in SIZES", "size == 0")
    edit(
        pages,
        "    wanted = window(row_class, **arguments)\n",
        "    wanted = window(row_class, **arguments)\n"
        "    db.session.scalar(sa.select(sa.func.count()).select_from(row_class))\n",
    )
    monkeypatch.setattr(type(STEP), "folder", few)

    words = "\n".join(check.check(STEP, mine))

    assert "test_a_list_is_read_forward_page_by_page: From the newest to the oldest" in words
    assert "test_a_page_is_one_statement: Nothing is counted" in words
    assert "test_a_size_out_of_range_is_refused: The error names the argument." in words


def test_the_step_before_is_not_yet_this_one(tmp_path):
    """The first thing that is missing is named."""
    mine = steps.copy(STEP.before.folder, tmp_path / "my-zoo")

    assert "There is no app/engine/pages.py yet." in said(mine)
