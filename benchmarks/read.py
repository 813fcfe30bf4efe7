"""How fast a user's achievements are read: thirty of them, the incomplete included with their progress.

Two figures, since the server keeps what it wrote for a user until that user's stamp changes: users
asked for the first time, and a crowd of 5,000 asked for again and again. Refuses to show one alone.
"""

from statistics import median

from benchmarks.ingest import Bench
from benchmarks.load import Measured, Plan
from benchmarks.payloads import requests_of
from benchmarks.servers import capture, echo, put_load
from benchmarks.timing import Row, row
from benchmarks.world import progress

FLOOR = 15_000

CROWD = 5_000
"""Users that come back; the others are asked for in turn, and are more than the server remembers."""


def achievements(bench: Bench) -> list[Row]:
    """Measure `GET /users/{id}/achievements?includeIncomplete=true`, in turns with its echo."""
    crowd = bench.world.payload("achievements", "reading", users=CROWD)
    strangers = bench.world.payload("achievements", "reading", once=True)
    answer = capture(bench.server, requests_of(crowd)[0])
    # Before anybody is asked for twice: afterwards the server would remember some of them.
    first = bench.load(strangers, seconds=1.5 if bench.quick else 4.0)
    # Every serving process meets the crowd once, else the first round would be one of strangers, too.
    bench.load(crowd, seconds=1.0, warmup=2.0 * bench.workers)
    echoes: list[Measured] = []
    again: list[Measured] = []
    rounds, seconds = (2, 1.0) if bench.quick else (4, 2.0)
    with echo(answer, bench.directory, bench.workers) as baseline:
        for turn in range(rounds):
            plan = Plan(baseline.port, crowd, seconds=1.5, watch={"server": [baseline.pid]})
            echoes.append(put_load(plan))
            again.append(bench.load(crowd, seconds=seconds, warmup=1.0))
            progress(f"reading achievements on {bench.name}, rounds", turn + 1, rounds)
    name = f"30 achievements read ({len(answer.body.encode()) / 1_000:.1f} kB)"
    loads = {"echo": median(each.per_second for each in echoes)}
    return [
        row(f"{name}, users asked for again, {bench.name}", again, floor=FLOOR, **loads),
        row(f"{name}, users asked for the first time, {bench.name}", [first], **loads),
        row(f"baseline: Starlette echo of that, {bench.workers} process(es)", echoes),
    ]
