"""A step's difference as Markdown: the tree, file by file, the schema, the tables."""

import difflib
import html

from tools import contract
from tools.differences import FileChange, Line, compare
from tools.steps import Step

CLASSES = {"+": "add", "-": "del", "@": "hunk", " ": "context"}
TITLES = {"breaking": "Breaking", "dangerous": "Dangerous", "added": "New"}


def render(before: Step | None, after: Step, heading: str = "###") -> str:
    """Return the difference between two steps; None is the empty start."""
    old = before.folder if before else None
    changes = compare(old, after.folder)
    parts = [f"{heading} The files", _tree(changes)]
    parts += [_file(change) for change in changes if change.lines]
    parts += [f"{heading} The schema", _schema(before, after)]
    parts += [f"{heading} The tables", _tables(before, after)]
    return "\n\n".join(parts)


def _tree(changes: list[FileChange]) -> str:
    rows = ["| file | | lines |", "|---|---|---|"]
    for change in changes:
        as_it_was = "as it was" if change.kind == "renamed" else "a lock"
        count = f"+{change.count('+')} −{change.count('-')}" if change.lines else as_it_was
        was = f" from `{change.old_path}`" if change.kind == "renamed" else ""
        rows.append(f"| `{change.path}` | {change.kind}{was} | {count} |")
    return "\n".join(rows)


def _file(change: FileChange) -> str:
    title = f"{change.path}  +{change.count('+')} −{change.count('-')}"
    return f'??? abstract "{title}"\n\n    {_lines(change.lines)}'


def _lines(lines: list[Line]) -> str:
    """Return lines as one block of HTML: no blank line in it, which would end it."""
    spans = []
    for line in lines:
        kind = ("moved-" if line.moved else "") + CLASSES[line.kind]
        mark = "" if line.kind == "@" else line.kind
        spans.append(f'<span class="{kind}">{html.escape(mark + line.text) or " "}</span>')
    body = "&#10;".join(spans)
    return f'<pre class="difference" tabindex="0"><code>{body}</code></pre>'


def _schema(before: Step | None, after: Step) -> str:
    changes = contract.schema_changes(before.folder if before else None, after.folder)
    broken = [change.text for change in changes if change.kind != "added"] if before else []
    parts = []
    if broken:
        items = "\n".join(f"    - {text}" for text in broken)
        parts.append(f'!!! warning "A client of the step before has to change"\n\n{items}')
    added = [change.text for change in changes if change.kind == "added"]
    parts.append("New: " + ", ".join(f"`{text}`" for text in added) if added else "Nothing new.")
    return "\n\n".join(parts)


def _tables(before: Step | None, after: Step) -> str:
    old = contract.tables(before.folder, before.app) if before else []
    new = contract.tables(after.folder, after.app)
    if old == new:
        return "They stay as they were."
    before_text, after_text = ("\n\n".join(statements).splitlines() for statements in (old, new))
    told = difflib.ndiff(before_text, after_text)
    lines = [Line(line[0], line[2:]) for line in told if line[0] in " +-" and line[2:]]
    return _lines(lines)
