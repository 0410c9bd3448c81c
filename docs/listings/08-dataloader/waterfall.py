"""Draw one bar for each SQL statement of the page's query, before and after, on one scale of time.

A bar goes from where a statement is sent to where the next one is, or to the answer's end.

Run in the repository. With the word `record` the statements are counted and timed anew, on the
sample data; without it the picture is drawn from waterfall.json as it is.
"""

import html
import json
import os
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).with_suffix(".json")
PICTURE = DATA.parents[2] / "pictures" / "08-waterfall.svg"
STEPS = {"before": "07-pagination", "after": "08-dataloader"}
COUNT = """
import json, statements, time
app = statements.ScriptInfo(app_import_path="manage").load_app()
def tried():
    start = time.perf_counter()
    sent = statements.asked(app, statements.QUERY)
    return time.perf_counter() - start, sent
total, sent = min((tried() for _ in range(30)), key=lambda found: found[0])
ends = [one["begin"] for one in sent[1:]] + [total]
print(json.dumps([[one["table"], round(1e3 * one["begin"], 2), round(1e3 * end, 2)]
    for one, end in zip(sent, ends)]))
"""

WIDTH, BAR, GAP = 350, 4, 34  # pixels, so that a phone shows it whole
COLOURS = {"zoo": "string", "animal": "keyword", "user": "number"}  # the names of the site's
NAMED = {"zoo": "zoos", "animal": "animals", "user": "owners"}


def record() -> None:
    """Write down the statements of both steps."""
    sys.path.insert(0, os.getcwd())
    from tools import postgres, sample, steps

    found = {}
    with postgres.scratch() as server:
        for when, name in STEPS.items():
            step = steps.find(name)
            with postgres.new_database(server, "waterfall") as url:
                sample.load(step, step.folder, url)
                environment = sample.environment(url, PYTHONPATH=f"{DATA.parent}:{step.folder}")
                command = [sys.executable, "-c", COUNT]
                done = subprocess.run(
                    command, cwd=step.folder, env=environment, capture_output=True, check=True
                )
                found[when] = json.loads(done.stdout)
    lines = [
        f'"{when}": [\n' + ",\n".join(map(json.dumps, sent)) + "\n]" for when, sent in found.items()
    ]
    DATA.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


def rectangle(table: str, x: float, y: float, width: float, height: float) -> str:
    """Return a bar in the colour of its table."""
    colour = f"fill:var(--md-code-hl-{COLOURS[table]}-color);stroke:none"
    return f'<rect style="{colour}" x="{x}" y="{y}" width="{width}" height="{height}"/>'


def text(x: float, y: float, words: str, more: str = "") -> str:
    """Return words at a place."""
    return f'<text x="{x}" y="{y}" font-size="14"{more}>{html.escape(words)}</text>'


def drawn(found: dict) -> str:
    """Return the picture."""
    longest = max(end for sent in found.values() for _, _, end in sent)
    scale = (WIDTH - 2) / longest
    parts = []
    for number, (table, words) in enumerate(NAMED.items()):
        parts += [rectangle(table, 90 * number, 3, 12, 12), text(90 * number + 18, 14, words)]
    y = 20
    for when, sent in found.items():
        y += GAP
        parts.append(text(0, y - 8, f"{when}: {len(sent)} statements"))
        for table, begin, end in sent:
            width = round((end - begin) * scale, 1)
            parts.append(rectangle(table, round(begin * scale, 1), y, width, BAR))
            y += BAR
    parts.append(f'<path d="M0 {y + 6}H{WIDTH}"/>')
    parts.append(text(0, y + 24, "0 ms"))
    parts.append(text(WIDTH, y + 24, f"{longest:.0f} ms", ' text-anchor="end"'))
    size = f'viewBox="0 0 {WIDTH} {y + 30}" width="{WIDTH}" height="{y + 30}"'
    opened = f'<svg id="picture-08-waterfall" xmlns="http://www.w3.org/2000/svg" {size}>'
    return f"{opened}{''.join(parts)}</svg>\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        record()
    PICTURE.write_text(drawn(json.loads(DATA.read_text(encoding="utf-8"))), encoding="utf-8")
