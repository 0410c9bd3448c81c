"""Pages: docs/ becomes plain Markdown in build/pages, which MkDocs and Zensical read."""

import re
import shutil
import textwrap
import zipfile
from pathlib import Path

import yaml

from tools import blocks, diffpage, facts, steps
from tools.directives import DIRECTIVES, Meta
from tools.steps import BUILD, ROOT, STEPS, Problem, Step

DOCS = ROOT / "docs"
PAGES = BUILD / "pages"
NOT_PAGES = {"listings", "assets", "pictures"}


def sources() -> list[Path]:
    """Return the pages' sources."""
    found = (path for path in DOCS.rglob("*.md"))
    return sorted(p for p in found if not NOT_PAGES.intersection(p.relative_to(DOCS).parts))


def front_matter(text: str) -> Meta:
    """Return what stands between the lines `---` at the top of a page."""
    match = re.match(r"---\n(.*?)\n---\n", text, flags=re.DOTALL)
    meta: Meta = yaml.safe_load(match[1]) if match else {}
    return meta


def build() -> Path:
    """Render every page, the differences and the downloads; return the folder."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for source in sources():
        target = PAGES / source.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(render(text, source.relative_to(ROOT).as_posix()), encoding="utf-8")
        for patch in front_matter(text).get("interim", []):
            _offer(ROOT / patch)
    for folder in ("assets", "pictures"):
        if (DOCS / folder).exists():
            shutil.copytree(DOCS / folder, PAGES / folder)
    _differences()
    for step in STEPS:
        _zip(step)
    return PAGES


def render(text: str, page: str) -> str:
    """Return a page's source with its directives carried out; raise Problem, with the line."""
    meta = front_matter(text)
    text = facts.fill(text, page)  # first: what a listing has in double braces is its own
    lines = text.splitlines()
    for block in reversed(blocks.parse(text, page)):
        try:
            shown = DIRECTIVES[block.kind](block, meta)
        except KeyError:
            raise Problem(f"{page}:{block.line}: there is no directive {block.kind!r}.") from None
        except Problem as problem:
            raise Problem(f"{page}:{block.line}: {problem.message}") from None
        indented = textwrap.indent(shown, block.indent)
        lines[block.line - 1 : block.end] = indented.splitlines()
    return "\n".join(lines) + "\n"


def _differences() -> None:
    """Write a page for any two steps, and a table that leads to them."""
    folder = PAGES / "differences"
    folder.mkdir()
    pairs: list[tuple[Step | None, Step]] = [(None, STEPS[0])]
    pairs += [(old, new) for n, new in enumerate(STEPS) for old in STEPS[:n]]
    rows = ["# Any two steps", "", "| from | to | |", "|---|---|---|"]
    for old, new in pairs:
        begin = old.name if old else "nothing"
        title = f"From {begin} to {new.name}"
        shown = diffpage.render(old, new, heading="##")
        page = folder / f"{begin}-to-{new.name}.md"
        page.write_text(f"# {title}\n\n{shown}\n", encoding="utf-8")
        rows.append(f"| {begin} | {new.name} | [Show]({page.name}) |")
    (folder / "index.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _offer(patch: Path) -> None:
    """Put a chapter's interim patch where its page links it: downloads/CHAPTER-NAME.patch."""
    target = PAGES / "downloads" / f"{patch.parent.name}-{patch.name}"
    target.parent.mkdir(exist_ok=True)
    shutil.copy(patch, target)


def _zip(step: Step) -> None:
    """Write a step's files to a zip that is the same whenever they are."""
    target = PAGES / "downloads" / f"{step.name}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in steps.files(step.folder):
            entry = zipfile.ZipInfo(f"{step.name}/{name}", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, (step.folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
