"""Each picture is drawn from the source beside it, and can be read by everybody."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import material
import pytest

from tools import blocks, contract, directives, pictures, plot, steps

SOURCES = pictures.sources()
CSS = (steps.ROOT / "docs" / "assets" / "site.css").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
ALT = 'A <client> says "hello".'
SCHEMES = ("default", "slate")
CONTRASTS = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const fills = (chosen) => [...new Set([...document.querySelectorAll(chosen)]
    .map((element) => getComputedStyle(element).fill))].filter((fill) => fill !== "none");
  const grounds = ["svg rect", "svg polygon", "svg .node path"].flatMap(fills);
  grounds.push(getComputedStyle(document.body).backgroundColor);
  return fills("svg text, svg tspan").flatMap((ink) => grounds.map((ground) => {
    const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
    return bright / dark;
  }));
}"""

every_picture = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)


def shown(source):
    """Return what a page holds of a picture."""
    block = blocks.Block("picture", [f"{source.stem}.svg", ALT, "A caption"], {}, 1, 1)
    return directives.DIRECTIVES["picture"](block, {})


@every_picture
def test_a_picture_is_drawn_from_its_source_as_it_is(source):
    """`python -m tools pictures` draws it again."""
    assert pictures.is_current(source)


def test_the_tables_are_those_of_the_models():
    """A column that comes or goes is in the picture's source."""
    for path, text in pictures.tables().items():
        assert path.read_text(encoding="utf-8") == text


def test_a_changed_source_is_noticed(tmp_path):
    """By one letter; and a source without a picture, too."""
    source = tmp_path / "01-zoo.mmd"
    source.write_text("flowchart LR\n  a --> b\n", encoding="utf-8")
    assert not pictures.is_current(source)

    source.with_suffix(".svg").write_text(f"<svg {pictures.stamp(source)}/>", encoding="utf-8")
    assert pictures.is_current(source)

    source.write_text("flowchart LR\n  a --> c\n", encoding="utf-8")
    assert not pictures.is_current(source)


@every_picture
def test_a_picture_has_its_own_names_and_no_colours(source):
    """Two on one page do not meet; the text is text, and all colours are the stylesheet's."""
    drawn = source.with_suffix(".svg").read_text(encoding="utf-8")
    tree = ElementTree.fromstring(drawn)  # noqa: S314 - drawn here
    ids = [element.get("id") for element in tree.iter() if element.get("id")]

    assert {name.startswith(f"picture-{source.stem}") for name in ids} == {True}
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(ids)
    assert not list(tree.iter(f"{SVG}foreignObject"))
    assert not list(tree.iter(f"{SVG}style"))
    assert not re.search(r"#[0-9a-f]{6}\b|rgb\(|hsl\(", drawn)


@every_picture
def test_a_picture_says_in_words_what_it_shows(source):
    """One image with a name to a screen reader; a frame that a keyboard can scroll."""
    page = shown(source)

    assert page.startswith('<figure class="picture"><div tabindex="0"><svg role="img" aria-label="')
    assert 'aria-label="A &lt;client&gt; says &quot;hello&quot;."' in page
    assert page.endswith("<figcaption>A caption</figcaption></figure>")
    assert "\n" not in page


@every_picture
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_picture_is_read_by_day_and_by_night(source, scheme, browser_page, stylesheets):
    """Its text stands out, 4.5 to 1, from whatever is behind it; a narrow window scrolls in it."""
    browser_page.set_viewport_size({"width": 390, "height": 900})
    body = f'<body data-md-color-scheme="{scheme}" class="md-typeset">{shown(source)}</body>'
    browser_page.set_content(f"<style>{stylesheets}</style>{body}")

    assert min(browser_page.evaluate(CONTRASTS)) >= 4.5
    assert browser_page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    smallest = "Math.min(...[...document.querySelectorAll('svg text')].map((t) => parseFloat"
    assert browser_page.evaluate(f"{smallest}(getComputedStyle(t).fontSize)))") >= 13


@pytest.fixture(scope="module")
def stylesheets():
    """The theme's stylesheets and ours."""
    folder = Path(material.__file__).parent / "templates" / "assets" / "stylesheets"
    theirs = [next(folder.glob(f"{name}.*.min.css")) for name in ("main", "palette")]
    return "\n".join([*(path.read_text(encoding="utf-8") for path in theirs), CSS])


def test_a_diagram_of_tables_tells_what_may_be_missing():
    """A key that can be null leads to one or none."""
    text = contract.diagram(steps.find("05-relations").folder, "manage")

    assert "  zoo |o--o{ animal : zoo_id" in text
    assert "  user ||--o{ animal : owner_id" in text
    assert "    integer zoo_id FK" in text


def test_a_picture_is_drawn_without_a_network(tmp_path, monkeypatch, needs):
    """By the Mermaid that npm's lock names; what was drawn before is drawn the same."""
    needs(pictures.browser.find(), "Chromium is not installed")
    source = tmp_path / "05-tables.mmd"
    source.write_bytes((pictures.PICTURES / source.name).read_bytes())

    pictures.draw([source])

    drawn = source.with_suffix(".svg").read_text(encoding="utf-8")
    assert pictures.is_current(source)
    assert drawn.count("<text") == (pictures.PICTURES / "05-tables.svg").read_text().count("<text")


def test_a_plot_has_a_line_for_each_name_and_a_point_for_each_measurement():
    """Ten times as much is one line of the grid further, on both axes."""
    points = [{"page": 1, "s": 0.01}, {"page": 10, "s": 0.1}, {"page": 100, "s": 1}]
    source = json.dumps({"axes": ["page", "s"], "lines": {"a": points, "b < c": points[:2]}})

    drawn = ElementTree.fromstring(plot.draw(source, "picture-x"))  # noqa: S314 - drawn here

    words = [text.text for text in drawn.iter(f"{SVG}text")]
    places = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in drawn.iter(f"{SVG}circle")]
    assert words == ["1", "10", "100", "0.01", "0.1", "1", "s", "page", "a", "b < c"]
    assert len(places) == 5
    (x0, y0), (x1, y1), (x2, y2) = places[:3]
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert x1 > x0
    assert y0 > y1
