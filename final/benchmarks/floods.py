"""`make bench`: what honest people notice while somebody attacks: in step 10, and in final/.

Each runs as its compose.yaml says. People and attackers are containers beside it, each with an
address of its own; all attackers together may use half a processor. Docker is needed.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
REPORT = HERE / "floods.json"
PICTURE = ROOT / "docs" / "pictures" / "13-waiting.json"
# What is asked, and where in that folder's network.
STACKS = {
    "step 10": (ROOT / "steps" / "10-serverless", "http://api:8000"),
    "final": (ROOT / "final", "http://nginx:8080"),
}
# By the attack: from how many addresses it comes.
ATTACKS = {"requests": 1, "spread": 8, "costly": 1, "aliases": 1, "logins": 1, "slow": 1}
PROCESSORS = 0.5  # for all attackers
FIRST = 3  # seconds of an attack that are not measured: it has to begin
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


def ended(container: str) -> object:
    """End a client as a platform does; return what it has to say."""
    run("docker", "stop", "--time", "30", container)
    said = run("docker", "logs", container).splitlines()
    return json.loads(said[-1]) if said else None


def attacked(stack: Stack, attack: str, seconds: int) -> tuple[float, float, object]:
    """Attack for a while; return from when to when, and what the first attacker was answered."""
    addresses = ATTACKS[attack]
    name = "requests" if attack == "spread" else attack
    with contextlib.ExitStack() as clients:
        each = PROCESSORS / addresses
        attackers = [clients.enter_context(stack.client(name, each)) for _ in range(addresses)]
        began = time.time() + FIRST
        time.sleep(FIRST + seconds)
        return began, time.time(), ended(attackers[0])


def measured(name: str, seconds: int, attacks: list[str]) -> dict[str, dict]:
    """Return, by the attack and at rest, how long people waited, and how many in vain."""
    with running(name) as stack, stack.client("honest") as people:
        time.sleep(10)  # they register, and what is loaded at first is loaded
        began = time.time()
        time.sleep(seconds)
        times = {"rest": (began, time.time(), None)}
        for attack in attacks:
            print(f"{name}: {attack}", file=sys.stderr, flush=True)
            times[attack] = attacked(stack, attack, seconds)
            time.sleep(15)  # what is still being worked at is worked off
        asked = ended(people)
    return {
        attack: {**told([a for a in asked if since <= a[0] < until]), "attacker": came}
        for attack, (since, until, came) in times.items()
    }


def told(asked: list[tuple[float, float, bool]]) -> dict:
    """Return how many asked, how many in vain, and how long they waited, in milliseconds."""
    waited = sorted(round(1000 * seconds, 1) for _, seconds, _ in asked)
    quantiles = {str(n): waited[-max(1, len(waited) // n)] for n in (2, 5, 10, 20, 50, 100)}
    failed = sum(not good for _, _, good in asked)
    return {"asked": len(asked), "failed": failed, "one_in": quantiles}


def grown(minutes: float) -> dict:
    """Return the memory of final/'s processes before and after hostile documents, in kB."""
    limits = ("ADDRESS_REQUESTS_PER_MINUTE", "ADDRESS_COST_PER_MINUTE")
    with (
        running("final", **dict.fromkeys(limits, "1000000")) as stack,
        contextlib.ExitStack() as two,
    ):
        attackers = [two.enter_context(stack.client("hostile", 0.25)) for _ in range(2)]
        time.sleep(60)  # the documents that are kept fill their place
        before = stack.memory()
        time.sleep(60 * minutes)
        after = stack.memory()
        return {"minutes": minutes, "before": before, "after": after, "sent": ended(attackers[0])}


def table(report: dict) -> str:
    """Return what a report says, as a table."""
    lines = [
        f"{'':10} {'step 10':>22}   {'final':>22}",
        " " * 10 + f"{'p99, ms   in vain':>23}" * 2,
    ]
    for attack in ("rest", *ATTACKS):
        cells = []
        for name in STACKS:
            found = report[name][attack]
            vain = f"{found['failed']} of {found['asked']}"
            cells.append(f"{found['one_in']['100']:10,.0f} {vain:>12}")
        lines.append(f"{attack:10}" + "".join(cells))
    return "\n".join(lines)


def sizes(report: dict) -> str:
    """Return how the memory of each process has changed, as a table."""
    found = report["memory"]
    sent = found["sent"]
    each = sum(sent.values())
    lines = [
        f"in {found['minutes']:g} minutes, {each:,} documents from each of two addresses,",
        f"of which nginx let {sent['200'] + sent['503']:,} pass",
    ]
    for number, kB in found["before"].items():
        now = found["after"][number]
        lines.append(f"{kB // 1024:5} MB before, {now // 1024:5} MB after: {now / kB - 1:+.0%}")
    return "\n".join(lines)


def drawn(report: dict) -> dict:
    """Return how long people wait while somebody asks by aliases, as tools/plot.py draws it."""
    found = {
        "step 10": report["step 10"]["aliases"],
        "final/": report["final"]["aliases"],
        "at rest": report["final"]["rest"],
    }
    axes = ["one request in", "milliseconds"]
    return {
        "axes": axes,
        "lines": {
            name: [dict(zip(axes, (int(n), ms), strict=True)) for n, ms in told["one_in"].items()]
            for name, told in found.items()
        },
    }


@click.group()
def command() -> None:
    """Measure, or show what was measured."""


@command.command("measure")
@click.option("--seconds", default=30, help="How long each attack lasts.")
@click.option("--only", multiple=True, type=click.Choice(list(ATTACKS)), help="These attacks.")
@click.option("--stack", "names", multiple=True, type=click.Choice(list(STACKS)))
@click.option("--to", "file", default=REPORT, type=click.Path(path_type=Path))
def measure(seconds: int, only: tuple[str, ...], names: tuple[str, ...], file: Path) -> None:
    """Attack step 10 and final/, and write down what people noticed."""
    report = json.loads(file.read_text()) if file.exists() else {}
    for name in names or STACKS:
        report[name] = measured(name, seconds, list(only or ATTACKS))
        file.write_text(json.dumps(report, indent=1) + "\n")


@command.command("memory")
@click.option("--minutes", default=10.0, help="How long the documents are sent.")
@click.option("--to", "file", default=REPORT, type=click.Path(path_type=Path))
def memory(minutes: float, file: Path) -> None:
    """Send final/ hostile documents, and write down how its memory grows."""
    report = json.loads(file.read_text()) if file.exists() else {}
    report["memory"] = grown(minutes)
    file.write_text(json.dumps(report, indent=1) + "\n")


@command.command("show")
@click.argument("what", type=click.Choice(["waiting", "memory", "plot"]))
def show(what: str) -> None:
    """Print what was measured last."""
    report = json.loads(REPORT.read_text())
    shown = {"waiting": table, "memory": sizes, "plot": lambda r: json.dumps(drawn(r), indent=1)}
    print(shown[what](report))


if __name__ == "__main__":
    command()
