"""The directives of a page, carried out: each becomes Markdown, or a piece of HTML in it."""

import html
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools import differences, diffpage, names, steps
from tools.blocks import Block
from tools.steps import ROOT, STEPS, Problem

PICTURES = ROOT / "docs" / "pictures"

# By the end of a file's name, what Pygments calls its language.
LANGUAGES = {
    ".py": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".html": "html",
    ".graphql": "graphql",
    ".patch": "diff",
    ".sh": "bash",
    ".env.example": "bash",
    ".json": "json",
    ".ini": "ini",
    ".mako": "mako",
    "Dockerfile": "docker",
}

# What a command is called on Windows, where that differs.
WINDOWS = (
    (r"source \.venv/bin/", r".venv\\Scripts\\"),
    (r"(\.venv|trial)/bin/", r"\1\\Scripts\\"),
    (r"\bpython3 ", "py "),
    (r"~/", r"%USERPROFILE%\\"),
)

Meta = dict[str, Any]


def language(path: Path) -> str:
    """Return what Pygments calls a file's language; "text" for one that it does not know."""
    for ending, known in LANGUAGES.items():
        if path.name.endswith(ending):
            return known
    return "bash" if names.is_shell(path.read_text(encoding="utf-8")) else "text"


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
        filled = {n for n, line in enumerate(part.text.split("\n"), 1) if line.strip()}
        marked = " ".join(map(str, inside)) if filled - {*inside} else ""
    return _fence(language(path), file, part.text, marked)


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
    # "===!" begins a set of tabs of its own; "===" would join the one just above.
    marked = zip(("===!", "==="), fences, strict=True)
    return "\n\n".join(f'{mark} "{name}"\n\n{fence}' for mark, (name, fence) in marked)


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
    rows = [
        ("You will have", meta["have"]),
        ("It takes", meta["time"]),
        ("You need", "; ".join(meta["needs"])),
        ("You begin with", meta["start"]),
    ]
    if "step" in meta:
        given = ", ".join(f"`{name}`" for name in meta["given"])
        rows.append(("Given", f"{given}, in the [finished step](downloads/{meta['step']}.zip)"))
    if "last_run" in meta:
        versions = ", ".join(f"{name} {number}" for name, number in meta["versions"].items())
        rows.append(("Last run", f"{meta['last_run']}, with {versions}"))
    items = "\n\n".join(f"**{name}**\n:   {value}" for name, value in rows)
    return f'<div class="card" markdown>\n\n{items}\n\n</div>'


def _picture(block: Block, meta: Meta) -> str:
    file, alt, *caption = block.args
    path = PICTURES / file
    if not path.exists():
        raise Problem(f"There is no picture {file}.")
    said = html.escape(alt)
    inside = f'<img src="pictures/{file}" alt="{said}" loading="lazy">'
    if path.suffix == ".svg":  # inside the page, where its colours are the page's
        drawn = path.read_text(encoding="utf-8").strip().replace("\n", " ")
        drawn = drawn.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)
        inside = f'<div tabindex="0">{drawn}</div>'
    below = f"<figcaption>{html.escape(caption[0])}</figcaption>" if caption else ""
    return f'<figure class="picture">{inside}{below}</figure>'


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
