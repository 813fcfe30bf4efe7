"""Parts changes of local days: the newest of each measure or system for the tally, rows for those before.

Refuses rows on the newest day or after it: whoever reads days adds both together.
"""

from collections.abc import Iterable, Mapping

from plaudit.model.outcome import DayWrite, Writes
from plaudit.model.state import DayChange, NewestDay

Moved = tuple[int, int, int, int]
"""A number (of a measure or a system), a local day, what to add, and when (Unix ms; 0 for points)."""

Rows = dict[tuple[int, int], DayChange]
"""What is to be added to rows, by number and day."""


def part_days(held: dict[int, NewestDay], moves: Iterable[Moved]) -> tuple[dict[int, NewestDay], Rows]:
    """Give the newest days after some changes, and what is to be added to rows of days before them.

    Args:
        held: the newest days before, by number.
        moves: what to add, in any order.
    """
    newest, rows = held.copy(), Rows()
    for number, day, change, at in moves:
        known = newest.get(number)
        if known is None:
            newest[number] = NewestDay(day, change, at)
        elif known.day == day:
            newest[number] = NewestDay(day, known.change + change, max(known.last_at, at))
        elif known.day < day:
            _add(rows, (number, known.day), known.change, known.last_at)
            newest[number] = NewestDay(day, change, at)
        else:
            _add(rows, (number, day), change, at)
    return newest, rows


def put_days(
    subject: bytes, held: dict[int, NewestDay], moves: Iterable[Moved], writes: Writes
) -> dict[int, NewestDay]:
    """Write the rows of days before the newest; give each measure's newest day after some changes."""
    newest, rows = part_days(held, moves)
    writes.days.extend([DayWrite(subject, *key, it.change, it.last_at) for key, it in rows.items()])
    return newest


def moves_of(days: Mapping[int, Mapping[int, DayChange]]) -> list[Moved]:
    """Give changes by number and day as moves."""
    return [(n, day, it.change, it.last_at) for n, changes in days.items() for day, it in changes.items()]


def _add(rows: Rows, key: tuple[int, int], change: int, at: int) -> None:
    known = rows.get(key)
    rows[key] = (
        DayChange(change, at) if known is None else DayChange(known.change + change, max(known.last_at, at))
    )
