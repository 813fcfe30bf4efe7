"""Databases whose unique constraints are taken out, to show which test rests on which of them.

Refuses to put them back; a database that was here is for nothing else.
"""

import apsw
from tests.support.postgres import database_of, shared_cluster

CONSTRAINTS = ("events", "completions", "idempotency_keys")
"""Tables whose primary key is the last word on something that is to happen once."""


def drop_constraints(database: str, tables: tuple[str, ...] = CONSTRAINTS) -> None:
    """Take the primary keys of these tables out of a database, by its address as a setting names it."""
    if database.startswith("sqlite:"):
        _rebuild(database.removeprefix("sqlite:"), tables)
        return
    for table in tables:
        shared_cluster(fast=True).sql(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey", database_of(database)
        )


def _rebuild(path: str, tables: tuple[str, ...]) -> None:
    connection = apsw.Connection(path)
    connection.set_busy_timeout(10_000)
    with connection:
        for table in tables:
            connection.execute(f"CREATE TABLE copied AS SELECT * FROM {table}")
            connection.execute(f"DROP TABLE {table}")
            connection.execute(f"ALTER TABLE copied RENAME TO {table}")
    connection.close()
