"""The server with a trapdoor: it ends without a word at one named point of a write, once it is armed.

Run as an ASGI factory in place of `plaudit serve`; it can also be told a wrong time, or lose its row
lock or its look at used keys. Refuses a place in the product: what breaks is put in from here, by names
the product has anyway.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import plaudit.compose as house
import plaudit.storage.postgres.schema as postgres_schema
import plaudit.storage.sqlite.apply as sqlite_apply
import plaudit.storage.sqlite.schema as sqlite_schema
import plaudit.storage.sqlite.snapshots as sqlite_snapshots
import plaudit.storage.sqlite.statements as sqlite_statements
import plaudit.storage.sqlite.writer as sqlite_writer
from plaudit.storage.board_rows import SHARED_BOARD_STEPS
from plaudit.storage.migrate import Migration, pending
from plaudit.storage.people_rows import ERASERS, EVERYTHING
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.postgres.transaction import PostgresTransaction
from plaudit.storage.write_rows import STEPS
from plaudit.web.admin import joins
from plaudit.webhooks.sending import Sender

ARMED = "TEST_CRASH_ARMED"
"""Environment variable: path of a file that names where to end (one of ``POINTS``), once."""

CLOCK = "TEST_CLOCK_OFFSET"
"""Environment variable: path of a file that holds milliseconds to add to the clock."""

WITHOUT_LOCK = "TEST_WITHOUT_LOCK"
"""Environment variable: when set, PostgreSQL's users are read without locking their rows."""

RIVALS = "TEST_RIVALS"
"""Environment variable: when set, each event has a transaction of its own on PostgreSQL, that waits between
reading and writing: so two processes meet there whatever the machine."""

_MEETING = 0.01

WITHOUT_KEYS = "TEST_WITHOUT_KEYS"
"""Environment variable: when set, no idempotency key is found to have been used."""

WRITES = (*(name for name, _ in (*STEPS, *SHARED_BOARD_STEPS)), "add_counts")
"""Statements of a write; a point lies before each, which is after the one above."""

MIGRATION = "during migration"
SENDING = "before send"
"""The point at which a webhook message has been taken for delivery, and nothing of it was sent."""

ERASING = tuple(f"before {name}" for name in EVERYTHING)
"""Points before a statement that erases rows of a user who goes or is written anew."""

POINTS = ("before begin", *(f"before {name}" for name in WRITES), "before commit", "after commit")
CODE = 86


def application() -> Any:
    """Build the application with its trapdoors."""
    _trap_acts()
    _trap_writes()
    ERASERS.update({scope: _Erasers(names) for scope, names in ERASERS.items()})
    _trap_commits()
    _trap_sending()
    sqlite_schema.pending = postgres_schema.pending = _trapped_migrations
    if WITHOUT_LOCK in os.environ:
        SQL["lock_users"] = SQL["lock_users"].replace("FOR UPDATE", "")
    if RIVALS in os.environ:
        _make_rivals()
    if WITHOUT_KEYS in os.environ:
        SQL["read_keys"] += " WHERE false"
        sqlite_snapshots._KEYS += " AND false"
    if CLOCK in os.environ:
        _set_clock(Path(os.environ[CLOCK]))
    return house.application()


def crash(here: str) -> None:
    """End the process here if the file names this point: no flush, no goodbye."""
    armed = Path(os.environ.get(ARMED, ""))
    if armed.is_file() and armed.read_text() == here:
        armed.unlink()
        os._exit(CODE)


def _trap_acts() -> None:
    for room, name in ((house, "record"), (joins, "merge_users")):
        setattr(room, name, _trapped_act(getattr(room, name)))


def _trapped_act(act: Callable[..., Any]) -> Callable[..., Any]:
    async def trapped(*given: Any, **named: Any) -> Any:
        crash("before begin")
        answers = await act(*given, **named)
        crash("after commit")
        return answers

    return trapped


class _Erasers(tuple[str, ...]):
    """The names of statements that erase, with a point before each."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        for name in super().__iter__():
            crash(f"before {name}")
            yield name


def _trap_writes() -> None:
    names = {sql: name for name, sql in sqlite_statements.SQL.items()}
    sqlite_apply._STEPS = tuple((sql, _trapped(names[sql], rows)) for sql, rows in sqlite_apply._STEPS)
    write = PostgresTransaction._write
    bear = PostgresTransaction._bear

    async def trapped_bear(self: Any, born: Any) -> None:
        crash("before insert_users")
        await bear(self, born)

    async def trapped_write(self: Any, given: dict[str, Any]) -> None:
        for name, rows in given.items():  # one by one, so that there is a point between any two
            crash(f"before {name}")
            await write(self, {name: rows})

    PostgresTransaction._bear = trapped_bear
    PostgresTransaction._write = trapped_write


def _trapped(name: str, rows_of: Callable[..., Any]) -> Callable[..., Any]:
    def rows(*given: Any) -> Any:
        found = rows_of(*given)
        if found:
            crash(f"before {name}")
        return found

    return rows


def _trap_commits() -> None:
    finish = PostgresTransaction.finish
    commit = sqlite_writer.Writer._commit_now

    async def trapped_finish(self: Any) -> None:
        await finish(self)
        crash("before commit")

    def trapped_commit(self: Any) -> None:
        crash("before commit")
        commit(self)

    PostgresTransaction.finish = trapped_finish
    sqlite_writer.Writer._commit_now = trapped_commit


def _trap_sending() -> None:
    send = Sender.send

    async def trapped_send(self: Any, *given: Any) -> Any:
        crash(SENDING)
        return await send(self, *given)

    Sender.send = trapped_send  # type: ignore[method-assign]  # the trap replaces a verb


class _Trapped:
    """A migration that ends the process when its statements are done and it is to be recorded."""

    def __init__(self, migration: Migration) -> None:
        self.sql = migration.sql
        self._migration = migration

    @property
    def number(self) -> int:
        crash(MIGRATION)
        return self._migration.number

    @property
    def name(self) -> str:
        return self._migration.name

    @property
    def label(self) -> str:
        return self._migration.label


def _trapped_migrations(*given: Any) -> Any:
    return [_Trapped(migration) for migration in pending(*given)]


def _make_rivals() -> None:
    apply = PostgresTransaction.apply

    async def slow(self: Any, writes: Any) -> None:
        await asyncio.sleep(_MEETING)
        await apply(self, writes)

    PostgresTransaction.apply = slow  # type: ignore[method-assign]  # the slow verb replaces the real one
    house.Turnstile = partial(house.Turnstile, group=1)  # type: ignore[misc,assignment]  # every command is a group of its own


def _set_clock(file: Path) -> None:
    clock = house.clock
    house.clock = lambda: clock() + int(file.read_text())
