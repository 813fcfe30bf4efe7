"""`python -m benchmarks`: the parts in order, a line for each, and the final table.

Refuses to write into the project unless told (`--write`).
"""

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks import boards, dashboards, evaluate, ingest, read, report
from benchmarks.databases import Loaded, postgres, sqlite
from benchmarks.evaluate import Decided
from benchmarks.ingest import Bench
from benchmarks.servers import plaudit
from benchmarks.timing import Fact, Row

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PARTS = ("evaluate", "sqlite", "postgres", "boards")


class Session:
    """One run of the benchmarks: what was asked, and what was measured so far."""

    def __init__(self, directory: Path, *, quick: bool) -> None:
        """Start with nothing measured."""
        self._directory = directory
        self._quick = quick
        self._begun = time.monotonic()
        self.rows: list[Row] = []
        self.facts: list[Fact] = []
        self.decided: list[Decided] = []
        self.postgres = "without PostgreSQL"

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._begun

    def say(self, what: str) -> None:
        """Tell which step begins, and how long the run has taken."""
        print(f"[{self.seconds:5.0f} s] {what}", flush=True)

    def evaluate(self) -> None:
        """Measure the engine alone."""
        self.say("the engine alone, one event at a time")
        self.decided = evaluate.measure(quick=self._quick)

    def boards(self) -> None:
        """Measure leaderboards with very many participants on both databases."""
        self.say("leaderboards on SQLite")
        self.facts += boards.on_sqlite(self._directory, quick=self._quick)
        self.say("leaderboards on PostgreSQL")
        self.facts += boards.on_postgres(quick=self._quick)

    def store(self, name: str, database: AbstractContextManager[Loaded]) -> None:
        """Measure the whole server on one database."""
        self.say(f"{name}: making and loading the database")
        with database as loaded:
            self.postgres = loaded.version or self.postgres
            stored: list[int] = []
            before = loaded.events()
            self.say(f"{name}: the server with {loaded.workers} worker process(es)")
            with plaudit(loaded.world.database, self._directory, loaded.workers) as server:
                self._serve(
                    Bench(
                        loaded.name,
                        loaded.world,
                        server,
                        loaded.workers,
                        loaded.processes,
                        loaded.raw,
                        self._directory,
                        self._quick,
                        stored,
                    )
                )
            found, told = loaded.events() - before, sum(stored)
            if found != told:
                raise RuntimeError(f"{told:,} events were acknowledged, but {found:,} are stored.")
            self.say(f"{name}: all {told:,} acknowledged events are in the database; now the act alone")
            users = loaded.world.users["events"]
            self.rows.append(ingest.direct(loaded.world.database, loaded.name, users, quick=self._quick))

    def _serve(self, bench: Bench) -> None:
        rows, facts = ingest.single_events(bench)
        self.rows += [*rows, *ingest.batches(bench), *read.achievements(bench)]
        self.facts += [*facts, *ingest.few_and_many(bench)]
        for measured in (dashboards.beside, ingest.rewards):
            rows, facts = measured(bench)
            self.rows += rows
            self.facts += facts
        self.facts.append(ingest.memory(bench))


def main() -> int:
    """Measure what was asked; gives 1 when a promise was missed."""
    asked = _arguments()
    directory = Path(tempfile.mkdtemp(prefix="plaudit-bench-", dir=asked.directory))
    session = Session(directory, quick=asked.quick)
    try:
        if "evaluate" in asked.parts:
            session.evaluate()
        if "sqlite" in asked.parts:
            session.store("SQLite", sqlite(directory, quick=asked.quick))
        if "postgres" in asked.parts:
            session.store("PostgreSQL", postgres(quick=asked.quick))
        if "boards" in asked.parts:
            session.boards()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    return _finish(session, write=asked.write)


def _finish(session: Session, *, write: bool) -> int:
    text = report.tables(session.rows, session.facts, session.decided)
    about = report.machine(session.postgres, session.seconds)
    print(f"\n{text}\n\n{about}")
    busy = report.busy(session.facts)
    if busy > report.QUIET:
        print(f"{busy:.1f} cores were busy with other things, so these figures are too low.", file=sys.stderr)
    if write and busy <= report.QUIET:
        report.write(f"{about}\n\n{text}", PAGE)
        print(f"Written to {PAGE}.")
    missed = report.missed(session.rows, session.facts)
    for name in missed:
        print(f"Below its promise: {name}", file=sys.stderr)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--quick", action="store_true", help="shorter runs, at most a minute; rougher figures"
    )
    parser.add_argument("--write", action="store_true", help="put the results into docs/benchmarks.md")
    parser.add_argument(
        "--directory", type=Path, help="where the databases are made (default: temporary files)"
    )
    asked = parser.parse_args()
    asked.parts = asked.parts or PARTS
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"There is no part {', '.join(sorted(unknown))}. Name any of: {', '.join(PARTS)}.")
    return asked


if __name__ == "__main__":
    sys.exit(main())
