"""The lines of an import file: read one at a time, checked exactly as the API checks its bodies.

Refuses to guess: a column that is not known, or a line without a metric, is an error.
"""

import csv
from collections.abc import Iterator
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from plaudit.model.commands import RecordEvent
from plaudit.model.ids import subject_key
from plaudit.model.state import Identity
from plaudit.web.decode import amount, read_body
from plaudit.web.drafts import EventDraft, instant, pairs, patch_of
from plaudit.web.ids import check_id, idempotency_key

COLUMNS = ("key", "userId", "value", "timestamp", "idempotencyKey", "tz")
"""Columns a CSV file may have, beside ``attr.NAME``."""

ATTRIBUTE = "attr."


class Unusable(Exception):
    """A line that cannot become an event; the text says why."""


class Common(Protocol):
    """What holds for every line of a file."""

    @property
    def metric(self) -> str | None:
        """The metric of lines that name none."""

    @property
    def tenant(self) -> str:
        """The tenant of every user."""

    @property
    def key_prefix(self) -> str:
        """What idempotency keys of lines without one begin with."""


class LineDraft(EventDraft, rename="camel"):
    """An event of a file: that of the API, with the metric and the idempotency key inside."""

    key: str | None | UnsetType = UNSET
    idempotency_key: str | None | UnsetType = UNSET


_decoder = msgspec.json.Decoder(LineDraft)


class Line(Struct, frozen=True):
    """One line: its number, the bytes of the file read by then, its event as JSON, and what is wrong."""

    number: int
    end: int
    body: bytes
    wrong: str | None = None


def key_prefix(file: Path) -> str:
    """Derive the prefix of idempotency keys from the file's content, so that a rerun finds them."""
    digest = sha256()
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return f"import-{digest.hexdigest()[:16]}"


def lines_of(file: Path) -> Iterator[Line]:
    """Give the lines of a ``.csv`` or ``.jsonl`` file that hold events.

    Raises:
        Unusable: a CSV file's head names a column that is not known or lacks one, or it is no CSV in UTF-8.
    """
    return _csv_lines(file) if file.suffix == ".csv" else _json_lines(file)


def _json_lines(file: Path) -> Iterator[Line]:
    with file.open("rb") as stream:
        for number, body in enumerate(stream, 1):
            if body.strip():
                yield Line(number, stream.tell(), body.strip())


def _csv_lines(file: Path) -> Iterator[Line]:
    with file.open("rb") as stream, TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text)
        try:
            _check_columns(rows.fieldnames or ())
            for row in rows:
                yield _csv_line(rows.line_num, stream.tell(), row)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unusable(f"The file is not CSV in UTF-8 near line {rows.line_num + 1}: {error}.") from None


def _csv_line(number: int, end: int, row: dict[str | Any, Any]) -> Line:
    if None in row:
        return Line(number, end, b"", "The line has more cells than the first line has names.")
    return Line(number, end, _as_json({name: cell for name, cell in row.items() if cell}))


def _check_columns(found: Any) -> None:  # noqa: ANN401 - the csv module types its field names loosely
    names = [str(name) for name in found]
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(ATTRIBUTE)]
    missing = [name for name in ("userId", "value") if name not in names]
    if unknown or missing:
        wrong = f"unknown columns {', '.join(unknown)}" if unknown else f"no column {missing[0]}"
        raise Unusable(f"The file has {wrong}. Its first line may name: {', '.join(COLUMNS)}, attr.NAME.")


def _as_json(filled: dict[str, str]) -> bytes:
    """Write a row as the JSON the API would be sent; empty cells count as not sent."""
    user = {name: filled[column] for name, column in (("id", "userId"), ("tz", "tz")) if column in filled}
    body: dict[str, Any] = {"user": user}
    body |= {name: filled[name] for name in ("key", "timestamp", "idempotencyKey") if name in filled}
    attributes = {
        name.removeprefix(ATTRIBUTE): value for name, value in filled.items() if name.startswith(ATTRIBUTE)
    }
    if attributes:
        body["attributes"] = attributes
    if "value" in filled:
        body["value"] = _number(filled["value"].strip())
    return msgspec.json.encode(body)


def _number(text: str) -> Raw | str:
    """Give a cell as a JSON number where it is one; else as a text, which the check refuses."""
    try:
        float(text)
    except ValueError:
        return text
    return Raw(text.encode())


def read_command(line: Line, environment: int, common: Common, now: int, id: bytes) -> RecordEvent:
    """Turn a line into a command.

    Raises:
        PlauditError: the event is invalid, as the API would say.
        Unusable: the line names no metric, or has too many cells.
    """
    if line.wrong is not None:
        raise Unusable(line.wrong)
    draft = read_body(line.body, _decoder)
    metric = draft.key or common.metric
    if not metric:
        raise Unusable("The line names no metric. Fill the column key, or give --metric.")
    user_id = check_id(draft.user.id, "user.id")
    own_key = draft.idempotency_key.encode() if draft.idempotency_key else None
    return RecordEvent(
        id=id,
        who=Identity(subject_key(environment, common.tenant, user_id), environment, common.tenant, user_id),
        now=now,
        metric=metric,
        value=amount(draft.value, "value"),
        at=instant(draft.timestamp, now),
        user=patch_of(draft.user, now, "user."),
        attributes=pairs(draft.attributes, "attributes") if draft.attributes else {},
        key=idempotency_key(own_key) or f"{common.key_prefix}:{line.number}",
    )
