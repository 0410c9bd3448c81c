"""What holds of every snapshot: small, complete on its own, and true to its contract."""

import ast
import functools
import graphlib
import hashlib
import os
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import graphql
import pytest
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from tools import differences, facts, steps
from tools.steps import FINAL, ROOT, STEPS

CONTRACTS = Path(__file__).parent / "contract"

FILE_LINES = 150
TEST_FILE_LINES = 200
FUNCTION_LINES = 25
MEAN_FUNCTION_LINES = 12
COMMENT_SHARE = 0.05
DIFFERENCE_LINES = 400
LARGER = {"06-uploads": 540}  # two storages, and all that a hostile file can be

# Declared, and imported by nobody: why.
UNIMPORTED = {
    "psycopg": "the driver, which DATABASE_URL names",
    "gunicorn": "the server, which the image starts",
    "greenlet": "graphene-sqlalchemy imports it, and declares it no longer",
}

# Files that are equal wherever they are, but for the steps that teach them.
EQUAL = {
    ".dockerignore": {"05-relations"},
    "migrations/env.py": {"09-k8s"},
    "gunicorn.conf.py": set(),
}

# The steps whose lesson is to move files; elsewhere a file stays where it was.
MOVING = {"05-relations"}

ASIDE = ("requirements.txt", "schema.graphql", "migrations/", "tests/")  # generated, or no lesson
GIVEN = ("README.md", "pyproject.toml", "templates/", "app/templates/", "bucket/", "emulator/")
GIVEN += ("k8s/overlays/",)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

# checkov pins all that it needs to the letter, so nothing else could live with it.
ALONE = ROOT / "tests" / "policy" / "requirements.txt"

installed = functools.cache(metadata.packages_distributions)

every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
step_or_final = pytest.mark.parametrize("step", [*STEPS, FINAL], ids=lambda step: step.name)


def code(folder, tests=False):
    """Return a snapshot's Python files, or its tests', as {path: text}."""
    names = [name for name in steps.files(folder) if name.endswith(".py")]
    chosen = [name for name in names if name.startswith("tests/") == tests]
    return {name: (folder / name).read_text(encoding="utf-8") for name in chosen}


def functions(files):
    """Return the length of every function, by file and name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{name}:{node.name}:{node.lineno}": node.end_lineno - node.lineno + 1
        for name, text in files.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, kinds)
    }


def modules(files):
    """Return the dotted name of every module."""
    return {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in files}


def imports(text):
    """Return the dotted names that a module imports when it runs, `from a import b` as a.b."""
    tree = ast.parse(text)
    typed = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    ]
    unseen = {id(inner) for node in typed for inner in ast.walk(node)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in unseen:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and id(node) not in unseen:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def cycle(files):
    """Return the modules that import one another in a circle, or None."""
    own = modules(files)
    graph = {}
    for name, text in files.items():
        [module] = modules([name])
        wanted = {n if n in own else n.rpartition(".")[0] for n in imports(text)}
        graph[module] = (wanted & own) - {module}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None


def canonical(name):
    """Return a distribution's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(folder):
    """Return what a snapshot's pyproject.toml names."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonical(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}


def imported(folder):
    """Return the distributions that a snapshot's own code imports."""
    files = code(folder)
    own = {name.partition(".")[0] for name in modules(files)}
    # In a folder of scripts, one imports its neighbours by their names.
    own |= {Path(n).stem for n in files if f"{Path(n).parent.as_posix()}/__init__.py" not in files}
    wanted = {name for text in files.values() for name in imports(text)}
    foreign = {n for n in wanted if n.partition(".")[0] not in own | sys.stdlib_module_names}
    return {owner for name in foreign for owner in distributions(name)}


def distributions(name):
    """Return the distributions of a dotted name; of several in one namespace, the one that has it.

    The name's end may be a module, or something in one.
    """
    top = name.partition(".")[0]
    owners = {canonical(owner) for owner in installed().get(top, [top])}
    if len(owners) == 1:
        return owners
    places = [part.replace(".", "/") for part in (name, name.rpartition(".")[0]) if part != top]
    holding = {owner for owner in owners if any(place in modules_of(owner) for place in places)}
    return holding or owners


@functools.cache
def modules_of(distribution):
    """Return the modules of an installed distribution, as paths without an ending."""
    names = [path.as_posix() for path in metadata.files(distribution) if path.suffix == ".py"]
    return {name.removesuffix(".py").removesuffix("/__init__") for name in names}


def pins(path):
    """Return the (name, version) pairs of a lock."""
    return {(canonical(n), v) for n, v in PIN.findall(path.read_text(encoding="utf-8"))}


def locks():
    """Return every requirements.txt, from the root."""
    return [ROOT / name for name in steps.files(ROOT) if Path(name).name == "requirements.txt"]


def unequal(before, after):
    """Return the files of EQUAL that two snapshots have and that differ."""
    both = [name for name in EQUAL if (before / name).exists() and (after / name).exists()]
    return [
        name
        for name in both
        if after.name not in EQUAL[name]
        and hashlib.sha256((before / name).read_bytes()).digest()
        != hashlib.sha256((after / name).read_bytes()).digest()
    ]


def lost(before, after):
    """Return the files of a snapshot that the next one has no longer under that name."""
    return [] if after.name in MOVING else sorted({*steps.files(before)} - {*steps.files(after)})


def changed(before, after):
    """Return how many lines came or went; those that moved, or nobody has to read, aside."""
    return sum(
        line.kind in "+-" and not line.moved
        for change in differences.compare(before, after)
        if not change.path.startswith(ASIDE + GIVEN)
        for line in change.lines
    )


@step_or_final
def test_a_step_keeps_its_budgets(step):
    """Files, functions and comments stay as short as a reader's patience."""
    files, tests = code(step.folder), code(step.folder, tests=True)
    lines = {name: len(text.splitlines()) for name, text in {**files, **tests}.items()}
    lengths = functions(files)
    every = [line.strip() for text in files.values() for line in text.splitlines()]
    comments = [line for line in every if line.startswith("#")]

    assert {n: c for n, c in lines.items() if n in files and c > FILE_LINES} == {}
    assert {n: c for n, c in lines.items() if n in tests and c > TEST_FILE_LINES} == {}
    assert {n: c for n, c in lengths.items() if c > FUNCTION_LINES} == {}
    assert sum(lengths.values()) / len(lengths) <= MEAN_FUNCTION_LINES
    assert len(comments) / len(every) <= COMMENT_SHARE


def test_the_first_step_is_as_long_as_its_page_says():
    """Every line of its Python counts, the tests aside."""
    files = code(steps.find("01-api").folder)

    facts.state("api_lines", sum(len(text.splitlines()) for text in files.values()))


@every_step
def test_a_step_changes_no_more_than_a_chapter_can_tell(step):
    """Locks, printed schemas, migrations, tests, what a chapter gives and what just moved aside."""
    before = step.before.folder if step.before else None

    assert 0 < changed(before, step.folder) <= LARGER.get(step.name, DIFFERENCE_LINES)


@every_step
def test_the_committed_schema_is_printed_by_the_code_and_keeps_the_contract(step):
    """Word for word what the code prints; type for type what was agreed."""
    printed = subprocess.run(
        [sys.executable, "-m", "flask", "--app", step.app, "schema"],
        cwd=step.folder,
        env={**os.environ, "DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    committed = (step.folder / "schema.graphql").read_text(encoding="utf-8")
    agreed = max(path for path in CONTRACTS.glob("*.graphql") if path.stem <= step.name)
    ours = graphql.build_schema(committed)
    theirs = graphql.build_schema(agreed.read_text(encoding="utf-8"))

    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.strip() == committed.strip()
    for find in (find_breaking_changes, find_dangerous_changes):
        assert find(ours, theirs) == find(theirs, ours) == []


@step_or_final
def test_a_step_imports_what_it_declares_and_no_more(step):
    """pyproject.toml names each library, and none for nothing."""
    assert imported(step.folder) - declared(step.folder) == set()
    assert declared(step.folder) - imported(step.folder) - UNIMPORTED.keys() == set()


@step_or_final
def test_a_step_locks_what_it_declares(step):
    """Each library is in requirements.txt, and in that of the tests, with its hashes."""
    for lock in (step.folder / "requirements.txt", step.folder / "tests" / "requirements.txt"):
        text = lock.read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]

        assert declared(step.folder) <= {name for name, _ in pins(lock)}
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_all_locks_agree_and_name_no_registry():
    """One version of a library everywhere; any mirror will do."""
    agreed = pins(ROOT / "constraints.txt")

    assert len(locks()) >= 1 + 2 * len(STEPS)
    for lock in locks():
        assert lock == ALONE or pins(lock) - agreed == set(), lock
    for lock in [*locks(), ROOT / "constraints.txt"]:
        assert "://" not in lock.read_text(encoding="utf-8"), lock
        assert "-url" not in lock.read_text(encoding="utf-8"), lock
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


@every_step
def test_no_module_imports_itself_in_a_circle(step):
    """Imports run one way."""
    assert cycle(code(step.folder)) is None


@every_step
def test_names_and_shared_files_are_those_of_the_step_before(step):
    """A file keeps its name, and what is no step's topic stays equal."""
    if step.before:
        assert lost(step.before.folder, step.folder) == []
        assert unequal(step.before.folder, step.folder) == []


@every_step
def test_a_steps_readme_tells_how_to_run_and_test_it(step):
    """The commands that install it, start it and test it stand there as code."""
    readme = (step.folder / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^ {4}(.+)$|`([^`\n]+)`", readme, re.MULTILINE)
    commands = [block or inline for block, inline in told]

    for wanted in (
        r"-m pip install .*tests/requirements\.txt$",
        r"^docker compose up .*--wait$",
        rf"\bflask (--app {re.escape(step.app)} )?{' '.join(step.prepare)}$",
        r"-m pytest$",
    ):
        assert any(re.search(wanted, command) for command in commands), wanted


@pytest.fixture
def pair(tmp_path):
    """Two made-up snapshots that follow one another."""
    for name in ("98-before", "99-after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".dockerignore").write_text("tests\n", encoding="utf-8")
        (tmp_path / name / "app.py").write_text("import model\n", encoding="utf-8")
        (tmp_path / name / "model.py").write_text("import json\n", encoding="utf-8")
    return tmp_path / "98-before", tmp_path / "99-after"


def test_a_pair_that_is_equal_has_nothing_against_it(pair):
    """The checks below can pass."""
    assert (lost(*pair), unequal(*pair), changed(*pair)) == ([], [], 0)
    assert cycle(code(pair[1])) is None


def test_a_renamed_file_and_an_unequal_one_are_found(pair):
    """Each is named."""
    (pair[1] / "app.py").rename(pair[1] / "main.py")
    (pair[1] / ".dockerignore").write_text("docs\n", encoding="utf-8")

    assert lost(*pair) == ["app.py"]
    assert unequal(*pair) == [".dockerignore"]


def test_a_changed_line_counts_and_a_lock_does_not(pair):
    """One line out and two in are three."""
    (pair[1] / "app.py").write_text("import model\nimport math\nx = 1\n", encoding="utf-8")
    (pair[1] / "model.py").write_text("", encoding="utf-8")
    for name in ("requirements.txt", "tests/test_zoo.py", "migrations/env.py"):
        (pair[1] / name).parent.mkdir(exist_ok=True)
        (pair[1] / name).write_text("a\n" * 500, encoding="utf-8")

    assert changed(*pair) == 3


def test_a_line_that_moved_does_not_count(pair):
    """It is in another file now, and as it was; one that changed on its way is out and in."""
    (pair[1] / "model.py").unlink()
    (pair[1] / "app.py").write_text("import json\nimport model.zoo\n", encoding="utf-8")

    assert changed(*pair) == 2


def test_a_circle_of_imports_is_found(pair):
    """It is named; one that only types need is none."""
    folder = pair[1]
    (folder / "app").mkdir()
    (folder / "app.py").unlink()
    (folder / "app" / "__init__.py").write_text("from app import zoo\n", encoding="utf-8")
    (folder / "app" / "zoo.py").write_text("import app.animal\n", encoding="utf-8")
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app import zoo\n"
    (folder / "app" / "animal.py").write_text(typed, encoding="utf-8")
    assert cycle(code(folder)) is None

    (folder / "app" / "animal.py").write_text("from app import zoo\n", encoding="utf-8")

    assert set(cycle(code(folder))) == {"app.zoo", "app.animal"}


def test_an_undeclared_import_is_found(pair):
    """The library is named as the index spells it."""
    (pair[1] / "model.py").write_text("import yaml, json\nfrom flask import g\n", encoding="utf-8")

    assert imported(pair[1]) == {"pyyaml", "flask"}
