"""The site, as a reader's browser shows it: on a phone and a desk, by day and by night."""

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from tools import pages, site
from tools.steps import ROOT, SCRIPTS, STEPS

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PAGES = [path.relative_to(pages.DOCS).with_suffix(".html").as_posix() for path in pages.sources()]
PAGES += [
    f"differences/{step.before.name if step.before else 'nothing'}-to-{step.name}.html"
    for step in STEPS
]
WIDTHS = (390, 1440)  # pixels: a phone's and a desk's


@pytest.fixture(scope="module")
def address():
    """The strictly built site, served on a free port."""
    site.build_site()
    server = site.serve(0)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_good_to_look_at_and_asks_no_other_host(browser, visit, address, page):
    """Nothing runs over at 390 pixels; axe finds nothing serious; the console stays empty."""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
        tab = context.new_page()
        hosts, complaints = set(), []
        tab.on("request", lambda request, hosts=hosts: hosts.add(urlsplit(request.url).netloc))
        tab.on("pageerror", lambda error, said=complaints: said.append(str(error)))
        tab.on(
            "console",
            lambda message, said=complaints: (
                said.append(message.text) if message.type in ("error", "warning") else None
            ),
        )
        visit(tab, f"{address}/{page}", complaints)
        tab.evaluate(AXE)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            over = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
            found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            serious = {
                violation["id"]: [node["html"][:120] for node in violation["nodes"]][:3]
                for violation in found
                if violation["impact"] in ("serious", "critical")
            }

            assert serious == {}, (width, scheme)
            assert over <= 0, (width, scheme)
        assert complaints == []
        assert hosts - {""} == {urlsplit(address).netloc}
        context.close()


def test_a_tick_survives_a_reload(browser_page, visit, address):
    """It is kept in this browser, and the goals' page counts it."""
    visit(browser_page, f"{address}/01-api.html")
    browser_page.locator(".tick").first.press("Enter")
    assert browser_page.locator(".tick").first.get_attribute("aria-pressed") == "true"

    browser_page.reload()

    assert browser_page.locator(".tick").first.get_attribute("aria-pressed") == "true"
    visit(browser_page, f"{address}/goals.html")
    assert re.search(r"\(1 of \d+ done\)", browser_page.locator(".progress").first.inner_text())


def test_hints_unfold_one_at_a_time(browser_page, visit, address):
    """The second shows itself when the first was read."""
    visit(browser_page, f"{address}/01-api.html")
    hints = browser_page.locator(".hints").first.locator("> details")
    assert [hint.is_visible() for hint in hints.all()] == [True, False, False, False]

    hints.first.locator("summary").press("Enter")

    hints.nth(1).wait_for(state="visible")
    assert [hint.is_visible() for hint in hints.all()] == [True, True, False, False]


def test_search_finds_a_word_of_a_chapter(browser_page, visit, address):
    """In the reader's browser, from an index that came with the site."""
    browser_page.set_viewport_size({"width": 1440, "height": 900})
    visit(browser_page, f"{address}/index.html")
    browser_page.keyboard.press("/")
    browser_page.keyboard.type("resolver")

    results = browser_page.locator(".md-search-result__link")
    results.first.wait_for()

    assert any("01-api.html" in result.get_attribute("href") for result in results.all())


def test_a_download_and_a_missing_page_are_answered(browser_page, address):
    """The step's zip; the site's own page for what is not there."""
    got = browser_page.request.get(f"{address}/downloads/01-api.zip")
    missing = browser_page.request.get(f"{address}/none.html")

    assert (got.status, got.body()[:2]) == (200, b"PK")
    assert (missing.status, "Demo Stack" in missing.text()) == (404, True)


class Article(HTMLParser):
    """The words of a page's article."""

    def __init__(self, html):
        super().__init__()
        self.depth, self.words, self.unread = 0, [], 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Enter the article, and what nobody reads."""
        self.depth += tag == "article"
        self.unread += tag in ("script", "style", "button")

    def handle_endtag(self, tag):
        """Leave them."""
        self.depth -= tag == "article"
        self.unread -= tag in ("script", "style", "button")

    def handle_data(self, data):
        """Keep the words."""
        if self.depth and not self.unread:
            self.words += re.findall(r"\w+", data)


def test_zensical_builds_the_same_site_strictly(address, tmp_path):
    """The same mkdocs.yml, the same pages, the same words on them."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    copied = settings.replace("build/pages", "pages").replace("build/site", "site")
    (tmp_path / "mkdocs.yml").write_text(copied, encoding="utf-8")
    shutil.copytree(ROOT / "build" / "pages", tmp_path / "pages")
    program = f"{sys.exec_prefix}/{SCRIPTS}/zensical"

    built = subprocess.run(
        [program, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )

    assert built.returncode == 0, built.stdout + built.stderr
    for page in PAGES:
        theirs = Article((tmp_path / "site" / page).read_text(encoding="utf-8")).words
        ours = Article((ROOT / "build" / "site" / page).read_text(encoding="utf-8")).words
        assert set(theirs) ^ set(ours) == set(), page
