"""Parting changes of days: the newest day in the tally and the rows before it come to what was added."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from plaudit.model.state import DayChange, NewestDay
from plaudit.operations.day_writes import part_days

MOVES = st.lists(
    st.tuples(st.integers(1, 2), st.integers(738_000, 738_003), st.integers(-9, 9), st.integers(0, 99)),
    max_size=6,
)


@given(st.lists(MOVES, max_size=8))
def test_rows_and_newest_days_come_to_what_was_added(groups):
    newest, rows, latest = {}, Counter(), {}
    added, seen = Counter(), {}
    for moves in groups:
        newest, parted = part_days(newest, moves)
        for number, day, change, at in moves:
            added[number, day] += change
            seen[number, day] = max(seen.get((number, day), 0), at)
        for key, it in parted.items():
            rows[key] += it.change
            latest[key] = max(latest.get(key, 0), it.last_at)
    assert all(day < newest[number].day for number, day in rows)
    assert {n: it.day for n, it in newest.items()} == {n: max(d for m, d in seen if m == n) for n, _ in seen}
    whole = Counter(rows)
    for number, it in newest.items():
        whole[number, it.day] += it.change
        latest[number, it.day] = it.last_at
    assert {key: whole[key] for key in seen} == {key: added[key] for key in seen}
    assert latest == seen


def test_what_was_held_is_not_changed():
    held = {1: NewestDay(738_000, 5, 10)}
    newest, rows = part_days(held, [(1, 738_001, 2, 11), (1, 738_000, 1, 12)])
    assert held == {1: NewestDay(738_000, 5, 10)}
    assert newest == {1: NewestDay(738_001, 2, 11)}
    assert rows == {(1, 738_000): DayChange(6, 12)}
