"""`make bench`: what honest people notice while somebody attacks: in step 10, and in final/.

Each runs as its compose.yaml says. People and attackers are containers beside it, each with an
address of its own; all attackers together may use half a processor. Docker is needed.
"""

import contextlib
import json
import sys
import time
from pathlib import Path

import click
from shown import drawn, sizes, table
from stacks import STACKS, Stack, run, running

REPORT = Path(__file__).with_name("floods.json")
# By the attack: from how many addresses it comes.
ATTACKS = {"requests": 1, "spread": 8, "costly": 1, "aliases": 1, "logins": 1, "slow": 1}
PROCESSORS = 0.5  # for all attackers
FIRST = 3  # seconds of an attack that are not measured: it has to begin


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
