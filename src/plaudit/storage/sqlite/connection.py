"""Opening SQLite files: the pragmas, the versions refused, and the driver's errors in the port's words.

Refuses to let a driver's exception that the port has a word for leave this package.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from plaudit.storage.port import Conflict, StoreError, Unavailable

OLDEST = (3, 51, 3)
"""Older releases can corrupt a write-ahead log when writing and checkpointing meet (the WAL-reset bug)."""

BUSY_MILLISECONDS = 5_000
"""How long a call waits for another process (a key being created while the server runs)."""

_UNAVAILABLE = (
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.NoMemError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the driver raises as ``Unavailable`` or ``Conflict``; pass on everything else."""
    try:
        yield
    except _UNAVAILABLE as error:
        raise Unavailable(f"SQLite cannot read or write the database: {error}") from error
    except apsw.ConstraintError as error:
        raise Conflict(f"SQLite refused a row: {error}") from error


def check_release(version: str, options: tuple[str, ...]) -> None:
    """Refuse a SQLite library that is too old or lacks the array binding.

    Raises:
        StoreError: with what to install instead.
    """
    found = tuple(int(part) for part in version.split("."))
    if found < OLDEST:
        raise StoreError(
            f"SQLite {version} can corrupt databases; {'.'.join(map(str, OLDEST))} is the oldest release "
            "accepted. Install the current apsw from PyPI, which carries its own SQLite."
        )
    if "ENABLE_CARRAY" not in options:
        raise StoreError(
            "This build of apsw lacks SQLite's carray extension. Install apsw from PyPI, whose builds have "
            "it."
        )


WRITER: dict[str, str | int] = {
    "synchronous": "full",
    "wal_autocheckpoint": 0,
    "cache_size": -8_192,
    "cache_spill": 0,
    "temp_store": "memory",
}
"""What the writing connection is set to; the pages of a big group wait for COMMIT, which has a thread.

A bigger cache serves no better: once a page was split, COMMIT looks at every page that is cached.
"""

READER: dict[str, str | int] = {"query_only": 1, "cache_size": -32_768, "temp_store": "memory"}
"""What the reading connection is set to (sizes below zero are KiB)."""


def open_writer(path: Path) -> apsw.Connection:
    """Open the one connection that writes, in WAL mode, durable at every commit.

    It is also the only one that checkpoints. Foreign keys are still off, for migrations.

    Raises:
        StoreError: the file cannot be opened, is no database, or its disk cannot do WAL.
    """
    connection = _open(path)
    try:
        mode = connection.pragma("journal_mode", "wal")
        _set(connection, WRITER)
    except apsw.NotADBError as error:
        raise StoreError(
            f"{path} is not a SQLite database. Name another file, or move this one away."
        ) from error
    except apsw.Error as error:
        raise StoreError(
            f"The database {path} cannot be written ({error}). Check its disk and rights."
        ) from error
    if mode != "wal":
        raise StoreError(
            f"The disk of {path} cannot hold a write-ahead log. "
            "Put the database on a local disk, not a network one."
        )
    return connection


def open_reader(path: Path) -> apsw.Connection:
    """Open a connection that reads the last commit and is refused every write."""
    connection = _open(path)
    _set(connection, READER)
    return connection


def open_mover(path: Path) -> apsw.Connection:
    """Open a connection that only moves the write-ahead log into the database file."""
    connection = _open(path)
    _set(connection, {"wal_autocheckpoint": 0, "synchronous": "full"})
    return connection


def _set(connection: apsw.Connection, pragmas: dict[str, str | int]) -> None:
    # One at a time: apsw runs a text of several statements only as far as its rows are read.
    for name, value in pragmas.items():
        connection.pragma(name, value)


def _open(path: Path) -> apsw.Connection:
    try:
        connection = apsw.Connection(str(path))
    except apsw.Error as error:
        raise StoreError(
            f"The database {path} cannot be opened ({error}). "
            "Check that its folder exists and can be written."
        ) from error
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    return connection
