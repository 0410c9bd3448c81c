"""Step 10 and final/ as their compose files start them, and the clients that ask them."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# What is asked, and where in that folder's network.
STACKS = {
    "step 10": (ROOT / "steps" / "10-serverless", "http://api:8000"),
    "final": (ROOT / "final", "http://nginx:8080"),
}
ROWS = """
INSERT INTO "user" (username, password_hash) VALUES ('keeper', 'nobody''s');
INSERT INTO zoo (name, owner_id) SELECT 'Zoo ' || n, (SELECT min(id) FROM "user")
  FROM generate_series(1, 100) n;
INSERT INTO animal (name, owner_id, zoo_id) SELECT 'Animal ' || n, z.owner_id, z.id
  FROM generate_series(1, 5000) n JOIN zoo z ON z.id = 1 + n % 100;
"""


def run(*command: str, **options) -> str:
    """Run a command; return what it printed; end with its words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout.strip()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """A folder's containers, under a name of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.project = f"bench-{folder.name.lower()}-{os.getpid()}"

    def compose(self, *words: str) -> str:
        """Run `docker compose`; return what it printed."""
        environment = {**os.environ, "PORT": str(free_port())}
        command = ["docker", "compose", "--project-name", self.project, *words]
        return run(*command, cwd=self.folder, env=environment)

    def sql(self, statements: str) -> None:
        """Have the database do something."""
        psql = ["psql", "--username", "zoo", "--quiet", "--command", statements]
        self.compose("exec", "-T", "db", *psql)

    @contextlib.contextmanager
    def client(self, name: str, processors: float = 1.0) -> Iterator[str]:
        """Give the container of a client, which asks for as long as the block lasts."""
        options = ["--network", f"{self.project}_default", "--volume", f"{HERE}:/bench:ro"]
        options += ["--cpus", str(processors)]
        python = ["python:3.13-slim", "python", "/bench/clients.py", name, self.url]
        container = run("docker", "run", "--detach", *options, *python)
        try:
            yield container
        finally:
            run("docker", "rm", "--force", container)

    def memory(self) -> dict[str, int]:
        """Return the resident memory of each process of the app, in kB, by its number."""
        script = "grep -H -e VmRSS -e Name /proc/[0-9]*/status"
        lines = self.compose("exec", "-T", "api", "sh", "-c", script)
        names = dict(re.findall(r"/proc/(\d+)/status:Name:\s+(\S+)", lines))
        sizes = dict(re.findall(r"/proc/(\d+)/status:VmRSS:\s+(\d+)", lines))
        return {n: int(size) for n, size in sizes.items() if names.get(n) == "gunicorn"}


@contextlib.contextmanager
def running(name: str, **settings: str) -> Iterator[Stack]:
    """Give the containers of a folder, up and with rows; nothing is left of them."""
    source, url = STACKS[name]
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / source.name
        leave = shutil.ignore_patterns("tests", "__pycache__", ".env", ".venv", "benchmarks")
        shutil.copytree(source, folder, ignore=leave)
        local = folder / "local.yml"
        published = re.compile(r"127\.0\.0\.1:54\d\d:5432")
        local.write_text(published.sub(f"127.0.0.1:{free_port()}:5432", local.read_text()))
        (folder / ".env").write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        stack = Stack(folder, url)
        try:
            stack.compose("up", "--build", "--wait")
            stack.sql(ROWS)
            yield stack
        finally:
            stack.compose("down", "--volumes", "--rmi", "local", "--timeout", "5")
