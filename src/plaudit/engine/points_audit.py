"""The audit of one user's points: totals, awards and days held against each other and the event log.

Refuses to repair; it names each drift in one sentence.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from plaudit.model.points import PointsAward, PointsState
from plaudit.model.state import UserState


def audit_points(
    user: UserState,
    states: Mapping[int, PointsState],
    awards: Sequence[PointsAward],
    days: Mapping[tuple[int, int], int],
    events: int,
) -> list[str]:
    """Give one sentence per drift between what a user holds of points and the awards that led to it.

    Args:
        user: whose points they are.
        states: the kept totals, by system.
        awards: every award, by system and number.
        days: the kept changes by system and local day.
        events: how many events are logged.
    """
    chains: dict[int, list[PointsAward]] = defaultdict(list)
    for award in awards:
        chains[award.system].append(award)
    found = [
        drift
        for system in sorted(chains.keys() | states.keys())
        for drift in _chain(system, chains[system], states.get(system), events)
    ]
    found += _days(awards, days)
    return [f"user {user.id}: {drift}" for drift in found]


def _chain(
    system: int, awards: Sequence[PointsAward], state: PointsState | None, events: int
) -> Iterator[str]:
    total = 0
    for n, award in enumerate(awards, 1):
        total += award.awarded
        if award.n != n:
            yield f"award {n} in points system {system} is missing"
            return
        if award.total != total or total < 0:
            yield f"award {n} in points system {system} leads to {award.total}, its awards make {total}"
            return
        if award.seq is not None and not 0 < award.seq <= events:
            yield f"award {n} in points system {system} names an event that is not logged"
    if state != PointsState(total, len(awards)):
        kept = None if state is None else state.total
        yield f"points system {system} is kept as {kept}, its {len(awards)} awards make {total}"


def _days(awards: Sequence[PointsAward], days: Mapping[tuple[int, int], int]) -> Iterator[str]:
    sums: Counter[tuple[int, int]] = Counter()
    for award in awards:
        sums[award.system, award.day] += award.awarded
    if dict(sums) != dict(days):
        yield "the points per day differ from the awards of those days"
