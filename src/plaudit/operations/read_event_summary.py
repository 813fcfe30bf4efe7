"""Reads how a user's total of a metric moved, by day, week or month.

Refuses partial periods: a week or month is told whole, from its first day to its last.
"""

from msgspec import Struct

from plaudit.engine.periods import period_end, period_start
from plaudit.engine.rulebook import Rulebook
from plaudit.model.catalog import Frequency
from plaudit.model.state import Identity
from plaudit.operations.read_metrics import metric_of
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Ledger


class SummaryRow(Struct, frozen=True):
    """One period: its first day, the total at its end, and the change in it (micro-units)."""

    day: int
    total: int
    change: int


async def read_event_summary(
    ledger: Ledger, rulebook: Rulebook, who: Identity, key: str, span: tuple[Frequency, int, int]
) -> list[SummaryRow]:
    """Give one row for each period that holds a day from first to last.

    Args:
        ledger: where to read.
        rulebook: the definitions of the user's environment.
        who: the user.
        key: the metric's key.
        span: the kind of period, and the first and the last ordinal day.

    Raises:
        PlauditError: ``UNKNOWN_METRIC`` or ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    measure = metric_of(rulebook, key).plain.number
    await read_known(ledger, who, None)
    kind, first, last = span
    starts = starts_of(kind, first, last, rulebook.streaks.week_start)
    until = period_end(kind, starts[-1])
    total, days = await ledger.day_totals(who.subject, measure, starts[0], until)
    changes = dict.fromkeys(starts, 0)
    for day, change in days:
        changes[period_start(kind, day, rulebook.streaks.week_start)] += change
    rows = []
    for start, change in changes.items():
        total += change
        rows.append(SummaryRow(start, total, change))
    return rows


def starts_of(kind: Frequency, first: int, last: int, week_start: int) -> list[int]:
    """Give the first days of the periods that hold a day from first to last."""
    starts = [period_start(kind, first, week_start)]
    while (following := period_end(kind, starts[-1]) + 1) <= last:
        starts.append(following)
    return starts
