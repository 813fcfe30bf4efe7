"""What the live feed tells of an outcome: happenings, as they are sent.

Refuses to read: all is in the outcome and the rulebook it was decided by.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import UNSET, Raw, Struct, UnsetType

from plaudit.badges.links import badge_url
from plaudit.engine.rulebook import Rulebook
from plaudit.model.amounts import to_text
from plaudit.model.badges import Badge
from plaudit.model.ids import uuid_text
from plaudit.model.outcome import Outcome
from plaudit.model.points import PointsAward, PointsLevel
from plaudit.model.state import Identity
from plaudit.model.texts import time_text


class Kind(StrEnum):
    """Kinds of happenings; ``MORE`` counts those that a listener was not told."""

    EVENT = "event"
    COMPLETION = "completion"
    POINTS = "points"
    LEVEL = "level"
    MORE = "more"


_RAREST_FIRST = (Kind.COMPLETION, Kind.LEVEL, Kind.POINTS, Kind.EVENT)
_RANK = {kind: rank for rank, kind in enumerate(_RAREST_FIRST)}


class Tag(Struct, frozen=True, rename="camel"):
    """A thing by its looks. ``badge_url`` begins with a slash where the badge is one of ours."""

    id: str
    key: str | None
    name: str
    badge_url: str | None


class Happening(Struct, frozen=True, rename="camel"):
    """One thing that happened to a user; ``at`` is when it was recorded.

    ``value`` and ``total`` are what was added and what it led to: of the metric, or of the points.
    """

    at: str
    user_id: str
    user_name: str | None
    metric: str | UnsetType = UNSET
    value: Raw | UnsetType = UNSET
    total: Raw | UnsetType = UNSET
    achievement: Tag | UnsetType = UNSET
    points: Tag | UnsetType = UNSET
    level: Tag | UnsetType | None = UNSET
    previous_level: Tag | UnsetType | None = UNSET


Told = tuple[Kind, Happening]


def happenings_of(book: Rulebook, who: Identity, outcome: Outcome, now: int) -> Iterator[Told]:
    """Give what happened, in its order.

    Args:
        book: what the environment defines.
        who: whom it happened to.
        outcome: of one command, no replay.
        now: when it was recorded (Unix ms).
    """
    user = outcome.after.user
    whom = time_text(now), who.user_id, None if user is None else user.name
    event = outcome.event
    rule = None if event is None else book.metrics_by_number.get(event.metric)
    if event is not None and rule is not None:
        total = UNSET if outcome.total is None else _amount(outcome.total)
        yield Kind.EVENT, Happening(*whom, rule.metric.key, _amount(event.value), total)
    for completion in outcome.completed:
        earned = book.achievements.get(completion.achievement)
        if earned is not None:
            it = earned.definition
            tag = _tag(it.id, it.key, it.name, it.badge)
            yield Kind.COMPLETION, Happening(*whom, achievement=tag)
    for award in outcome.awards:
        yield from _points(book, whom, award)


def rarest(told: Sequence[Told], most: int) -> list[Told]:
    """Choose some happenings, the rare kinds first, in the order they came."""
    if len(told) <= most:
        return list(told)
    by_rank = sorted(range(len(told)), key=lambda i: _RANK[told[i][0]])
    return [told[i] for i in sorted(by_rank[:most])]


def _points(book: Rulebook, whom: tuple[str, str, str | None], award: PointsAward) -> Iterator[Told]:
    system = None if book.points is None else book.points.systems.get(award.system)
    if system is None:
        return
    tag = _tag(system.definition.id, system.definition.key, system.definition.name, system.definition.badge)
    total = _whole(award.total)
    yield Kind.POINTS, Happening(*whom, value=_whole(award.awarded), total=total, points=tag)
    before, after = system.level_of(award.total - award.awarded), system.level_of(award.total)
    if before != after:
        level, previous = _level(after), _level(before)
        yield Kind.LEVEL, Happening(*whom, total=total, points=tag, level=level, previous_level=previous)


def _level(it: PointsLevel | None) -> Tag | None:
    return None if it is None else _tag(it.id, it.key, it.name, it.badge)


def _tag(id: bytes, key: str | None, name: str, badge: Badge | None) -> Tag:
    return Tag(uuid_text(id), key, name, badge_url(badge, ""))


def _amount(units: int) -> Raw:
    return Raw(to_text(units).encode())


def _whole(number: int) -> Raw:
    return Raw(b"%d" % number)
