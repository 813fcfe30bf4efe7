"""Migrations as files: lists the ``NNNN_name.sql`` of a folder in their order, for both databases.

Refuses gaps and doubles in the numbers, and databases that a newer release has written.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct

from plaudit.storage.port import Schema, StoreError

_FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


class Migration(Struct, frozen=True):
    """One step of the schema, applied in one transaction and recorded by its number."""

    number: int
    name: str
    sql: str

    @property
    def label(self) -> str:
        """How it is told, such as ``0001 core``."""
        return f"{self.number:04d} {self.name.replace('_', ' ')}"


def schema_of(migrations: Sequence[Migration], done: Collection[str]) -> Schema:
    """Tell where a migrated database stands.

    Args:
        migrations: those of this release.
        done: names of the ones applied just now.
    """
    applied = tuple(step.label for step in migrations if step.name in done)
    return Schema(f"{migrations[-1].number:04d}", applied)


def list_migrations(folder: Path) -> tuple[Migration, ...]:
    """Read the migrations of a folder, numbered 1, 2, 3, ...

    Raises:
        ValueError: a file name does not read ``NNNN_name.sql``, or a number is missing or doubled.
    """
    found = tuple(_read(file) for file in sorted(folder.glob("*.sql")))
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"The migrations in {folder} are not numbered 0001, 0002, ... Renumber them.")
    return found


def pending(migrations: Sequence[Migration], applied: Collection[int]) -> list[Migration]:
    """Give the migrations still to apply, in their order.

    Raises:
        StoreError: the database has a migration this release does not know.
    """
    unknown = set(applied) - {m.number for m in migrations}
    if unknown:
        raise StoreError(
            f"The database was migrated to step {max(unknown)} by a newer Plaudit, and this one knows "
            f"{len(migrations)}. Start the newer release, or restore a backup made before it."
        )
    return [m for m in migrations if m.number not in applied]


def _read(file: Path) -> Migration:
    match = _FILE.fullmatch(file.name)
    if match is None:
        raise ValueError(f"The migration file {file.name} must be called NNNN_name.sql. Rename it.")
    return Migration(int(match[1]), match[2], file.read_text(encoding="utf-8"))
