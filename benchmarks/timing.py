"""Small arithmetic of the benchmarks: medians of runs, and rows of the final table.

Refuses to measure anything itself.
"""

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from benchmarks.load import Measured

BUSY = "cores busy with other things meanwhile"
"""How the fact is called that tells whether the machine was quiet."""


class Row(Struct, frozen=True):
    """One line of the final table.

    Latencies in milliseconds, ``cpu`` and ``database`` in CPU microseconds per event of the server's
    and of PostgreSQL's processes. ``ratios`` compares throughput with a baseline of the same minute.
    ``floor`` is what is promised: a least throughput.
    """

    name: str
    per_second: float
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None
    database: float | None = None
    ratios: dict[str, float] = {}
    floor: float | None = None


class Fact(Struct, frozen=True):
    """One figure with its limit, where one is promised."""

    name: str
    value: float
    unit: str
    most: float | None = None


def row(name: str, runs: Sequence[Measured], *, floor: float | None = None, **ratios: float) -> Row:
    """Give the medians of several runs; ``ratios`` are the baselines' throughputs."""
    speed = median(run.per_second for run in runs)
    return Row(
        name=name,
        per_second=speed,
        p50=median(run.p50 for run in runs),
        p99=median(run.p99 for run in runs),
        cpu=median(run.cpu["server"] for run in runs),
        database=median(run.cpu["database"] for run in runs) if "database" in runs[0].cpu else None,
        ratios={baseline: speed / theirs for baseline, theirs in ratios.items()},
        floor=floor,
    )
