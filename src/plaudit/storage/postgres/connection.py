"""Reaching PostgreSQL: the servers refused, and the driver's errors in the port's words.

Refuses servers on which "committed" would not mean "kept"; mistakes of ours pass unchanged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
from asyncpg import exceptions as driver

from plaudit.storage.port import Conflict, StoreError, Unavailable

Connection = Any
"""A connection of asyncpg, which has no types of its own."""

OLDEST_SERVER = 150000
"""PostgreSQL 15, as ``server_version_num`` writes it."""

_RIVALRY = (driver.DeadlockDetectedError, driver.SerializationError, driver.LockNotAvailableError)
"""The server has rolled back, and the rival is gone or going."""

_LOST = (
    driver.PostgresConnectionError,
    driver.AdminShutdownError,
    driver.CrashShutdownError,
    driver.IdleInTransactionSessionTimeoutError,
    driver.InterfaceError,
    OSError,
)
"""The connection is gone."""

_HOPELESS = (
    driver.InsufficientResourcesError,
    driver.OperatorInterventionError,
    driver.PostgresSystemError,
    driver.ReadOnlySQLTransactionError,
    driver.InternalServerError,
)
"""The server answers, but cannot do it now: disk full, starting up, read-only."""


@contextmanager
def translated(*, retry: bool) -> Iterator[None]:
    """Turn the driver's exceptions into the port's.

    Args:
        retry: whether a connection lost in here leaves nothing stored, so that the work may be
            done again at once (not so while committing, or when no connection can be had).

    Raises:
        Conflict: a unique constraint refused a row.
        Unavailable: the database cannot be used right now.
    """
    try:
        yield
    except driver.UniqueViolationError as error:
        raise Conflict(str(error)) from error
    except _RIVALRY as error:
        raise Unavailable(f"PostgreSQL rolled a transaction back: {error}", retry=True) from error
    except TimeoutError as error:
        raise Unavailable("PostgreSQL did not answer in time") from error
    except _LOST as error:
        raise Unavailable(f"the connection to PostgreSQL was lost: {error}", retry=retry) from error
    except _HOPELESS as error:
        raise Unavailable(f"PostgreSQL cannot do it now: {error}") from error


@contextmanager
def reaching() -> Iterator[None]:
    """Turn the driver's exceptions while opening into a sentence for the operator.

    Raises:
        StoreError: the server cannot be reached or does not let us in.
    """
    try:
        yield
    except (OSError, ValueError, driver.PostgresError, driver.InterfaceError) as error:
        raise StoreError(
            f"PostgreSQL cannot be opened: {error}. Check the database address, and that the server runs "
            "and lets this role in."
        ) from error


async def connect(dsn: str) -> Connection:
    """Open one connection outside the pools, with the server's own settings."""
    return await asyncpg.connect(dsn)


async def check_server(connection: Connection, *, allow_unsafe: bool) -> None:
    """Refuse servers that are too old, read-only, of another encoding, or forget on power loss.

    Args:
        connection: any connection to the database.
        allow_unsafe: accept settings that lose commits (for tests on data of no value).

    Raises:
        StoreError: with a sentence that says which setting to change.
    """
    names = ("server_version_num", "server_encoding", "transaction_read_only")
    version, encoding, read_only = [await _setting(connection, name) for name in names]
    if int(version) < OLDEST_SERVER:
        raise StoreError("This PostgreSQL is older than 15. Upgrade the server to 15 or newer.")
    if encoding != "UTF8":
        raise StoreError(f"The database is encoded as {encoding}. Create it with ENCODING 'UTF8'.")
    if read_only == "on":
        raise StoreError("The database is read-only. Give the address of the primary server.")
    if not allow_unsafe:
        await _check_durable(connection)


async def _check_durable(connection: Connection) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if await _setting(connection, name) == "off":
            raise StoreError(
                f"PostgreSQL runs with {name} = off, so a power cut would lose events that were "
                f"acknowledged. Set {name} = on, or set unsafe_database where the data has no value."
            )


async def _setting(connection: Connection, name: str) -> str:
    return str(await connection.fetchval("SELECT current_setting($1)", name))
