"""`make record`: run every block of a page and write down what it printed; or hold the page to it.

A GraphQL response with errors needs `expect=errors`; `as=NAME` sends a request with that user's
access token; a variable "REFRESH_TOKEN of NAME", or ACCESS_TOKEN, is sent as the real one. Options
of a console block: `expect=failure`; `background=1 until=TEXT` for a command that stays;
`needs=docker`, or another program; `skip=REASON`; `apply=PATCH` for this block alone; `keep=REGEX`
and `lines=N` for what is shown of the output. A block runs in a fresh copy of its folder, `.` being
the repository, on the folder's own database, or with `on=FOLDER` on the one that the page has for
another step.
"""

import datetime
import difflib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import psycopg
import yaml

from tools import blocks, pages, postgres
from tools.blocks import Block
from tools.normalise import same
from tools.steps import ROOT, Problem
from tools.workplace import Workplace, free_port

OPTIONS = {
    "console": {"expect", "background", "until", "needs", "skip", "apply", "keep", "lines", "on"},
    "graphql": {"expect", "as", "on"},
}
LIBRARIES = {"Flask": "flask", "Graphene": "graphene", "SQLAlchemy": "sqlalchemy"}


@dataclass
class Recorded:
    """What running a page brought: its new text, the differences, and what was not run."""

    text: str
    differences: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)
    run: int = 0


def record(page: Path, server: str, root: Path = ROOT) -> Recorded:
    """Run a page's blocks in their order on databases of a Postgres server."""
    name = page.relative_to(root).as_posix()
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    result = Recorded(text)
    empty = pages.front_matter(text).get("data") == "empty"
    bodies: list[tuple[Block, list[str]]] = []
    with Workplace(server, empty=empty, port=free_port()) as place:
        for block in blocks.parse(text, name):
            if block.kind not in OPTIONS:
                continue
            if reason := _reason_not_to_run(block, name):
                result.not_run.append(f"{name}:{block.line}: {reason}")
                continue
            result.run += 1
            try:
                with _on(block.options.get("on"), block.args[0], place):
                    body = _console(block, place) if block.kind == "console" else _ask(block, place)
            except Problem as problem:
                raise Problem(f"{name}:{block.line}: {problem.message}") from None
            bodies.append((block, body))
    for block, body in reversed(bodies):
        if not same(body, block.body):
            delta = "\n".join(
                difflib.unified_diff(block.body, body, "the page", "now", lineterm="")
            )
            message = (
                f"{name}:{block.line}: what is recorded differs from what happens now:\n{delta}"
            )
            result.differences.insert(0, message)
            lines[block.line : block.end - 1] = body
    result.text = "\n".join(lines) + "\n"
    return result


def _reason_not_to_run(block: Block, page: str) -> str:
    unknown = set(block.options) - OPTIONS[block.kind]
    if unknown:
        raise Problem(f"{page}:{block.line}: a {block.kind} block has no option {min(unknown)!r}.")
    needed = block.options.get("needs")
    if needed == "docker" and not postgres.docker_answers():
        return "Docker does not answer"
    if needed and not shutil.which(needed):
        return f"{needed} is not installed"
    return block.options.get("skip", "")


def _console(block: Block, place: Workplace) -> list[str]:
    folder, options = block.args[0], block.options
    body: list[str] = []
    with _applied(options.get("apply"), place.copy(folder)):
        for line in [line for line in block.body if line.startswith("$ ")]:
            if "background" in options:
                output = place.start(line[2:], folder, options["until"])
            else:
                output = place.run(line[2:], folder, fails=options.get("expect") == "failure")
            shown = [li for li in output.splitlines() if re.search(options.get("keep", ""), li)]
            body += [line, *shown[-int(options.get("lines", 0)) or None :]]
    return body


@contextmanager
def _on(other: str | None, folder: str, place: Workplace) -> Iterator[None]:
    """Give a folder another one's database for as long as the block lasts."""
    if other is None:
        yield
        return
    urls, clients = dict(place.urls), place.clients.pop(folder, None)
    place.urls[folder] = place.database(other)
    yield
    place.clients.pop(folder, None)
    if clients:
        place.clients[folder] = clients
    place.urls.pop(folder)
    place.urls.update(urls)


class _applied:
    """A patch on a folder, for as long as the block lasts."""

    def __init__(self, patch: str | None, folder: Path) -> None:
        self.patch, self.folder = patch, folder

    def __enter__(self) -> None:
        self._apply()

    def __exit__(self, *_: object) -> None:
        self._apply("--reverse")

    def _apply(self, *options: str) -> None:
        if self.patch:
            git = ["git", "apply", "--unsafe-paths", *options, str(ROOT / self.patch)]
            environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(self.folder.parent)}
            subprocess.run(git, cwd=self.folder, check=True, env=environment)


def _ask(block: Block, place: Workplace) -> list[str]:
    query = block.part("") or ""
    variables = block.part("variables") or ""
    answer = place.ask(block.args[0], query, variables, block.options.get("as", ""))
    if ("errors" in json.loads(answer)) != (block.options.get("expect") == "errors"):
        raise Problem(f"the block does not expect this answer:\n{answer}")
    kept = block.body[: block.body.index("--- response") + 1]
    return [*kept, *answer.splitlines()]


def _stamped(text: str, server: str) -> str:
    """Return the page with the day and the versions of this run on its card."""
    meta = pages.front_matter(text)
    if "have" not in meta:
        return text
    with psycopg.connect(postgres.plain(server)) as connection:
        number = connection.info.server_version
    versions = {"Python": platform.python_version(), "PostgreSQL": f"{number // 10000}"}
    versions |= {name: importlib.metadata.version(lib) for name, lib in LIBRARIES.items()}
    today = datetime.datetime.now(datetime.UTC).date()
    added = yaml.safe_dump({"last_run": today, "versions": versions}, sort_keys=False)
    head, _, rest = text.removeprefix("---\n").partition("\n---\n")
    kept = re.sub(r"\nlast_run: .*|\nversions:(\n  .*)*", "", f"\n{head}").strip("\n")
    return f"---\n{kept}\n{added}---\n{rest}"


@click.command("record")
@click.argument("chosen", nargs=-1, type=click.Path(exists=True, path_type=Path))
def command(chosen: tuple[Path, ...]) -> None:
    """Run every block of the pages and write down what it printed."""
    ran = 0
    not_run: list[str] = []
    with postgres.scratch() as server:
        for page in [path.resolve() for path in chosen] or pages.sources():
            result = record(page, server)
            ran, not_run = ran + result.run, not_run + result.not_run
            if result.differences:
                page.write_text(_stamped(result.text, server), encoding="utf-8")
            click.echo(f"{page.relative_to(ROOT)}: {len(result.differences)} blocks are new")
    click.echo(f"{ran} blocks were run, {len(not_run)} were not:")
    click.echo("\n".join(not_run))
