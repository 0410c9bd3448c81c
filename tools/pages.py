"""Pages: docs/ becomes plain Markdown in build/pages, which MkDocs and Zensical read."""

import re
import shutil
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tools import blocks, differences, diffpage, facts, names, steps
from tools.blocks import Block
from tools.steps import BUILD, ROOT, STEPS, Problem, Step

DOCS = ROOT / "docs"
PAGES = BUILD / "pages"
NOT_PAGES = {"listings", "assets", "pictures"}
LANGUAGES = {".py": "python", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".html": "html"}
LANGUAGES |= {".graphql": "graphql", ".patch": "diff", ".sh": "bash", ".json": "json"}

# What a command is called on Windows, where that differs.
WINDOWS = (
    (r"source \.venv/bin/", r".venv\\Scripts\\"),
    (r"(\.venv|trial)/bin/", r"\1\\Scripts\\"),
    (r"\bpython3 ", "py "),
    (r"~/", r"%USERPROFILE%\\"),
)

Meta = dict[str, Any]


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
    return facts.fill("\n".join(lines) + "\n", page)


def _fence(language: str, title: str, text: str, marked: str = "") -> str:
    mark = f' hl_lines="{marked}"' if marked else ""
    return f'```{language} title="{title}"{mark}\n{text}\n```'


def _listing(block: Block, meta: Meta) -> str:
    folder, file, *name = block.args
    path = ROOT / folder / file
    part = names.cut(path, name[0] if name else None)
    marked = ""
    step = next((step for step in STEPS if step.folder == ROOT / folder), None)
    if step and step.before:
        changed = differences.changed_lines(step.before.folder, step.folder, file)
        inside = [n - part.first + 1 for n in sorted(changed) if part.first <= n <= part.last]
        marked = " ".join(map(str, inside)) if len(inside) < part.last - part.first + 1 else ""
    return _fence(LANGUAGES.get(path.suffix, "text"), file, part.text, marked)


def windows(command: str) -> str:
    """Return what a command is on Windows."""
    for pattern, replacement in WINDOWS:
        command = re.sub(pattern, replacement, command)
    return command


def _console(block: Block, meta: Meta) -> str:
    title = "the repository" if block.args[0] == "." else f"in {block.args[0]}"
    body = "\n".join(block.body)
    other = "\n".join(windows(li) if li.startswith("$ ") else li for li in block.body)
    if other == body:
        return _fence("console", title, body)
    tabs = (("Linux and macOS", body), ("Windows", other))
    fences = [(name, textwrap.indent(_fence("console", title, b), "    ")) for name, b in tabs]
    return "\n\n".join(f'=== "{name}"\n\n{fence}' for name, fence in fences)


def _graphql(block: Block, meta: Meta) -> str:
    variables = block.part("variables")
    title = f"Request, as {block.options['as']}" if "as" in block.options else "Request"
    asked = [_fence("graphql", title, (block.part("") or "").strip())]
    if variables:
        asked.append(_fence("json", "Variables", variables.strip()))
    answer = _fence("json", "Response", (block.part("response") or "").strip())
    step = block.args[0].removeprefix("steps/")
    request = "\n\n".join(asked)
    return (
        f'<div class="exchange" data-step="{step}" markdown>\n<div markdown>\n\n{request}\n\n'
        f"</div>\n<div markdown>\n\n{answer}\n\n</div>\n</div>"
    )


def _card(block: Block, meta: Meta) -> str:
    step = steps.find(meta["step"])
    given = ", ".join(f"`{name}`" for name in meta["given"])
    rows = [
        ("You will have", meta["have"]),
        ("It takes", meta["time"]),
        ("You need", "; ".join(meta["needs"])),
        ("You begin with", meta["start"]),
        ("Given", f"{given}, in the [finished step](downloads/{step.name}.zip)"),
    ]
    if "last_run" in meta:
        versions = ", ".join(f"{name} {number}" for name, number in meta["versions"].items())
        rows.append(("Last run", f"{meta['last_run']}, with {versions}"))
    items = "\n\n".join(f"**{name}**\n:   {value}" for name, value in rows)
    return f'<div class="card" markdown>\n\n{items}\n\n</div>'


def _picture(block: Block, meta: Meta) -> str:
    file, alt, *caption = block.args
    path = DOCS / "pictures" / file
    if not path.exists():
        raise Problem(f"There is no picture {file}.")
    inside = f'<img src="pictures/{file}" alt="{alt}" loading="lazy">'
    if path.suffix == ".svg":
        inside = path.read_text(encoding="utf-8").strip().replace("\n", " ")
    below = f"<figcaption>{caption[0]}</figcaption>" if caption else ""
    return f"<figure>{inside}{below}</figure>"


def _difference(block: Block, meta: Meta) -> str:
    step = steps.find(block.args[0])
    return f"## What changed\n\n{diffpage.render(step.before, step)}"


DIRECTIVES: dict[str, Callable[[Block, Meta], str]] = {
    "listing": _listing,
    "console": _console,
    "graphql": _graphql,
    "card": _card,
    "picture": _picture,
    "differences": _difference,
}


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


def _zip(step: Step) -> None:
    """Write a step's files to a zip that is the same whenever they are."""
    target = PAGES / "downloads" / f"{step.name}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in steps.files(step.folder):
            entry = zipfile.ZipInfo(f"{step.name}/{name}", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, (step.folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
