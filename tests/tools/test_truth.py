"""One word that is changed in a listing, an output, a response or a fact is found, and placed."""

import json

import pytest
from pygments.lexers import get_lexer_by_name

from tools import blocks, directives, facts, normalise, pages, record, shown
from tools.steps import ROOT, Problem
from tools.workplace import Workplace

CHAPTER = ROOT / "docs" / "01-api.md"
HEAD = "---\nstep: 01-api\ndata: empty\ngiven: [tests/]\n---\n\n"
TEXT = (
    HEAD
    + """# A page

::: console steps/01-api
$ flask init-db
The tables are there.
:::

::: graphql steps/01-api
mutation { createAnimal(input: { name: "Otto" }) { animal { id name } } }
--- response
{
  "data": {
    "createAnimal": {
      "animal": {
        "id": 1,
        "name": "Otto"
      }
    }
  }
}
:::

::: console steps/01-api skip="it is only shown"
$ rm -rf /
:::
"""
)


@pytest.fixture
def recorded(tmp_path, postgres_server):
    """Run a made-up page."""

    def run(text):
        page = tmp_path / "page.md"
        page.write_text(text, encoding="utf-8")
        return record.record(page, postgres_server, root=tmp_path)

    return run


def test_a_true_page_has_no_differences(recorded):
    """And what was not run is told with its reason."""
    result = recorded(TEXT)

    assert result.differences == []
    assert result.text == TEXT
    assert result.not_run == ["page.md:29: it is only shown"]


def test_a_block_whose_program_is_not_there_is_not_run(recorded):
    """And the program is named."""
    result = recorded(TEXT.replace("::: console steps/01-api\n", "::: console . needs=flusk\n"))

    assert (result.run, result.not_run[0]) == (1, "page.md:9: flusk is not installed")


def test_a_changed_word_of_an_output_is_found(recorded):
    """The line of its block, what stood there, what was printed; the new text has the truth."""
    result = recorded(TEXT.replace("The tables are there.", "The tables are here."))

    [difference] = result.differences
    assert difference.startswith("page.md:9: ")
    assert "-The tables are here.\n+The tables are there." in difference
    assert result.text == TEXT


def test_a_changed_word_of_a_response_is_found(recorded):
    """The same for GraphQL."""
    result = recorded(TEXT.replace('"name": "Otto"', '"name": "Otti"'))

    [difference] = result.differences
    assert difference.startswith("page.md:14: ")
    assert '+        "name": "Otto"' in difference
    assert result.text == TEXT


def test_a_response_with_errors_has_to_be_expected(recorded):
    """A crash cannot slip into a page with `make record`."""
    with pytest.raises(Problem, match=r"page\.md:14: the block does not expect this answer"):
        recorded(TEXT.replace("{ animal { id name } }", "{ animal { age } }"))


def test_a_command_that_fails_has_to_be_expected(recorded):
    """The line and what it said."""
    with pytest.raises(Problem, match=r"page\.md:9: `flask init-bd` ended with 2"):
        recorded(TEXT.replace("flask init-db", "flask init-bd"))


def test_a_misspelt_option_or_directive_is_refused(recorded):
    """Nothing is ignored."""
    with pytest.raises(Problem, match=r"page\.md:9: a console block has no option 'kept'"):
        recorded(TEXT.replace("$ flask", "$ flask", 1).replace("steps/01-api\n$", "x kept=1\n$"))
    with pytest.raises(Problem, match=r"page\.md:7: there is no directive 'lasting'"):
        pages.render(HEAD + "::: lasting steps/01-api app.py\n", "page.md")


def test_a_block_that_is_never_closed_is_refused():
    """Or it would swallow the page."""
    with pytest.raises(Problem, match=r"page\.md:1: this console block is never closed"):
        blocks.parse("::: console .\n$ ls\n", "page.md")


def test_a_line_that_closes_nothing_is_refused():
    """A listing has no end, and what was meant as one would stand on the page."""
    with pytest.raises(Problem, match=r"page\.md:2: this ':::' closes nothing"):
        blocks.parse("::: listing final app/engine/http.py reply\n:::\n", "page.md")


def test_a_listing_whose_name_is_gone_stops_the_build():
    """The page, the line and the name."""
    with pytest.raises(Problem, match=r"page\.md:7: .*app\.py has nothing named 'creat_app'"):
        pages.render(HEAD + "::: listing steps/01-api app.py creat_app\n", "page.md")


def test_what_is_new_from_top_to_bottom_is_not_marked():
    """Marks tell new lines from old ones; blank lines are neither."""
    new = pages.render(HEAD + "::: listing steps/04-heroku scripts/start\n", "page.md")
    changed = pages.render(HEAD + "::: listing steps/04-heroku app.py create_app\n", "page.md")

    assert "hl_lines" not in new
    assert "hl_lines" in changed


def test_a_line_that_no_listing_shows_is_named(tmp_path):
    """The first line of it, with its file."""
    page = tmp_path / "page.md"
    page.write_text(HEAD + "::: listing steps/01-api app.py init_db\n", encoding="utf-8")
    (tmp_path / "steps").symlink_to(ROOT / "steps")

    found = shown.missing(page, root=tmp_path)

    assert any(line.startswith("steps/01-api/app.py:1: no listing of page.md") for line in found)


def test_the_chapter_without_one_of_its_listings_is_not_whole(tmp_path):
    """Taken from the real page, so that its check can fail."""
    text = CHAPTER.read_text(encoding="utf-8")
    (tmp_path / "steps").symlink_to(ROOT / "steps")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "listings").symlink_to(ROOT / "docs" / "listings")
    page = tmp_path / "docs" / "01-api.md"
    page.write_text(text.replace("::: listing steps/01-api engine.py\n", ""), encoding="utf-8")

    found = shown.missing(page, root=tmp_path)

    assert found
    assert all(line.startswith("steps/01-api/engine.py:") for line in found)


def test_a_fact_outside_its_band_fails(tmp_path):
    """The name, the value, the band."""
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"lines": {"value": 5, "low": 1, "high": 9}}), encoding="utf-8")

    facts.state("lines", 7, file)

    with pytest.raises(AssertionError, match=r"lines is 10, outside of 1 to 9"):
        facts.state("lines", 10, file)
    file.write_text(json.dumps({"lines": {"value": 50, "low": 1, "high": 9}}), encoding="utf-8")
    with pytest.raises(AssertionError, match="lines"):
        facts.state("lines", 7, file)
    with pytest.raises(Problem, match=r"page\.md:2: no fact is called 'words'"):
        facts.fill("\n{{ facts.words }}\n", "page.md", file)


def test_a_fact_is_shown_as_people_write_numbers(tmp_path):
    """Thousands are set apart."""
    file = tmp_path / "facts.json"
    known = {name: {"value": value} for name, value in {"rows": 200000, "share": 0.5}.items()}
    file.write_text(json.dumps(known), encoding="utf-8")

    shown = facts.fill("{{ facts.rows }} rows, {{ facts.share }}", "page.md", file)

    assert shown == "200,000 rows, 0.5"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("72 passed in 3.54s", "72 passed in 12.1s", True),
        ("72 passed in 3.54s", "72 passed in 71.80s (0:01:11)", True),
        ("72 passed in 3.54s", "71 passed in 3.54s", False),
        (
            "services.db.environment.A: required variable A is missing",
            "services.api.environment.B: required variable B is missing",
            True,
        ),
        ('"id": "0b5d3c1e-1111-2222-3333-444455556666"', '"id": "' + "0" * 8, False),
        ("at 2026-11-24 10:00:00", "at 2027-01-01 23:59:59", True),
        ("sha 0123456789abcdef", "sha fedcba9876543210", True),
        ('"exp": 1795557674,', '"exp": 1801234567,', True),
        ('"exp": 1795557674,', '"exp": 900,', False),
        ("lib/python3.11/site-packages", "lib/python3.13/site-packages", True),
        ('at "172.18.0.4", port 6432', 'at "192.168.112.3", port 6432', True),
        ('at "172.18.0.4", port 6432', 'at "127.0.0.1", port 6432', False),
        ("the tables", "The tables", False),
    ],
)
def test_only_what_means_nothing_is_made_equal(one, other, equal):
    """Times and hashes; neither counts nor words."""
    assert normalise.same([one], [other]) is equal


def test_what_moves_a_terminal_is_left_out():
    """Colours, and the erasing of a line."""
    assert normalise.shown("\x1b[2K\x1b[31mred\x1b[0m", {}) == "red"


def test_a_reader_on_windows_gets_windows_commands():
    """From the same source."""
    assert directives.windows("$ source .venv/bin/activate") == r"$ .venv\Scripts\activate"
    assert directives.windows("$ .venv/bin/python -m pip") == r"$ .venv\Scripts\python -m pip"
    assert directives.windows("$ trial/bin/python x.py") == r"$ trial\Scripts\python x.py"


def test_two_commands_in_a_row_have_tabs_of_their_own():
    """Or the second would hide behind the first."""
    block = "::: console steps/01-api\n$ .venv/bin/flask schema\n:::\n"

    page = pages.render(f"{HEAD}{block}\n{block}", "page.md")

    assert page.count('===! "Linux and macOS"') == page.count('\n=== "Windows"') == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("flask run --port 8000", ["flask", "run", "--port", "4321"]),
        ("curl http://127.0.0.1:8000/graphql", ["curl", "http://127.0.0.1:4321/graphql"]),
        ("curl localhost:8000", ["curl", "localhost:4321"]),
        ("gunicorn --bind 127.0.0.1:8000 app", ["gunicorn", "--bind", "127.0.0.1:4321", "app"]),
        ("echo 80001 18000 name:8000", ["echo", "80001", "18000", "name:8000"]),
        ("curl 127.0.0.1:80001", ["curl", "127.0.0.1:80001"]),
        ("make run", ["make", "run", "PORT=4321"]),
    ],
)
def test_a_command_runs_on_a_port_of_its_own(line, words, postgres_server):
    """Port 8000 is the reader's; other numbers stay."""
    with Workplace(postgres_server, empty=True, port=4321) as place:
        assert place.command(line, ".") == words
        assert place.environment(".")["PORT"] == "4321"


@pytest.mark.parametrize(
    ("file", "language"),
    [
        ("Dockerfile", "docker"),
        ("database/Dockerfile", "docker"),
        ("scripts/deploy", "bash"),
        ("scripts/common.sh", "bash"),
        (".env.example", "bash"),
        ("Procfile", "text"),
        ("app.json", "json"),
        ("migrations/alembic.ini", "ini"),
        ("migrations/script.py.mako", "mako"),
        ("production.yml", "yaml"),
        ("app.py", "python"),
    ],
)
def test_a_listing_is_coloured_as_what_it_is(file, language):
    """By the name of the file, or by its first line; Pygments knows each of these."""
    block = blocks.Block("listing", ["steps/04-heroku", file], {}, 1, 1)

    shown = directives.DIRECTIVES["listing"](block, {})

    assert shown.startswith(f'```{language} title="{file}"')
    assert get_lexer_by_name(language)


MOVED = "docs/listings/05-relations/moved.patch"


def test_a_line_that_an_interim_patch_writes_is_given(tmp_path):
    """Who applies it need not type it; every other line of its files is missing as before."""
    page = tmp_path / "page.md"
    head = "---\nstep: 05-relations\ngiven: []\n---\n"
    (tmp_path / "steps").symlink_to(ROOT / "steps")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    page.write_text(head, encoding="utf-8")
    everything = shown.missing(page, root=tmp_path)
    page.write_text(head.replace("given", f"interim: [{MOVED}]\ngiven"), encoding="utf-8")

    found = shown.missing(page, root=tmp_path)

    assert any(line.startswith("steps/05-relations/manage.py:") for line in everything)
    assert not any(line.startswith("steps/05-relations/manage.py:") for line in found)
    assert any("class TransferZoo(graphene.Mutation):" in line for line in found)


ADD = """::: graphql steps/01-api %s
mutation { createAnimal(input: {name: "%s"}) { animal { id } } }
--- response
{
  "data": {
    "createAnimal": {
      "animal": {
        "id": %d
      }
    }
  }
}
:::
"""


def test_a_block_runs_on_the_database_of_another_step(recorded):
    """And the next one on its own again, with what was in it."""
    blocks = [("", "Otto", 1), ("on=steps/02-auth", "Ada", 1), ("", "Bo", 2)]

    text = "---\ndata: empty\n---\n" + "".join(ADD % block for block in blocks)

    assert recorded(text).differences == []
