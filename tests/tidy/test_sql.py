"""SQL is prose with a name: only in the storage room, without clocks, alike for both databases."""

import ast
import re

import pytest
from tests.tidy.house import SOURCE, listed, python_files, shown, tree_of

STORAGE = SOURCE / "storage"
STATEMENT = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|WITH\s+\w+\s+AS)\b",
    re.DOTALL,
)
CLOCK = re.compile(
    r"\b(now|random|randomblob|unixepoch|clock_timestamp|statement_timestamp|transaction_timestamp|gen_random_uuid"
    r"|datetime|julianday|strftime)\s*\(|\bcurrent_(timestamp|time|date)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
NAMED = re.compile(r"^-- name: (\w+)\n-- (.*)$", re.MULTILINE)
ONLY = {"sqlite": "Only on SQLite:", "postgres": "Only on PostgreSQL:"}
COMMENT = re.compile(r"--.*")
QUERIES = {room: STORAGE / room / "queries" for room in ("sqlite", "postgres")}


def test_sql_lives_in_the_storage_room():
    found = [
        f"{shown(file)}:{node.lineno}"
        for file in python_files(SOURCE)
        if STORAGE not in file.parents
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value)
    ]
    assert not found, (
        f"Put the statement into storage/*/queries under a name, and give the port a verb:{listed(found)}"
    )


def test_no_sql_reads_a_clock_or_makes_randomness():
    found = []
    for file in sorted(STORAGE.rglob("*.sql")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if CLOCK.search(COMMENT.sub("", line)):
                found.append(f"{shown(file)}:{number}")
    assert not found, f"Times and ids enter as parameters, so that tests can set them:{listed(found)}"


def test_both_databases_have_the_same_query_files():
    files = {room: {file.name for file in folder.glob("*.sql")} for room, folder in QUERIES.items()}
    assert files["sqlite"] == files["postgres"], "One port, two databases: name the query files alike."


@pytest.mark.parametrize("file", sorted(file.name for file in QUERIES["sqlite"].glob("*.sql")))
def test_a_query_of_one_database_alone_says_why(file):
    captions = {room: dict(NAMED.findall((folder / file).read_text())) for room, folder in QUERIES.items()}
    silent = [
        f"{room}: {name}"
        for room, other in (("sqlite", "postgres"), ("postgres", "sqlite"))
        for name, caption in captions[room].items()
        if name not in captions[other] and ONLY[room] not in caption
    ]
    assert not silent, (
        f"One port, two databases: give both the same queries in {file}, or let the caption of these "
        f"begin with '{ONLY['sqlite']}' or '{ONLY['postgres']}' and say why:{listed(silent)}"
    )


def test_both_databases_have_the_same_migrations():
    steps = {room: sorted(f.name for f in (STORAGE / room / "migrations").glob("*.sql")) for room in QUERIES}
    assert steps["sqlite"] == steps["postgres"], (
        "Write each migration for both databases, with the same name."
    )


def test_every_query_is_used():
    code = "\n".join(file.read_text(encoding="utf-8") for file in python_files(STORAGE))
    names = {
        name
        for folder in QUERIES.values()
        for f in folder.glob("*.sql")
        for name in NAME.findall(f.read_text())
    }
    unused = sorted(name for name in names if f'"{name}"' not in code)
    assert not unused, f"Delete these queries, or use them:{listed(unused)}"
