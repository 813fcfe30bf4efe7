"""Points as rows: what a group writes of them, and rows read back.

Refuses SQL; a row is a tuple of values both drivers take.
"""

from collections.abc import Callable

import msgspec

from plaudit.model.outcome import Writes
from plaudit.model.points import PointsAward
from plaudit.storage.rows import Row, to_json

_numbers = msgspec.json.Decoder(tuple[int, ...]).decode


def award(row: Row) -> PointsAward:
    """Read the columns of an award, without its subject; no boosts are kept as null."""
    system, n, id_, trigger, awarded, total, at, day, seq, boosts = row
    applied = () if boosts is None else _numbers(boosts)
    return PointsAward(system, n, id_, trigger, awarded, total, at, day, seq, applied)


def _awards(writes: Writes) -> list[Row]:
    return [
        (
            subject,
            a.system,
            a.n,
            a.id,
            a.trigger,
            a.awarded,
            a.total,
            a.at,
            a.day,
            a.seq,
            to_json(a.boosts) if a.boosts else None,
        )
        for subject, a in writes.awards
    ]


def _days(writes: Writes) -> list[Row]:
    return [(w.subject, w.system, w.day, w.change) for w in writes.points_days]


POINTS_STEPS: tuple[tuple[str, Callable[[Writes], list[Row]]], ...] = (
    ("insert_awards", _awards),
    ("add_points_days", _days),
    ("plan_dues", lambda writes: list(writes.new_dues)),
    ("move_dues", lambda writes: list(writes.moved_dues)),
    ("end_dues", lambda writes: list(writes.ended_dues)),
)
"""Statement names and their rows, in the order in which they are run."""
