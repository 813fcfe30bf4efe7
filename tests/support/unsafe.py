"""Databases whose unique constraints are taken out, to show which test rests on which of them.

Refuses to put them back; a database that was here is for nothing else.
"""

import apsw
from tests.support.postgres import database_of, shared_cluster

CONSTRAINTS = ("events", "completions", "idempotency_keys")
"""Tables whose primary key is the last word on something that is to happen once."""


_EVENTS_APART = """
DELETE FROM tallies WHERE day = 4000001 AND kind = 8;
CREATE TRIGGER events_apart BEFORE INSERT ON tallies WHEN NEW.day = 4000001 AND NEW.kind = 8
BEGIN
    INSERT INTO events (subject, seq, id, metric, value, at, recorded, day, attributes, key)
    VALUES (NEW.subject, NEW.number, NEW.id, NEW.metric, NEW.value, NEW.at, NEW.recorded, NEW.local_day,
            NEW.attributes, NEW.key);
    SELECT raise(IGNORE);
END
"""
"""On SQLite events stand in `tallies`, whose key the rest of it needs: they get a table of their own."""


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
            kind = "VIEW" if table == "events" else "TABLE"
            connection.execute(f"CREATE TABLE copied AS SELECT * FROM {table}")
            connection.execute(f"DROP {kind} {table}")
            connection.execute(f"ALTER TABLE copied RENAME TO {table}")
        if "events" in tables:
            connection.execute(_EVENTS_APART)
    connection.close()
