"""`python -m tools carry`: a change of one snapshot, merged into all later ones, step by step."""

import json
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from tools import steps
from tools.snapshots import Store
from tools.steps import ROOT, Problem
from tools.transplant import transplant

STATE = ROOT / ".carry"
MARKER = re.compile(r"^(<{7} |>{7} |={7}$)", re.MULTILINE)


@dataclass
class Carry:
    """An unfinished carry: the snapshots, their trees before it, the next one, its conflicts."""

    folders: list[str]
    before: list[str]
    at: int = 1
    conflicts: list[str] = field(default_factory=list)

    def save(self, state: Path) -> None:
        """Write it down, whole or not at all."""
        draft = state / "draft.json"
        draft.write_text(json.dumps(asdict(self)), encoding="utf-8")
        draft.replace(state / "state.json")


@click.command("carry")
@click.argument("name", default="")
@click.option("--base", default="HEAD", help="The commit that the change is counted from.")
@click.option("--continue", "resuming", is_flag=True, help="Go on after a conflict is mended.")
@click.option("--abort", "aborting", is_flag=True, help="Put every later step back as it was.")
def command(name: str, base: str, resuming: bool, aborting: bool) -> None:
    """Carry the change of one step since its last commit through all later ones."""
    if bool(name) + resuming + aborting != 1:
        raise Problem("Name one step, or say --continue or --abort.")
    if resuming:
        resume(STATE)
    elif aborting:
        abort(STATE)
    else:
        first = steps.STEPS.index(steps.find(name))
        carry([step.folder for step in steps.STEPS[first:]], base, STATE)


def carry(folders: list[Path], revision: str, state: Path) -> None:
    """Carry what the first folder has changed since a commit through the others, in order."""
    if (state / "state.json").exists():
        raise Problem("A carry is unfinished: say `python -m tools carry --continue` or `--abort`.")
    shutil.rmtree(state, ignore_errors=True)
    store = Store(state)
    before = [store.committed(folders[0], revision), *map(store.keep, folders[1:])]
    if before[0] == store.keep(folders[0]):
        shutil.rmtree(state)
        click.echo(f"{folders[0].name} is as {revision} has it: there is nothing to carry.")
        return
    _go_on(Carry([str(folder.resolve()) for folder in folders], before), store)


def resume(state: Path) -> None:
    """Go on with a carry whose conflicts are mended; refuse while a marker is left."""
    unfinished = _load(state)
    folder = Path(unfinished.folders[unfinished.at])
    for name in unfinished.conflicts:
        text = (folder / name).read_text("utf-8", "replace") if (folder / name).is_file() else ""
        if marker := MARKER.search(text):
            line = text.count("\n", 0, marker.start()) + 1
            raise Problem(f"{folder.name}/{name}, line {line}: mend this conflict first.")
    if unfinished.conflicts:
        unfinished.at, unfinished.conflicts = unfinished.at + 1, []
    _go_on(unfinished, Store(state))


def abort(state: Path) -> None:
    """Put every later folder back as it was."""
    unfinished = _load(state)
    store = Store(state)
    for folder, tree in list(zip(unfinished.folders, unfinished.before, strict=True))[1:]:
        store.lay(tree, Path(folder))
    shutil.rmtree(state)
    click.echo("Every later step is as it was before.")


def _load(state: Path) -> Carry:
    if not (state / "state.json").exists():
        raise Problem("No carry is unfinished: `python -m tools carry STEP` begins one.")
    return Carry(**json.loads((state / "state.json").read_text(encoding="utf-8")))


def _go_on(unfinished: Carry, store: Store) -> None:
    folders = [Path(folder) for folder in unfinished.folders]
    for number in range(unfinished.at, len(folders)):
        unfinished.at = number
        unfinished.save(store.folder)
        tree, unfinished.conflicts = _merged(unfinished, store)
        store.lay(tree, folders[number])
        if unfinished.conflicts:
            unfinished.save(store.folder)
            raise Problem(
                f"{folders[number].name} has conflicts in {', '.join(unfinished.conflicts)}: mend "
                "them, then say `python -m tools carry --continue`, or --abort."
            )
    shutil.rmtree(store.folder)


def _merged(unfinished: Carry, store: Store) -> tuple[str, list[str]]:
    """Return the merged tree of the snapshot that the carry is at, and its conflicts."""
    source, target = map(Path, unfinished.folders[unfinished.at - 1 : unfinished.at + 1])
    base, before = unfinished.before[unfinished.at - 1 : unfinished.at + 1]
    with tempfile.TemporaryDirectory() as room:
        places = [Path(room, name) for name in ("base", "ours", "theirs")]
        for tree, place in zip((base, before, store.keep(source)), places, strict=True):
            store.lay(tree, place)
        told = transplant(*places)
        ours, theirs = (store.keep(place) for place in places[1:])
    tree, conflicts = store.merge(base, (target.name, ours), (source.name, theirs))
    changed = store.git("diff-tree", "-r", "--name-status", before, tree).split("\n")
    words = [line.replace("\t", " ") for line in changed if line]
    click.echo(f"{target.name}: {', '.join(words) or 'nothing to carry'}")
    for move in told:
        click.echo(f"{target.name}: {move}, where its text stands now")
    return tree, conflicts
