"""What open dashboards cost those who send events: the same load with and without them, in turns.

Refuses kindness: every watcher asks for all the statistics of the first page, of all achievements and of one
each second, where a browser asks every half minute, and follows the live feed all along.
"""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from benchmarks.ingest import P99_MOST, Bench, again
from benchmarks.load import Measured
from benchmarks.timing import Fact, Row, row
from benchmarks.world import progress

WATCHERS = 5
LONG = 12.0
"""Seconds beside dashboards: longer than a statistic holds, so that it is read anew meanwhile."""

PATIENCE = 300.0
"""Seconds for the statistics to be read for the first time."""

STATISTICS = (
    "/stats/overview?days=30",
    "/stats/highlights",
    "/stats/achievements",
    "/achievements/{id}/insights",
)


def beside(bench: Bench) -> tuple[list[Row], list[Fact]]:
    """Measure single events alone and beside open dashboards, at full load and at half of it."""
    payload = bench.world.payload("event", "events")
    rounds, seconds = (2, 3.0) if bench.quick else (3, 5.0)
    alone: list[Measured] = []
    watched: list[Measured] = []
    for turn in range(rounds):
        alone.append(bench.load(again(payload, 100 + turn), seconds=seconds))
        with dashboards(bench):
            watched.append(bench.load(again(payload, 200 + turn), seconds=LONG))
        progress(f"single events beside dashboards on {bench.name}, rounds", turn + 1, rounds)
    half = median(each.per_second for each in alone) / 2
    with dashboards(bench):
        calm = bench.load(again(payload, 300), rate=half, seconds=LONG)
    ratio = median(a.per_second / w.per_second for a, w in zip(alone, watched, strict=True))
    return [row(f"single events beside {WATCHERS} dashboards, {bench.name}", watched)], [
        Fact(f"events without dashboards over events beside {WATCHERS}, {bench.name}", ratio, "x"),
        Fact(f"p99 at half of capacity beside {WATCHERS} dashboards, {bench.name}", calm.p99, "ms", P99_MOST),
    ]


@contextmanager
def dashboards(bench: Bench) -> Iterator[None]:
    """Keep dashboards open, each with all it shows, while the block runs.

    Raises:
        RuntimeError: a statistic was not answered; a benchmark beside errors means nothing.
    """
    watchers = [Watcher(bench.server.port, bench.world.keys["events"]) for _ in range(WATCHERS)]
    try:
        for watcher in watchers:
            watcher.ready.wait(PATIENCE)
        yield
    finally:
        for watcher in watchers:
            watcher.close()
    broken = [sentence for watcher in watchers for sentence in watcher.broken]
    if broken:
        raise RuntimeError(f"{len(broken)} statistics failed. The first: {broken[0]}")


class Watcher:
    """One open dashboard: a thread that asks for statistics, and one that follows the feed."""

    def __init__(self, port: int, key: str) -> None:
        """Open it; ``broken`` collects what was not answered, ``ready`` is set once it shows everything."""
        self.broken: list[str] = []
        self.ready = threading.Event()
        self._headers = {"X-API-KEY": key}
        self._over = threading.Event()
        self._feed, self._pages = [http.client.HTTPConnection("127.0.0.1", port) for _ in "ab"]
        self._wires: list[socket.socket] = []
        for connection in (self._feed, self._pages):
            connection.connect()
            self._wires.append(connection.sock)
        tasks = (self._watch, self._follow)
        self._threads = [threading.Thread(target=self._until_over, args=(task,)) for task in tasks]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Close it, and wait for its threads."""
        self._over.set()
        for wire in self._wires:
            wire.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._pages.close()
        self._feed.close()

    def _until_over(self, task: Callable[[], None]) -> None:
        try:
            task()
        except (OSError, http.client.HTTPException) as reason:
            if not self._over.is_set():
                self.broken.append(f"a connection broke: {reason!r}")

    def _watch(self) -> None:
        achievement = json.loads(self._ask("/achievements"))[0]["id"]
        while not self._over.is_set():
            for path in STATISTICS:
                self._ask(path.format(id=achievement))
            self.ready.set()
            self._over.wait(1)

    def _ask(self, path: str) -> bytes:
        self._pages.request("GET", f"/admin/v1{path}", headers=self._headers)
        answer = self._pages.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            self.broken.append(f"{path} answered {answer.status}: {body[:200]!r}")
        return body

    def _follow(self) -> None:
        self._feed.request("GET", "/admin/v1/feed", headers=self._headers)
        answer = self._feed.getresponse()
        if answer.status != http.client.OK:
            self.broken.append(f"the feed answered {answer.status}")
        while answer.readline():
            pass
        if not self._over.is_set():
            self.broken.append("the feed ended")
