"""Ready to be sharded: per-user rows are found by their subject, in both schemas and every statement.

Refuses a unique key that other shards would have to be asked about, and a statement that would
visit them all.
"""

import re
from pathlib import Path

import pytest

from plaudit.storage.named import load_named

STORAGE = Path(__file__).parents[2] / "src" / "plaudit" / "storage"
DATABASES = ("sqlite", "postgres")

SWEEPS = {
    "any_due": "the sender of webhooks asks every shard whether anything is due",
    "delivery": "an operator asks for one delivery by its id",
    "prune_attempts": "what is old is cleared away, shard by shard",
    "prune_deliveries": "what is old is cleared away, shard by shard",
    "all_subjects_after": "verify and export walk over every user, shard by shard",
    "subjects_after": "jobs walk over every user of an environment, shard by shard",
    "unsettled_after": "the backdate job walks over an environment, shard by shard",
    "letters_due": "the job that tells letters asks every shard for whoever is due",
    "ranked_after": "a process reads a ranking into its memory, from every shard, once",
    "users_after": "a page of users is asked of every shard, by the index on their ids",
    "users_end": "an admin searches users on every shard, by the index on their ids",
    "users_sought": "an admin searches users on every shard, by the index on their ids",
    "users_and_events": "statistics ask every shard, seldom, on connections of their own",
    "points_histogram": "a summary of points asks every shard, seldom, on a connection of its own",
    "freezes_due": "the expiry job asks every shard for whoever is due",
    "anniversaries_due": "the anniversary job asks every shard for whoever is due",
}
"""Statements that may visit every shard, and why; events wait for none, but for a ranking after a start."""

SHARED = {
    "api_keys": "a key may act for one user, but is looked up by its own text on every call",
    "member_links": "members are people who log in to the dashboard, not users",
    "sessions": "members are people who log in to the dashboard, not users",
    "requests": "the log of requests is written by the process that answered, and cleared by age",
}
"""Tables that name users or members though they are not keyed by a subject, and why they may."""

CLUSTERED = {"tallies", "sequences", "newest_days", "newest_points_days"}
"""No tables on PostgreSQL: the one behind some views, and views of what are columns of `users` there."""

_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\)", re.DOTALL)
_VIEW = re.compile(r"CREATE VIEW (\w+) \((subject\b[^)]*)\)")
_UNIQUE_INDEX = re.compile(r"CREATE UNIQUE INDEX \w+ ON (\w+)(?: USING \w+)? \(([^)]*)\)")
_LATER_KEY = re.compile(r"ALTER TABLE (?:ONLY )?(\w+)\s+ADD [^;]*?(?:UNIQUE|PRIMARY KEY) \(([^)]*)\)")
_TABLE_KEY = re.compile(r"(?:PRIMARY KEY|UNIQUE) \(([^)]*)\)")
_COLUMN_KEY = re.compile(r"^\s*(\w+) [^,]*?(?:PRIMARY KEY|UNIQUE)(?! \()", re.MULTILINE)
_TOUCHED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")
_BY_SUBJECT = re.compile(r"\bsubject = |\bUSING \(subject\b")
_NAMES_SOMEBODY = re.compile(r"^\s*(?:member|user_id)\b", re.MULTILINE)
_SUBJECT = re.compile(r"^\s*subject\b", re.MULTILINE)
_INSERT = re.compile(r"INSERT INTO \w+(?: AS \w+)? \(subject\b")
_CONFLICT = re.compile(r"ON CONFLICT \((\w+)")


def schema_of(database: str) -> str:
    files = sorted((STORAGE / database / "migrations").glob("*.sql"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r"--.*", "", text)


def tables_of(schema: str) -> dict[str, str]:
    """Per-user tables and what stands between their brackets."""
    return {name: body for name, body in _TABLE.findall(schema) if _SUBJECT.search(body)}


def views_of(schema: str) -> dict[str, str]:
    """Views of per-user tables and their columns."""
    return dict(_VIEW.findall(schema))


def tables_beside(schema: str) -> set[str]:
    """Tables that name users or members, but no subject."""
    return {
        name
        for name, body in _TABLE.findall(schema)
        if _NAMES_SOMEBODY.search(body) and not _SUBJECT.search(body)
    }


def wrong_keys(schema: str) -> list[str]:
    tables = tables_of(schema)
    keys = [(name, key) for name, body in tables.items() for key in _TABLE_KEY.findall(body)]
    keys += [(name, column) for name, body in tables.items() for column in _COLUMN_KEY.findall(body)]
    keys += [*_UNIQUE_INDEX.findall(schema), *_LATER_KEY.findall(schema)]
    unkeyed = set(tables) - {name for name, _ in keys}
    return [f"{name} has no primary key" for name in sorted(unkeyed)] + [
        f"{name} ({key})" for name, key in keys if name in tables and not re.match(r"\s*subject\b", key)
    ]


def wrong_statement(sql: str, tables: set[str]) -> bool:
    """Whether some part of a statement reaches per-user rows without their subject."""
    conflict = _CONFLICT.search(sql)
    if conflict and set(_TOUCHED.findall(sql)[:1]) & tables and conflict[1] != "subject":
        return True
    return any(
        bool(set(_TOUCHED.findall(part)) & tables) and not (_BY_SUBJECT.search(part) or _INSERT.search(part))
        for part in sql.split("UNION ALL")
    )


@pytest.mark.parametrize("database", DATABASES)
def test_every_key_of_a_per_user_table_begins_with_its_subject(database):
    assert len(tables_of(schema_of(database))) >= 10
    assert wrong_keys(schema_of(database)) == [], (
        "Begin the key with `subject`, or it cannot be held in one shard."
    )


@pytest.mark.parametrize("database", DATABASES)
def test_a_table_that_names_somebody_is_keyed_by_subject_or_shared_for_a_reason(database):
    beside = tables_beside(schema_of(database))
    assert beside - set(SHARED) == set(), (
        "Begin the table with `subject`, or tell in SHARED why shards share it."
    )
    assert set(SHARED) - beside == set(), "Take this table out of SHARED: it names nobody, or it is gone."


@pytest.mark.parametrize("database", DATABASES)
def test_every_statement_on_per_user_rows_names_their_subject(database):
    tables = {*tables_of(schema_of(database)), *views_of(schema_of(database))}
    queries = load_named(STORAGE / database / "queries")
    wrong = {name for name, sql in queries.items() if wrong_statement(sql, tables)}
    assert wrong - set(SWEEPS) == set(), "Filter by `subject`, or explain the sweep in SWEEPS."
    assert set(SWEEPS) - wrong == set(), "Take this statement out of SWEEPS: it is none, or it is gone."


def test_both_databases_have_the_same_per_user_tables():
    sqlite = schema_of("sqlite")
    assert {*tables_of(sqlite), *views_of(sqlite)} - CLUSTERED == set(tables_of(schema_of("postgres")))


def test_no_statement_on_per_user_rows_hides_in_code():
    tables = "|".join({**tables_of(schema_of("sqlite")), **views_of(schema_of("sqlite"))})
    hidden = re.compile(rf"\b(?:SELECT\b.*\bFROM|DELETE FROM|INSERT INTO|UPDATE)\s+(?:{tables})\b")
    found = [
        str(file) for file in STORAGE.parent.rglob("*.py") if hidden.search(file.read_text(encoding="utf-8"))
    ]
    assert found == [], "Give the statement a name in queries/*.sql, where the rule can see it."


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE t (\n    subject BLOB NOT NULL,\n    id BLOB PRIMARY KEY\n);",
        "CREATE TABLE t (\n    subject BLOB NOT NULL,\n    id BLOB,\n    PRIMARY KEY (id, subject)\n);",
        "CREATE TABLE t (\n    subject BLOB PRIMARY KEY,\n    id BLOB UNIQUE\n);",
        "CREATE TABLE t (\n    subject BLOB PRIMARY KEY,\n    id BLOB\n);\nCREATE UNIQUE INDEX i ON t (id);",
        "CREATE TABLE t (\n    subject BLOB PRIMARY KEY,\n    id BLOB\n);\nALTER TABLE t ADD UNIQUE (id);",
        "CREATE TABLE t (\n    subject BLOB NOT NULL\n);",
    ],
)
def test_the_rule_on_keys_bites(schema):
    assert wrong_keys(schema)


@pytest.mark.parametrize("column", ["member BLOB NOT NULL", "user_id TEXT"])
def test_the_rule_on_tables_bites(column):
    assert tables_beside(f"CREATE TABLE t (\n    id BLOB PRIMARY KEY,\n    {column}\n);") == {"t"}
    assert not tables_beside(f"CREATE TABLE t (\n    subject BLOB PRIMARY KEY,\n    {column}\n);")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT seq FROM users WHERE user_id = ?1",
        "UPDATE users SET seq = 0 WHERE environment = ?1",
        "SELECT 1 FROM users WHERE subject = ?1 UNION ALL SELECT 2 FROM users",
        "INSERT INTO users (environment, subject) VALUES (?1, ?2)",
        "INSERT INTO users (subject, id) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        "DELETE FROM users",
    ],
)
def test_the_rule_on_statements_bites(sql):
    assert wrong_statement(sql, {"users"})
