"""The repository as a whole: its commands, its line ends, its locks, its workflow."""

import re
import subprocess
import tomllib

import pytest

from tools import steps
from tools.steps import ROOT

COMMANDS = [
    "help",
    "run",
    "test",
    "docs",
    "diff",
    "check",
    "record",
    "doctor",
    "lint",
    "bench",
    "audit",
    "clean",
]

# Registries, in parts, so that this file names none of them.
REGISTRIES = [
    ("pypi", "org"),
    ("files.pythonhosted", "org"),
    ("pypi.python", "org"),
    ("registry.npmjs", "org"),
    ("registry.yarnpkg", "com"),
    ("deb.debian", "org"),
    ("security.debian", "org"),
    ("archive.ubuntu", "com"),
    ("registry-1.docker", "io"),
    ("index.docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
    ("registry.k8s", "io"),
    ("cdn.jsdelivr", "net"),
]
GRAPHIQL = ("unpkg", "com")


def texts():
    """Return the repository's text files, as {path: bytes}."""
    found = {name: (ROOT / name).read_bytes() for name in steps.files(ROOT)}
    return {name: content for name, content in found.items() if b"\0" not in content}


def naming(hosts):
    """Return the files that name one of these hosts, and which."""
    words = [".".join(host).encode() for host in hosts]
    host = re.compile(rb"(?<![\w.-])(" + b"|".join(map(re.escape, words)) + rb")(?![\w-])")
    return {
        name: sorted(set(seen)) for name, text in texts().items() if (seen := host.findall(text))
    }


def test_make_alone_lists_the_commands():
    """Each with what it does, and no other."""
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    lines = re.findall(r"^make (\w+) +(\S.+)$", told.stdout, re.MULTILINE)

    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) == len(lines)
    assert sorted(name for name, _ in lines) == sorted(COMMANDS)


def test_no_line_ends_in_crlf():
    """A shell script with CRLF does not run."""
    assert [name for name, content in texts().items() if b"\r\n" in content] == []


def test_no_file_names_a_registry():
    """The repository works behind any mirror."""
    assert naming(REGISTRIES) == {}


def test_only_settings_and_what_is_made_of_them_name_graphiqls_pinned_address():
    """Pages and tools ask no other host."""
    settings = re.compile(
        r"(steps/[^/]+|final)/settings\.py|final/\.env\.example|docs/reference/settings\.md"
    )

    assert [name for name in naming([GRAPHIQL]) if not settings.fullmatch(name)] == []


def test_mkdocs_stays_below_two():
    """MkDocs 2 drops plugins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert "mkdocs<2" in project["dependencies"]


def test_nothing_that_is_made_is_committed():
    """Environments, databases, sites and uv's own lock stay out."""
    made = {".venv", ".postgres", ".cache", "node_modules", "build", "uv.lock", "__pycache__"}

    assert [name for name in steps.files(ROOT) if made & set(name.split("/"))] == []


@pytest.mark.parametrize(
    "workflow", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name
)
def test_a_workflow_is_valid(workflow):
    """GitHub would take it."""
    check = ROOT / ".venv" / steps.SCRIPTS / "check-jsonschema"
    schema = ["--builtin-schema", "vendor.github-workflows", str(workflow)]
    done = subprocess.run([str(check), *schema], capture_output=True, text=True, encoding="utf-8")

    assert done.returncode == 0, done.stdout + done.stderr
