"""Every page tells the truth: its blocks print what it shows; it shows what its step adds."""

import pytest

from tools import blocks, facts, pages, record, shown

PAGES = pages.sources()
CHAPTERS = [page for page in PAGES if "have" in pages.front_matter(page.read_text("utf-8"))]
OF_A_STEP = [page for page in CHAPTERS if "step" in pages.front_matter(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_its_blocks_print(page, postgres_server, needs, capsys):
    """Each command and each request is run again; what is not run is printed, with its reason."""
    result = record.record(page, postgres_server)

    assert result.differences == [], "\n\n".join(result.differences)
    with capsys.disabled():
        for reason in result.not_run:
            print(f"\nnot run: {reason}")
    for lack in ("Docker does not answer", "kubectl is not installed"):
        needs(lack not in " ".join(result.not_run), lack)


@pytest.mark.parametrize("page", OF_A_STEP, ids=lambda page: page.stem)
def test_a_chapter_shows_every_line_that_its_step_adds(page):
    """A line stands in a listing, or its file is called given on the card."""
    assert shown.missing(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_listing_is_short_enough_to_be_read(page):
    """At most 25 lines; who needs more cuts it in two."""
    assert shown.too_long(page) == []


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)
def test_a_chapter_has_a_chapters_length(page):
    """1,500 to 2,500 words of prose."""
    text = page.read_text("utf-8")
    lines = text.splitlines()
    for block in blocks.parse(text, page.name):
        lines[block.line - 1 : block.end] = [""] * (block.end - block.line + 1)
    prose = "\n".join(lines).split("\n---\n", 1)[1]
    assert 1_500 <= len(prose.split()) <= 2_500


def test_every_fact_is_inside_its_band_and_on_a_page():
    """A number that no page shows measures nothing."""
    mentioned = {name for page in PAGES for name in facts.MENTION.findall(page.read_text("utf-8"))}
    assert mentioned == set(facts.read())
    assert all(fact["low"] <= fact["value"] <= fact["high"] for fact in facts.read().values())
