"""A stand-in for gcloud, and for docker: it writes down what it is told, and does none of it.

In ROOM it keeps `record`, a line of JSON for each call, and `made`, a file for each thing that is
there. It fails where FAILS is part of what it is told; ANSWERS come before those of its own.
"""

import json
import os
import sys
from pathlib import Path

ROOM = Path(os.environ["ROOM"])
ANSWERS = {
    "artifacts docker images describe": f"sha256:{'5' * 64}",
    "run services describe": "https://zoo.a.run.app",
    "secrets versions list": "1",
} | json.loads(os.environ["ANSWERS"])


def place(kind, name):
    """Return the file that stands for something."""
    return ROOM / "made" / f"{kind} {name}".replace("/", "%")


def answer(words):
    """Return the exit code; print what Google would say."""
    verb = next((n for n, word in enumerate(words) if word in ("create", "describe", "list")), None)
    if verb is None:
        return 0
    command, kind = " ".join(words[: verb + 1]), " ".join(words[:verb])
    name = words[verb + 1] if verb + 1 < len(words) else ""
    if name == "http":  # of a scheduler's jobs
        name = words[verb + 2]
    if command in ANSWERS:
        print(ANSWERS[command])
        return 0
    if command == "secrets list":
        names = [path.name.split()[1] for path in (ROOM / "made").glob("secrets *")]
        print(*names, sep="\n")
        return 0
    if command == "iam service-accounts create":
        name += f"@{words[words.index('--project') + 1]}.iam.gserviceaccount.com"
    there = place(kind, name).exists()
    if words[verb] == "create" and not there:
        place(kind, name).touch()
    return int(there) if words[verb] == "create" else int(not there)


def main(program, arguments):
    """Write the call down, then fail or answer."""
    line = " ".join([program, *arguments])
    files = [word for word in arguments if word.startswith("/") and os.path.exists(word)]
    call = {
        "line": line,
        "folder": str(Path.cwd()),
        "stdin": sys.stdin.read() if "--data-file" in arguments else None,
        "files": {name: Path(name).read_text(encoding="utf-8") for name in files},
    }
    with (ROOM / "record").open("a", encoding="utf-8") as record:
        record.write(json.dumps(call) + "\n")
    if os.environ["FAILS"] and os.environ["FAILS"] in line:
        return 1
    words = arguments[3:] if arguments[:1] == ["--quiet"] else arguments  # and --project, its name
    return answer(words) if program == "gcloud" else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).name, sys.argv[1:]))
