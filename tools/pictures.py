"""`python -m tools pictures`: each source in docs/pictures, drawn as SVG without colours.

A source is Mermaid, or measured numbers in JSON for a plot. The site's stylesheet gives the
colours, by day and by night. A picture carries the hash of its source, so that a test sees where it
was not drawn again. A step's tables are a source made from its models.
"""

import hashlib
import re
from pathlib import Path

import click

from tools import browser, contract, plot, steps
from tools.steps import ROOT, Problem

PICTURES = ROOT / "docs" / "pictures"
MERMAID = ROOT / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
WITH_TABLES = ("05-relations",)

DRAW = """async ([id, source]) => {
  mermaid.initialize({
    startOnLoad: false, theme: "base", look: "classic", htmlLabels: false, fontFamily: "sans-serif",
    sequence: {
      mirrorActors: false, width: 110, height: 40, actorMargin: 20, diagramMarginX: 5,
      messageMargin: 28,
    },
    flowchart: { nodeSpacing: 40, rankSpacing: 45, wrappingWidth: 300 },
  });
  const { svg } = await mermaid.render(id, source);
  const drawn = new DOMParser().parseFromString(svg, "text/html").querySelector("svg");
  const named = new Set([...svg.matchAll(/url\\(#([^)]+)\\)/g)].map((match) => match[1]));
  drawn.querySelectorAll("style, filter, linearGradient, symbol").forEach((e) => e.remove());
  drawn.querySelectorAll("marker").forEach((e) => named.has(e.id) || e.remove());
  for (const element of [drawn, ...drawn.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) {
      const needless = /^(data-.*|name|filter|role|aria-.*|fill|stroke)$/.test(name);
      if (needless || (name === "id" && !named.has(element.id))) element.removeAttribute(name);
    }
  }
  drawn.id = id;
  drawn.removeAttribute("style");
  const { width, height } = drawn.viewBox.baseVal;
  drawn.setAttribute("width", Math.ceil(width));
  drawn.setAttribute("height", Math.ceil(height));
  return new XMLSerializer().serializeToString(drawn);
}"""


def sources() -> list[Path]:
    """Return what pictures are drawn from."""
    return sorted(path for path in PICTURES.iterdir() if path.suffix in (".mmd", ".json"))


def stamp(source: Path) -> str:
    """Return the attribute by which a picture names its source."""
    return f'data-source="{hashlib.sha256(source.read_bytes()).hexdigest()}"'


def is_current(source: Path) -> bool:
    """Tell whether the picture beside a source was drawn from it as it is."""
    picture = source.with_suffix(".svg")
    return picture.exists() and stamp(source) in picture.read_text(encoding="utf-8")


def draw(chosen: list[Path]) -> None:
    """Draw each source, and write the picture beside it."""
    for source in chosen:
        if source.suffix == ".json":
            _write(source, plot.draw(source.read_text(encoding="utf-8"), f"picture-{source.stem}"))
    if diagrams := [source for source in chosen if source.suffix == ".mmd"]:
        _draw_mermaid(diagrams)


def _draw_mermaid(chosen: list[Path]) -> None:
    """Draw diagrams in Chromium, with npm's Mermaid."""
    if not MERMAID.exists():
        raise Problem("node_modules is missing; `make docs` installs it.")
    with browser.opened() as chromium:
        tab = chromium.new_page()
        tab.set_content("<body></body>")
        tab.add_script_tag(path=MERMAID)
        for source in chosen:
            text = source.read_text(encoding="utf-8")
            drawn: str = tab.evaluate(DRAW, [f"picture-{source.stem}", text])
            _write(source, re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", drawn))


def _write(source: Path, drawn: str) -> None:
    """Write a picture, which names its source."""
    named = drawn.replace("<svg ", f"<svg {stamp(source)} ", 1)
    source.with_suffix(".svg").write_text(named + "\n", encoding="utf-8")


def tables() -> dict[Path, str]:
    """Return the sources that are made from the steps' models, by their paths."""
    chosen = [steps.find(name) for name in WITH_TABLES]
    return {
        PICTURES / f"{step.name[:2]}-tables.mmd": contract.diagram(step.folder, step.app)
        for step in chosen
    }


@click.command("pictures")
def command() -> None:
    """Draw each picture whose source has changed since."""
    for path, text in tables().items():
        path.write_text(text, encoding="utf-8")
    chosen = [source for source in sources() if not is_current(source)]
    if chosen:
        draw(chosen)
    for source in chosen:
        click.echo(f"{source.with_suffix('.svg').relative_to(ROOT)} is drawn.")
