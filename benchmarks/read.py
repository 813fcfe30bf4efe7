"""How fast a user's achievements are read: thirty of them, the incomplete included with their progress.

Refuses caches that a write would not empty: users are random, and the server is the one just written to.
"""

from statistics import median

from benchmarks.ingest import Bench
from benchmarks.load import Measured, Plan
from benchmarks.payloads import requests_of
from benchmarks.servers import capture, echo, put_load
from benchmarks.timing import Row, row
from benchmarks.world import progress

FLOOR = 15_000


def achievements(bench: Bench) -> list[Row]:
    """Measure `GET /users/{id}/achievements?includeIncomplete=true`, in turns with its echo."""
    payload = bench.world.payload("achievements", "reading")
    answer = capture(bench.server, requests_of(payload)[0])
    echoes: list[Measured] = []
    runs: list[Measured] = []
    rounds = 2 if bench.quick else 4
    with echo(answer, bench.directory, bench.workers) as baseline:
        for turn in range(rounds):
            plan = Plan(baseline.port, payload, seconds=1.5, watch={"server": [baseline.pid]})
            echoes.append(put_load(plan))
            runs.append(bench.load(payload, seconds=1.5 if bench.quick else 3.0))
            progress(f"reading achievements on {bench.name}, rounds", turn + 1, rounds)
    size = len(answer.body.encode()) / 1_000
    return [
        row(
            f"30 achievements read ({size:.1f} kB), {bench.name}",
            runs,
            floor=FLOOR,
            echo=median(each.per_second for each in echoes),
        ),
        row(f"baseline: Starlette echo of that, {bench.workers} process(es)", echoes),
    ]
