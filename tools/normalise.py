"""What differs from run to run without meaning anything, made equal before outputs are compared."""

import re
from collections.abc import Mapping

RULES = tuple(
    (re.compile(pattern, re.MULTILINE), replacement)
    for pattern, replacement in (
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?", "2026-01-01 00:00:00"),
        (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "00000000-0000-0000-0000-000000000000"),
        (r"\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b", "0123456789ab"),
        (r"\bs=[\w-]{43}(?![\w-])", "s=signature"),
        (r"\b\d+\.\d+ ?s(econds)?\b( \(\d+:\d\d:\d\d\))?", "0.00s"),
        (r"\bpid \d+", "pid 1"),
        (r"\bservices\.[\w.]+: required variable \w+", "a variable"),  # compose names one of them
        (r"(?<![\w.])[12]\d{9}(?![\w.])", "1700000000"),  # seconds since 1970
        (r"\bpython3\.\d+\b", "python3.11"),
        (r"(?<=;)t=\d+$", "t=60"),  # a RateLimit header's seconds
        (r"\b(10\.\d+|172\.(1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+\b", "172.18.0.2"),  # Docker's
    )
)
WEB_TOKEN = re.compile(r"\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")  # long, and another each time


def shown(text: str, places: Mapping[str, str]) -> str:
    """Return an output as a page shows it: no colours, short tokens, what `places` says."""
    text = WEB_TOKEN.sub("eyJ….….…", text)
    for real, stands in places.items():
        text = text.replace(real, stands)
    lines = (re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", line).rstrip() for line in text.splitlines())
    return "\n".join(lines).strip("\n")


def same(one: list[str], other: list[str]) -> bool:
    """Tell whether two outputs say the same, whenever and wherever they were said."""
    return _equal(one) == _equal(other)


def _equal(lines: list[str]) -> str:
    text = "\n".join(lines)
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
