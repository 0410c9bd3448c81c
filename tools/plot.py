"""Measured numbers as a plot, drawn as SVG without colours: lines over two logarithmic axes.

The source names its axes and has a list of points for each line; a point has a value for each axis:
`{"axes": ["page", "milliseconds"], "lines": {"OFFSET": [{"page": 1, "milliseconds": 0.02}, …]}}`.
"""

import html
import json
import math
from collections.abc import Iterable

WIDTH, HEIGHT = 350, 320  # pixels, so that a phone shows it whole
LEFT, TOP, RIGHT, BOTTOM = 62, 34, 14, 50
SMALL = 'font-size="14"'


class Axis:
    """A logarithmic axis from one pixel to another, which begins at a power of ten."""

    def __init__(self, values: Iterable[float], first: float, last: float) -> None:
        known = [math.log10(value) for value in values]
        self.low, self.high = math.floor(min(known)), max(known)
        self.first, self.last = first, last

    def at(self, value: float) -> float:
        """Return where a value stands, in pixels."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 1)

    def decades(self) -> list[float]:
        """Return the powers of ten that get a line and a number."""
        return [float(f"1e{n}") for n in range(self.low, math.floor(self.high) + 1)]


def draw(source: str, name: str) -> str:
    """Return the picture of a source; `name` is its id."""
    data = json.loads(source)
    across, up = data["axes"]
    points = [point for line in data["lines"].values() for point in line]
    x = Axis((point[across] for point in points), LEFT, WIDTH - RIGHT)
    y = Axis((point[up] for point in points), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg id="{name}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}">',
        *_grid(x, y),
        f'<text x="0" y="14" {SMALL}>{html.escape(up)}</text>',
        f'<text x="{(x.first + x.last) / 2}" y="{HEIGHT - 6}" text-anchor="middle" {SMALL}>'
        f"{html.escape(across)}</text>",
    ]
    for label, line in data["lines"].items():
        places = [(x.at(point[across]), y.at(point[up])) for point in line]
        parts += _line(label, places)
    return "".join([*parts, "</svg>"])


def _grid(x: Axis, y: Axis) -> list[str]:
    """Return a thin line and a number for each decade."""
    parts = []
    for value in x.decades():
        at = x.at(value)
        parts.append(f'<path class="grid" d="M{at} {y.first}V{y.last}"/>')
        parts.append(_number(value, at, y.first + 18, "middle"))
    for value in y.decades():
        at = y.at(value)
        parts.append(f'<path class="grid" d="M{x.first} {at}H{x.last}"/>')
        parts.append(_number(value, x.first - 8, at + 5, "end"))
    return parts


def _line(label: str, places: list[tuple[float, float]]) -> list[str]:
    """Return a line with its points, and its name above the last but one."""
    drawn = "L".join(f"{x} {y}" for x, y in places)
    dots = [f'<circle cx="{x}" cy="{y}" r="3.5"/>' for x, y in places]
    x, y = places[-2]
    named = f'<text x="{x - 8}" y="{y - 8}" text-anchor="end">{html.escape(label)}</text>'
    return [f'<path class="series" d="M{drawn}"/>', *dots, named]


def _number(value: float, x: float, y: float, anchor: str) -> str:
    """Return the number of a decade, where it belongs."""
    text = f"{value:,.0f}" if value >= 1 else f"{value:g}"
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {SMALL}>{text}</text>'
