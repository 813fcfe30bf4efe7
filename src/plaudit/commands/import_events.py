"""``plaudit import``: events from a CSV or JSON Lines file, through the same act as the API.

Resumable: every line has an idempotency key, so a second run counts nothing twice.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from plaudit.commands.import_lines import Line, Unusable, key_prefix, lines_of, read_command
from plaudit.commands.shared import (
    ENVIRONMENT,
    Problem,
    environment_of,
    opened,
    progress,
    run,
    seal_of,
    with_settings,
)
from plaudit.compose import clock, new_id
from plaudit.config import Settings
from plaudit.model.catalog import Environment
from plaudit.model.commands import RecordEvent
from plaudit.model.errors import PlauditError
from plaudit.model.outcome import Refusal
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Store

BATCH = 500
"""Lines that are carried out in one transaction."""

MOST_SHOWN = 20
"""Refused lines that are printed; the rest is counted."""


class Tally:
    """What has become of the lines so far."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.recorded = 0
        self.known = 0
        self.completed = 0
        self.refused = 0

    def refuse(self, number: int, sentence: str) -> None:
        """Count a refused line, and tell about the first ones."""
        self.refused += 1
        if self.refused <= MOST_SHOWN:
            click.echo(f"Line {number}: {sentence}", err=True)


class Source(Struct, frozen=True):
    """A file to read, and what holds for all of its lines."""

    file: Path
    metric: str | None
    tenant: str
    key_prefix: str


@click.command("import", short_help="Record the events of a CSV or JSON Lines file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ENVIRONMENT
@click.option("--metric", help="The metric of lines that have no key of their own.")
@click.option("--tenant", default="", help="The users' tenant, in a multi-tenant environment.")
@with_settings()
def import_events(
    file: Path, environment_key: str | None, metric: str | None, tenant: str, settings: Settings
) -> None:
    """Record the events in FILE, a .csv or .jsonl with one event a line.

    CSV columns: userId, value, and optionally key (of the metric), timestamp (RFC 3339), tz,
    idempotencyKey, and attr.NAME for the event attribute NAME. JSON lines are batch items of the
    Admin API: {"user": {"id": ...}, "value": ...}, with the same optional fields and attributes.

    A refused line is told with its number and leaves the others untouched; then the exit code is 1.
    Import again to continue: lines that were recorded before are known by their idempotency key.
    """
    if file.suffix not in {".csv", ".jsonl"}:
        raise Problem(f"{file.name} is neither .csv nor .jsonl. Give a file of one of these kinds.")
    source = Source(file, metric, tenant, key_prefix(file))
    try:
        tally = run(_import(settings, environment_key, source))
    except Unusable as error:
        raise Problem(str(error)) from None
    click.echo(
        f"{tally.recorded:,} events recorded, {tally.known:,} known from before, {tally.refused:,} refused; "
        f"{tally.completed:,} achievements completed."
    )
    if tally.refused:
        raise SystemExit(1)


async def _import(settings: Settings, environment_key: str | None, source: Source) -> Tally:
    tally = Tally()
    size = source.file.stat().st_size
    async with opened(settings) as store:
        environment = await environment_of(store, environment_key)
        source = replace(source, tenant=await seal_of(store, environment, source.tenant))
        rulebooks = Rulebooks(store.catalog)
        lines = lines_of(source.file)
        done = 0
        with progress("Importing", size) as step:
            while batch := list(islice(lines, BATCH)):
                await _import_batch(store, rulebooks, environment, source, batch, tally)
                step(batch[-1].end - done)
                done = batch[-1].end
    return tally


async def _import_batch(
    store: Store,
    rulebooks: Rulebooks,
    environment: Environment,
    source: Source,
    batch: list[Line],
    tally: Tally,
) -> None:
    now = clock()
    read: list[tuple[int, RecordEvent]] = []
    for line, command in _readable(batch, environment, source, now, tally):
        read.append((line.number, command))
    answers = await record(store.ledger, rulebooks, [command for _, command in read])
    for (number, _), answer in zip(read, answers, strict=True):
        if isinstance(answer, Refusal):
            tally.refuse(number, str(PlauditError(answer.code, **answer.words)))
        elif answer.replay is not None:
            tally.known += 1
        else:
            tally.recorded += 1
            tally.completed += len(answer.completed)


def _readable(
    batch: list[Line], environment: Environment, source: Source, now: int, tally: Tally
) -> Iterator[tuple[Line, RecordEvent]]:
    for line in batch:
        try:
            yield line, read_command(line, environment.number, source, now, new_id(now))
        except (PlauditError, Unusable) as error:
            tally.refuse(line.number, str(error))
