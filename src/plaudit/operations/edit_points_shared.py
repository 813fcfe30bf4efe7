"""What the edits of points share: finding a system and its parts, and storing one.

Refuses rules of one noun; those stand with its acts.
"""

from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from plaudit.model.catalog import Definition
from plaudit.model.dates import read_day
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.points import PointsBoost, PointsLevel, PointsSystem, PointsTrigger
from plaudit.operations.edit_batch import Bench, Invalid
from plaudit.storage.port import CatalogEdit

Part = TypeVar("Part", PointsTrigger, PointsBoost, PointsLevel)
Document = TypeVar("Document", bound=Definition)

EARLIEST, LATEST = date(1900, 1, 1), date(9990, 1, 1)


def system_with(bench: Bench, id: bytes) -> PointsSystem:
    """Give the points system with an id.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``.
    """
    found = bench.documents.get(id)
    if not isinstance(found, PointsSystem):
        raise PlauditError(Code.UNKNOWN_RESOURCE, kind="points system", id=uuid_text(id))
    return found


def child_named(bench: Bench, kind: type[Part], owner: PointsSystem, id: str, name: str) -> Part:
    """Give the part of a system with the text of an id.

    Raises:
        Invalid: it is no UUID, or the system has no such part.
    """
    raw = uuid_bytes(id)
    if raw is None:
        raise Invalid("id must be a valid UUID")
    found = bench.documents.get(raw)
    if not isinstance(found, kind) or found.system != owner.number:
        raise Invalid(f"{name} not found by ID", "id")
    return found


async def put_document(edit: CatalogEdit, bench: Bench, planned: Document) -> Document:
    """Store a document, numbering a new one (whose number is 0)."""
    if planned.number == 0:
        planned = replace(planned, number=await edit.next_number("document"))
    await edit.put_document(planned)
    bench.keep_document(planned)
    return planned


def day_of(text: str, field: str) -> int:
    """Read a date as an ordinal day.

    Raises:
        Invalid: it is no date as YYYY-MM-DD from 1900 on.
    """
    found = read_day(text)
    if found is None or not EARLIEST <= found <= LATEST:
        raise Invalid(f"{field} must be a date as YYYY-MM-DD")
    return found.toordinal()
