"""`make run`: an app on its database, with sample data, GraphiQL and the tutorial beside it."""

import json
import os
import signal
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import psutil

from tools import postgres, sample, site, steps
from tools.steps import ROOT, Problem, Step

FIRST_QUERY = {"query": "{ animals { __typename } }"}
PATIENCE = 60  # seconds until the first answer
# The reloader would hear of every module that any Python loads from these.
LIBRARIES = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
DATA = Path(os.environ.get("DEMO_STACK_DATA", ROOT / ".postgres"))
# Where an interrupt is raised in a destructor or in an import's callback, Python forgets it.
_stopping = threading.Event()


@click.command("run")
@click.option("--step", "name", default="", help="The step; without it, final.")
@click.option("--port", default=8000, type=click.IntRange(1, 65534), show_default=True)
def command(name: str, port: int) -> None:
    """Run a step or final, and the tutorial on the next port, until Ctrl-C."""
    step = steps.find(name) if name else steps.FINAL
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, _stop)
    try:
        with ExitStack() as stack:
            _run(step, port, stack)
    except KeyboardInterrupt:
        # What was killed in the middle, as the sample's loading, may not have ended yet.
        psutil.wait_procs(psutil.Process().children(recursive=True), timeout=5)
        click.echo("Stopped.")


def _stop(number: int, frame: object) -> None:
    """Unwind once; a second signal does not interrupt the tidying up."""
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop_signal, signal.SIG_IGN)
    _stopping.set()
    raise KeyboardInterrupt


def _run(step: Step, port: int, stack: ExitStack) -> None:
    note = ROOT / ".cache" / "run" / f"{port}.json"
    stop_leftovers(note)
    for wanted in (port, port + 1):
        check_free(wanted)
    url = stack.enter_context(_database(step))
    sample.load(step, step.folder, url)
    server = stack.enter_context(_server(step, port, url, note))
    site.build_site()
    tutorial = site.serve(port + 1)
    stack.callback(tutorial.shutdown)
    click.echo(f"Tutorial: http://127.0.0.1:{port + 1}/")
    address = f"http://127.0.0.1:{port}/graphql"
    wait_for_answer(server, address)
    click.echo(f"Ready: {address}")
    while server.poll() is None and not _stopping.wait(0.5):
        pass
    if _stopping.is_set():
        raise KeyboardInterrupt
    raise Problem("The server stopped by itself; its last words stand above.")


@contextmanager
def _database(step: Step) -> Iterator[str]:
    if url := os.environ.get("DATABASE_URL"):
        postgres.check(url)
        yield url
    else:
        with postgres.embedded(DATA / step.name, keep=True) as url:
            yield url


@contextmanager
def _server(step: Step, port: int, url: str, note: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server, and what runs beside it; give the server; stop them at the end."""
    environment = sample.environment(
        url,
        GRAPHIQL_URL=f"http://127.0.0.1:{port + 1}/assets/npm",
        PUBLIC_URL=f"http://127.0.0.1:{port}",  # final's letters lead there
    )
    started: list[subprocess.Popen[bytes]] = []
    try:
        for arguments in _commands(step, port):
            process = subprocess.Popen(
                [*sample.flask(step), *arguments],
                cwd=step.folder,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches this process alone, which stops the rest
            )
            started.append(process)
            _write_down(note, [os.getpid(), *(one.pid for one in started)])
        yield started[0]
    finally:
        for process in started:
            stop(process.pid)
            process.wait()
        note.unlink(missing_ok=True)


def _commands(step: Step, port: int) -> list[tuple[str, ...]]:
    """Return the arguments of `flask` for each process, the server's first."""
    unwatched = ("--exclude-patterns", os.pathsep.join(f"{folder}*" for folder in LIBRARIES))
    server = ("run", "--reload", *unwatched, "--no-debugger", "--port", str(port))
    return [server, step.beside] if step.beside else [server]


def _write_down(note: Path, pids: list[int]) -> None:
    """Note this run and its processes for the next one, should this one be killed."""
    note.parent.mkdir(parents=True, exist_ok=True)
    draft = note.with_suffix(".draft")
    draft.write_text(json.dumps([_identity(pid) for pid in pids]))
    draft.replace(note)


def _identity(pid: int) -> tuple[int, float]:
    """Return a process's id and start, which no later process shares."""
    return pid, psutil.Process(pid).create_time()


def _running(pid: int, started: float) -> bool:
    try:
        return _identity(pid) == (pid, started)
    except psutil.NoSuchProcess:
        return False


def stop_leftovers(note: Path) -> None:
    """Stop the processes that a killed run left behind, and no other."""
    if note.exists():
        owner, *processes = json.loads(note.read_text())
        for process in processes:
            if not _running(*owner) and _running(*process):
                stop(process[0])


def stop(pid: int) -> None:
    """End a process and its children: politely, and after five seconds for good."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        for process in family:
            try:
                ask(process)
            except psutil.NoSuchProcess:
                continue
        _, family = psutil.wait_procs(family, timeout=5)


def check_free(port: int) -> None:
    """Raise Problem where something listens on the port already."""
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Problem(
                f"Port {port} is taken. Stop what listens there, or choose another: "
                "make run PORT=8010 (the tutorial takes the port after it)."
            ) from None


def wait_for_answer(server: subprocess.Popen[bytes], address: str) -> None:
    """Return when the first query is answered with data; raise Problem where it never is."""
    body = json.dumps(FIRST_QUERY).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
                if "data" in json.load(response):
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise Problem("The server never answered its first query; what it said stands above.")
