"""Where one page's blocks run: copies of its steps, databases of their own, servers, commands."""

import json
import os
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from tools import postgres, sample, steps
from tools.clients import Clients
from tools.normalise import shown
from tools.run import stop
from tools.steps import FINAL, ROOT, SCRIPTS, STEPS, Problem

TIMEOUT = 300  # seconds for one command
UNASKED = 20_000, 32_000  # ports that no system gives to whoever asks for any
BIN = ROOT / ".venv" / SCRIPTS
BESIDE = re.compile(r"docs/listings/[\w-]+|(?<=\.\./)final(?=/)")  # what a command may name
PORT = re.compile(r"^8000$|(?<=127\.0\.0\.1:)8000\b|(?<=localhost:)8000\b")


class Workplace(ExitStack):
    """The places of one page, made when a block first asks for them, and gone at its end."""

    def __init__(self, server: str, *, empty: bool, port: int) -> None:
        super().__init__()
        self.server, self.empty, self.port = server, empty, port
        self.folder = Path(tempfile.mkdtemp(prefix="page-"))
        self.copies: dict[str, Path] = {}
        self.urls: dict[str, str] = {}
        self.test_urls: dict[str, str] = {}
        self.clients: dict[str, Clients] = {}
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)

    def copy(self, folder: str) -> Path:
        """Return this page's copy of a folder; "." is the repository itself."""
        if folder == ".":
            return ROOT
        if folder not in self.copies:
            source = ROOT / folder
            if not source.is_dir():
                raise Problem(f"There is no folder {folder}.")
            self.copies[folder] = steps.copy(source, self.folder / folder)
        return self.copies[folder]

    def database(self, folder: str) -> str:
        """Return the URL of this page's database for a step; it has data unless it wants none."""
        if folder not in self.urls:
            made = postgres.new_database(self.server, f"page_{Path(folder).name}")
            self.urls[folder] = url = self.enter_context(made)
            step = next((s for s in (*STEPS, FINAL) if s.folder == ROOT / folder), None)
            if step:
                (sample.prepare if self.empty else sample.load)(step, self.copy(folder), url)
        return self.urls[folder]

    def test_database(self, folder: str) -> str:
        """Return the URL of this page's database for a folder's tests, emptied."""
        if folder not in self.test_urls:
            made = postgres.new_database(self.server, f"tests_{Path(folder).name}")
            self.test_urls[folder] = self.enter_context(made)
        postgres.make_empty(self.test_urls[folder])
        return self.test_urls[folder]

    def environment(self, folder: str) -> dict[str, str]:
        """Return what a command sees: the locked tools first, databases of the page's own."""
        test = self.test_database(folder)
        kept = {k: v for k, v in os.environ.items() if k not in ("CI", "DATABASE_URL")}
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        own = {"COMPOSE_PROJECT_NAME": self.project(folder), "PORT": str(self.port)}
        own |= {"PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "TEST_DATABASE_URL": test}
        own |= {"PYTHONDONTWRITEBYTECODE": "1", "DEMO_STACK_DATA": str(self.folder / "data")}
        if folder != ".":
            own["DATABASE_URL"] = self.database(folder)
        return {**kept, **own}

    def project(self, folder: str) -> str:
        """Return the name under which this page's containers of a folder run."""
        return f"page{self.port}-{Path(folder).name}"

    def places(self) -> dict[str, str]:
        """Return what a reader sees instead of this machine's paths and ports."""
        places = {str(copy): copy.name for copy in self.copies.values()}
        places |= {self.project(f): f"demo-stack-{copy.name}" for f, copy in self.copies.items()}
        places |= {f"127.0.0.1:{c.port}": "127.0.0.1:8000" for c in self.clients.values()}
        places |= {str(BIN): ".venv/bin", str(ROOT): "demo-stack", f":{self.port + 1}": ":8001"}
        return places | {f":{self.port}": ":8000", f"port {self.port}": "port 8000"}

    def command(self, line: str, folder: str) -> list[str]:
        """Return a command's words as they run here: locked tools, a free port, own containers."""
        for folder_beside in BESIDE.findall(line):
            self.copy(folder_beside)
        words = [PORT.sub(str(self.port), word) for word in shlex.split(line)]
        if project := Path(folder).name:
            words = [word.replace(f"demo-stack-{project}", self.project(folder)) for word in words]
        words[0] = words[0].replace(".venv/bin/", f"{BIN}/")
        if words[:2] == ["make", "run"]:
            words.append(f"PORT={self.port}")
        return words

    def run(self, line: str, folder: str, *, fails: bool) -> str:
        """Run a command to its end; return what it said."""
        compose, up, _ = line.partition(" up ")
        if compose.startswith("docker compose") and up:
            self.callback(self._down, compose, folder)
        done = subprocess.run(
            self.command(line, folder),
            cwd=self.copy(folder),
            env=self.environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT,
        )
        if (done.returncode != 0) != fails:
            ended = f"ended with {done.returncode}"
            raise Problem(f"`{line}` {ended}, which the block does not expect:\n{done.stdout}")
        return shown(done.stdout, self.places())

    def _down(self, compose: str, folder: str) -> None:
        """Remove this page's containers of a folder, with their volumes and images."""
        down = [*self.command(compose, folder), "--project-name", self.project(folder), "down"]
        down += ["--volumes", "--rmi", "local", "--timeout", "5"]
        subprocess.run(down, cwd=self.copy(folder), capture_output=True, check=True)

    def start(self, line: str, folder: str, until: str) -> str:
        """Start a command that stays; return what it said up to the line with `until`."""
        process = subprocess.Popen(
            self.command(line, folder),
            cwd=self.copy(folder),
            env=self.environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.callback(process.wait)
        self.callback(stop, process.pid)
        killer = threading.Timer(TIMEOUT, process.kill)
        killer.start()
        said: list[str] = []
        assert process.stdout
        for output in process.stdout:
            said.append(output)
            if until in output:
                break
        else:
            raise Problem(f"`{line}` ended before it said {until!r}:\n{''.join(said)}")
        killer.cancel()
        rest = threading.Thread(target=process.stdout.read)  # or it would block on a full pipe
        rest.start()
        self.callback(process.stdout.close)
        self.callback(rest.join)
        self.callback(stop, process.pid)
        return shown("".join(said), self.places())

    def ask(self, folder: str, query: str, variables: str = "", name: str = "") -> str:
        """Send a step's server a GraphQL request; return the response, laid out to be read."""
        answer = self._served(folder).ask(query, variables, name)
        return shown(json.dumps(answer, indent=2, ensure_ascii=False), self.places())

    def _served(self, folder: str) -> Clients:
        """Return the clients of a step's server, which starts when it is first asked for."""
        if folder not in self.clients:
            step = next(s for s in (*STEPS, FINAL) if s.folder == ROOT / folder)
            port = free_port()
            flask = [sys.executable, "-m", "flask", "--app", step.app]
            process = subprocess.Popen(
                [*flask, "run", "--port", str(port)],
                cwd=self.copy(folder),
                env=self.environment(folder),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.callback(process.wait)
            self.callback(stop, process.pid)
            self.clients[folder] = Clients(port)
            self.clients[folder].wait()
        return self.clients[folder]


def free_port() -> int:
    """Return a port on which nothing listens, nor on its neighbour."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            port = random.randrange(*UNASKED)  # noqa: S311 - nobody's secret
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
