"""Three ways to count ten a minute, tried with two rushes and with a steady stream."""

LIMIT, MINUTE = 10, 60  # seconds


def fixed(passed: list[float], now: float) -> float:
    """Count what has passed in this minute of the clock."""
    return sum(now - now % MINUTE <= at for at in passed)


def moving(passed: list[float], now: float) -> float:
    """Count what has passed in the last 60 seconds."""
    return sum(now - MINUTE < at for at in passed)


def sliding(passed: list[float], now: float) -> float:
    """Count this minute's, and the share of the last one's that may lie within 60 seconds."""
    begin = now - now % MINUTE
    last = sum(begin - MINUTE <= at < begin for at in passed)
    return last * (1 - now % MINUTE / MINUTE) + fixed(passed, now)


def let_in(counted, asked: list[float]) -> list[float]:
    """Return when those passed who came while fewer than the limit were counted."""
    passed: list[float] = []
    for now in asked:
        if counted(passed, now) + 1 <= LIMIT:
            passed.append(now)
    return passed


def worst(passed: list[float]) -> int:
    """Return the most that passed within any 60 seconds."""
    return max(sum(at <= other < at + MINUTE for other in passed) for at in passed)


def main() -> None:
    """Print what passes."""
    rushes = [59.0] * 20 + [61.0] * 20
    stream = [float(second) for second in range(600)]
    print("way       rushes at 0:59 and 1:01   a stream: passed, worst minute")
    for way in (fixed, sliding, moving):
        steady = let_in(way, stream)
        print(f"{way.__name__:8} {len(let_in(way, rushes)):10} {len(steady):30} {worst(steady):9}")


if __name__ == "__main__":
    main()
