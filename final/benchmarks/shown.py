"""What was measured, as tables and as what a plot is drawn from."""


def table(report: dict) -> str:
    """Return what a report says, as a table."""
    lines = [
        f"{'':10} {'step 10':>22}   {'final':>22}",
        " " * 10 + f"{'p99, ms   in vain':>23}" * 2,
    ]
    for attack in report["final"]:
        cells = []
        for name in ("step 10", "final"):
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
