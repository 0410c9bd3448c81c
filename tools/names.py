"""Parts of a file by their names, so that a page can show one without line numbers or markers.

A name is a function, `Class.method`, a variable or `imports` in Python, a key path in YAML (with a
list element's `name`, or that of one document of many), a table in TOML, a stage in a Dockerfile, a
type in GraphQL, a heading in Markdown, a file in a patch, a key of the outermost object in JSON; in
a shell script a function, `imports` for its top, `end` for the last lines that set nothing, or a
variable for the lines without a blank one that set it; in nginx's configuration a directive, for
the lines without a blank one around it; `a..b` is a range.
"""

import ast
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import graphql

from tools import yamlnames
from tools.steps import Problem
from tools.yamlnames import Spans, with_comment


@dataclass(frozen=True)
class Part:
    """Some lines of a file: the numbers of the first and the last, from 1, and their text."""

    first: int
    last: int
    text: str


def cut(path: Path, name: str | None) -> Part:
    """Return the part of a file that has this name, or the whole file for None."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise Problem(f"There is no file {path}.") from None
    first, last = 1, len(lines)
    if name:
        begin, _, end = name.partition("..")
        first, last = _span(path, begin)[0], _span(path, end or begin)[1]
    return Part(first, last, dedent("\n".join(lines[first - 1 : last])))


def names(path: Path) -> Spans:
    """Return all names in a file with the numbers of their first and last line."""
    text = path.read_text(encoding="utf-8")
    finder = FINDERS.get(path.suffix) or FINDERS.get(path.name.split(".")[0])
    if finder is None and is_shell(text):
        finder = FINDERS[".sh"]
    return finder(text) if finder else {}


def is_shell(text: str) -> bool:
    """Tell whether a text's first line names a shell to run it with."""
    return re.match(r"#!.*\b(ba)?sh\b", text) is not None


def _span(path: Path, name: str) -> tuple[int, int]:
    known = names(path)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        hint = f" Did you mean {near[0]}?" if near else " It has no names at all."
        raise Problem(f"{path} has nothing named {name!r}.{hint}")
    return known[name]


def _python(text: str) -> Spans:
    tree = ast.parse(text)
    found: Spans = {}
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    if imports or ast.get_docstring(tree) is not None:
        head = imports or tree.body[:1]
        found["imports"] = (1, head[-1].end_lineno or 1)
    _definitions(tree.body, "", found, text.splitlines())
    return found


def _definitions(body: list[ast.stmt], prefix: str, found: Spans, lines: list[str]) -> None:
    for node in body:
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            found[prefix + node.name] = (with_comment(first, lines), last)
            if isinstance(node, ast.ClassDef):
                _definitions(node.body, f"{prefix}{node.name}.", found, lines)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                first = with_comment(node.lineno, lines)
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        found[prefix + name.id] = (first, last)


def _trimmed(text: str, last: int) -> int:
    """Return the number of the last line that is not blank."""
    lines = text.splitlines()
    while last > 1 and not lines[last - 1].strip():
        last -= 1
    return last


def _sections(pattern: str) -> Callable[[str], Spans]:
    """Return a finder of parts that each go from a matching line to the next."""

    def find(text: str) -> Spans:
        lines = text.splitlines()
        heads = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := re.match(pattern, line))]
        ends = [number - 1 for number, _ in heads[1:]] + [len(lines)]
        pairs = zip(heads, ends, strict=False)  # without a head there is no end to pair
        return {name: (first, _trimmed(text, end)) for (first, name), end in pairs}

    return find


def _shell(text: str) -> Spans:
    found: Spans = {}
    for part in re.finditer(r"(?:.+\n|\n(?=[ \t}]))+", text):
        first = text.count("\n", 0, part.start()) + 1
        span = first, first + part[0].count("\n") - 1
        named = re.findall(r"^([\w-]+)(?: ?\(\)|=)", part[0], re.MULTILINE)
        if named or first == 1:
            found = dict.fromkeys(named or ["imports"], span) | found
        else:
            found["end"] = span
    return found


def _directives(text: str) -> Spans:
    found: Spans = {}
    for part in re.finditer(r"(?:.*\S.*\n)+", text):
        first = text.count("\n", 0, part.start()) + 1
        span = first, first + part[0].count("\n") - 1
        found = dict.fromkeys(re.findall(r"^\s*(\w+) ", part[0], re.MULTILINE), span) | found
    return found


def _json(text: str) -> Spans:
    """Return the keys of the outermost object, as a formatter indents them by two spaces."""
    lines = text.splitlines()
    heads = [(n, m[1]) for n, line in enumerate(lines, 1) if (m := re.match(r'  "([^"]+)":', line))]
    ends = [number - 1 for number, _ in heads[1:]] + [len(lines) - 1]
    return {name: (first, end) for (first, name), end in zip(heads, ends, strict=False)}


def _graphql(text: str) -> Spans:
    found: Spans = {}
    for node in graphql.parse(text).definitions:
        name = getattr(getattr(node, "name", None), "value", None)
        if name and node.loc:
            begin, end = node.loc.start, node.loc.end
            found[name] = (text.count("\n", 0, begin) + 1, text.count("\n", 0, end) + 1)
    return found


FINDERS: dict[str, Callable[[str], Spans]] = {
    ".py": _python,
    ".yaml": yamlnames.spans,
    ".yml": yamlnames.spans,
    ".toml": _sections(r"\[([^\]]+)\]"),
    ".graphql": _graphql,
    ".md": _sections(r"#+ (.+)"),
    ".sh": _shell,
    ".conf": _directives,
    ".json": _json,
    "Dockerfile": _sections(r"(?i)FROM\s.+\sAS\s+(\S+)"),
    ".patch": _sections(r"diff --git a/(\S+)"),
    "Makefile": _sections(r"([\w./-]+):(?!=)"),
}
