"""Rows to values and back: the one place that knows the order of the columns.

Refuses decisions; every function is a plain translation.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from plaudit.model.catalog import (
    Achievement,
    ApiKey,
    Attribute,
    AttributeType,
    Backdate,
    Definition,
    Environment,
    EnvironmentSettings,
    Frequency,
    KeyKind,
    Measure,
    Metric,
)
from plaudit.model.preferences import Preferences
from plaudit.model.state import Event, Identity, Snapshot, StreakPeriod, StreakState, UsedKey, UserState
from plaudit.model.tally import Tally

Row = tuple[Any, ...]

FREQUENCIES = {frequency.value: frequency for frequency in Frequency}

_encode = msgspec.json.Encoder().encode
_pairs = msgspec.json.Decoder(dict[str, str]).decode
_tokens = msgspec.json.Decoder(tuple[str, ...]).decode
_filters = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode
_settings = msgspec.json.Decoder(EnvironmentSettings).decode
_preferences = msgspec.json.Decoder(Preferences).decode
_achievement = msgspec.json.Decoder(Achievement).decode
_definition = msgspec.json.Decoder(Definition).decode

tally = msgspec.json.Decoder(Tally).decode
"""Reads a tally from its text."""

NO_TALLY = Tally()
"""What a user has before the first event."""


def tally_or_none_yet(text: str | None) -> Tally:
    """Read a tally; that of a user who does not exist is empty."""
    return NO_TALLY if text is None else tally(text)


def to_json(value: object) -> str:
    """Write a value as JSON text; bytes become base64."""
    return _encode(value).decode()


def user_state(row: Row) -> UserState:
    """Read a row of ``read_users``, whose first column is the subject."""
    return UserState(
        row[1],
        row[2],
        row[3],
        row[4],
        row[5],
        () if row[6] == "[]" else _tokens(row[6]),
        row[7] == 1,
        {} if row[8] == "{}" else _pairs(row[8]),
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        row[14] == 1,
        row[15],
        row[16],
        row[17],
        row[18],
        None if row[19] is None else _preferences(row[19]),
        row[20],
    )


def snapshot(who: Identity, row: Row | None, keys: dict[tuple[int, str], UsedKey] | None = None) -> Snapshot:
    """Read a row of ``read_users``, None for a user who does not exist, as a shallow snapshot."""
    if row is None:
        return Snapshot(who, None, {}, {}, keys or {})
    held = tally(row[21])
    scores = {(board, it.run): it for board, it in held.scores.items()}
    return Snapshot(
        who,
        user_state(row),
        held.totals,
        held.streaks,
        keys or {},
        None,
        None,
        held.points,
        held.marks,
        scores,  # type: ignore[arg-type]  # a newest score is a score
        held.days,
        held.points_days,
    )


def streaks(found: Iterable[Row]) -> dict[Frequency, StreakState]:
    """Read rows of ``streak_rows``."""
    return {
        FREQUENCIES[row[0]]: StreakState(
            days=row[1],
            length=row[2],
            longest=row[3],
            started=row[4],
            started_at=row[5],
            last_period=row[6],
            extended_at=row[7],
            expires_at=row[8],
            lost=row[9] == 1,
            bridged=row[10],
        )
        for row in found
    }


def event(row: Row) -> Event:
    """Read a row of ``read_events``; no attributes are kept as null."""
    attributes = {} if row[7] is None else _pairs(row[7])
    return Event(row[0], row[1], row[2], row[3], row[4], row[5], row[6], attributes, row[8])


def period(row: Row) -> StreakPeriod:
    """Read a row of ``read_periods``."""
    return StreakPeriod(FREQUENCIES[row[0]], *row[1:])


def environment(row: Row) -> Environment:
    """Read a row of ``environments``."""
    number, id_, key, name, priority, version, created, settings = row
    return Environment(number, id_, key, name, priority, version, created, _settings(settings))


def metric(row: Row) -> Metric:
    """Read a row of ``metrics``."""
    number, id_, key, name, unit_type, units, created, archived = row
    return Metric(number, id_, key, name, unit_type, units, created, archived == 1)


def attribute(row: Row) -> Attribute:
    """Read a row of ``attributes``."""
    return Attribute(row[0], row[1], row[2], AttributeType(row[3]), row[4], row[5] == 1)


def measure(row: Row) -> Measure:
    """Read a row of ``measures``."""
    return Measure(row[0], row[1], _filters(row[2]), row[3])


def achievement(row: Row) -> Achievement:
    """Read a row of ``achievements``."""
    return _achievement(row[0])


def definition(row: Row) -> Definition:
    """Read a row of ``documents``; the document names its own kind."""
    document: Definition = _definition(row[0])
    return document


def api_key(row: Row) -> ApiKey:
    """Read a row of ``keys``."""
    return ApiKey(row[0], row[1], KeyKind(row[2]), *row[3:])


def api_key_row(k: ApiKey) -> Row:
    """Write a key as the row of ``put_key``."""
    return (k.id, k.environment, k.kind.value, k.prefix, k.digest, k.tenant, k.user_id, k.created, k.name)


def backdate(row: Row) -> Backdate:
    """Read a row of ``backdates``."""
    return Backdate(*row)
