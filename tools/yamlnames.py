"""Parts of a YAML file by their names, for tools/names.py."""

import yaml

Spans = dict[str, tuple[int, int]]


def spans(text: str) -> Spans:
    """Return key paths; one document of many goes by its own name, a list's element by its `name`.

    A list's only element needs none: what is in it goes by the list's path.
    """
    found: Spans = {}
    documents = list(yaml.compose_all(text))
    for document in documents:
        begin = ""
        if len(documents) > 1 and isinstance(document, yaml.MappingNode):
            named = {key.value: value for key, value in document.value}
            begin = _name(named.get("metadata"))
            found[begin] = _lines(text, document, document.start_mark.line + 1)
        _walk(text, document, f"{begin}." if begin else "", found)
    return found


def _walk(text: str, node: yaml.Node | None, path: str, found: Spans) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found[f"{path}{key.value}"] = _lines(text, value, key.start_mark.line + 1)
            _walk(text, value, f"{path}{key.value}.", found)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            if name := _name(value):
                found[f"{path}{name}"] = _lines(text, value, value.start_mark.line + 1)
                _walk(text, value, f"{path}{name}.", found)
            elif len(node.value) == 1:
                _walk(text, value, path, found)


def _name(node: yaml.Node | None) -> str:
    """Return what stands under a mapping's key `name`, or nothing."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "name"), "")


def _lines(text: str, node: yaml.Node, begin: int) -> tuple[int, int]:
    """Return where a node that begins on a line, or the comment above it, begins and ends."""
    lines = text.splitlines()
    end = node.end_mark
    ended = not lines[end.line : end.line + 1] or not lines[end.line][: end.column].strip()
    last = end.line if ended else end.line + 1
    while last > begin and (not lines[last - 1].strip() or lines[last - 1].lstrip()[0] == "#"):
        last -= 1  # what follows has its comment above it
    return with_comment(begin, lines), last


def with_comment(first: int, lines: list[str]) -> int:
    """Return the first line of the comment that stands directly above, if there is one."""
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first
