"""The final table, on the screen and as Markdown, with the machine and the versions it was measured on.

Refuses to overwrite prose: in `docs/benchmarks.md` only what stands between the two marks is replaced.
"""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import apsw

from benchmarks.evaluate import Decided
from benchmarks.timing import BUSY, Fact, Row

QUIET = 0.25
"""Cores that may be busy with other things while figures are measured that are to be kept."""

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
PACKAGES = ("uvicorn", "uvloop", "httptools", "starlette", "msgspec", "apsw", "asyncpg")


def tables(rows: Sequence[Row], facts: Sequence[Fact], decided: Sequence[Decided]) -> str:
    """Write everything that was measured as Markdown tables."""
    parts = []
    if rows:
        head = "| what | per second | floor | p50 ms | p99 ms | server CPU µs | database CPU µs | baselines |"
        parts.append("\n".join([head, "|---|--:|--:|--:|--:|--:|--:|---|", *map(_row, rows)]))
    if facts:
        parts.append("\n".join(["| figure | measured | at most |", "|---|--:|--:|", *map(_fact, facts)]))
    if decided:
        head = "| achievements on the metric | engine µs, nothing crossed | engine µs, one completed |"
        lines = [f"| {d.achievements:,} | {d.plain:.1f} | {d.crossing:.1f} |" for d in decided]
        parts.append("\n".join([head, "|--:|--:|--:|", *lines]))
    return "\n\n".join(parts)


def missed(rows: Sequence[Row], facts: Sequence[Fact]) -> list[str]:
    """Name every promise that was not kept."""
    slow = [r.name for r in rows if r.floor is not None and r.per_second < r.floor]
    return slow + [f.name for f in facts if f.most is not None and f.value > f.most]


def busy(facts: Sequence[Fact]) -> float:
    """Give how many cores did other things while the server was under load, at the worst."""
    return max((fact.value for fact in facts if fact.name.startswith(BUSY)), default=0.0)


def machine(postgres: str, seconds: float) -> str:
    """Describe what was measured on, and when."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC in {seconds:.0f} s on {_processor()}, "
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}, {postgres}, {packages}."
    )


def write(text: str, path: Path) -> None:
    """Put the results between the marks of the page; the prose around them stays.

    Raises:
        ValueError: the page has no marks.
    """
    page = path.read_text(encoding="utf-8")
    if BEGIN not in page or END not in page:
        raise ValueError(f"{path} has no place for results. Put the lines {BEGIN} and {END} into it.")
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    path.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}", encoding="utf-8")


def _row(row: Row) -> str:
    ratios = ", ".join(f"{ratio:.2f} x {name}" for name, ratio in row.ratios.items())
    cells = [
        row.name,
        f"{row.per_second:,.0f}",
        "" if row.floor is None else f"{row.floor:,.0f}",
        *("" if number is None else f"{number:.1f}" for number in (row.p50, row.p99, row.cpu, row.database)),
        ratios,
    ]
    return f"| {' | '.join(cells)} |"


def _fact(fact: Fact) -> str:
    limit = "" if fact.most is None else f"{fact.most:g} {fact.unit}"
    return f"| {fact.name} | {fact.value:.2f} {fact.unit} | {limit} |"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "an unknown processor"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
