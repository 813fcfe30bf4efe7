"""Points systems in a line each, and a purse: one user's points over the evolving snapshot.

Refuses to read anything: a newborn user is known with every detail.
"""

from tests.engine.lives import ADA, ATTRIBUTE_IDS, ATTRIBUTES, GONE, PAGES, PLAIN, WORDS

from plaudit.engine.evaluate import evaluate
from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Definitions, Environment, EnvironmentSettings
from plaudit.model.commands import CompleteAchievement, IdentifyUser, PassTime, RecordEvent, UserPatch
from plaudit.model.outcome import Outcome
from plaudit.model.points import (
    NO_POINTS,
    PointsBoost,
    PointsLevel,
    PointsSystem,
    PointsTrigger,
    PointsTriggerType,
    Rounding,
    TimeUnit,
)
from plaudit.model.state import Depth, Snapshot

XP = 100


def an_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def filters(pairs):
    return tuple((ATTRIBUTE_IDS[key], value) for key, value in pairs)


def system(number=XP, most=None, **more) -> PointsSystem:
    return PointsSystem(number, an_id(number), f"s{number}", f"S{number}", None, None, most, 0, 0, **more)


def trigger(number, type, points, users=(), events=(), system=XP, active=True, **more) -> PointsTrigger:
    plain = dict.fromkeys(
        (
            "metric",
            "measure",
            "metric_threshold",
            "streak_length",
            "achievement",
            "time_unit",
            "time_interval",
        )
    )
    return PointsTrigger(
        number=number,
        id=an_id(number),
        system=system,
        type=type,
        points=points,
        active=active,
        user_attributes=filters(users),
        event_attributes=filters(events),
        created=0,
        updated=0,
        **{**plain, **more},
    )


def every(number, step, points, measure=1, **more) -> PointsTrigger:
    """Award points every ``step`` of the metric ``words``."""
    return trigger(
        number,
        PointsTriggerType.METRIC,
        points,
        metric=1,
        measure=measure,
        metric_threshold=step * MICRO,
        **more,
    )


def hourly(number, points, hours=1, **more) -> PointsTrigger:
    return trigger(
        number, PointsTriggerType.TIME, points, time_unit=TimeUnit.HOUR, time_interval=hours, **more
    )


def boost(number, multiplier, start=1, end=None, rounding=Rounding.DOWN, users=(), user=None, **more):
    return PointsBoost(
        number,
        an_id(number),
        XP,
        f"B{number}",
        "",
        user,
        start,
        end,
        multiplier,
        rounding,
        filters(users),
        0,
        **more,
    )


def level(number, points) -> PointsLevel:
    return PointsLevel(number, an_id(number), XP, f"l{number}", f"L{number}", "", None, points, 0)


def points_book(*documents, achievements=(), measures=(), version=5) -> Rulebook:
    environment = Environment(1, b"e" * 16, "live", "Live", 1, version, 0, EnvironmentSettings())
    metrics, all_measures = (WORDS, PAGES, GONE), (*PLAIN.values(), *measures)
    return compile_rulebook(
        Definitions(environment, metrics, ATTRIBUTES, all_measures, tuple(achievements), documents)
    )


class Purse:
    """Ada and her points."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.snapshot = Snapshot(ADA, None, {}, {}, {})
        self.awards = []
        self.count = 0

    def do(self, command):
        snapshot = self.snapshot
        if snapshot.user is not None:
            # A purse has read whatever may be asked for.
            snapshot = Snapshot(
                snapshot.who,
                snapshot.user,
                snapshot.totals,
                snapshot.streaks,
                snapshot.keys,
                snapshot.details,
                Depth(days_since=1, periods=True, awards_of=tuple(range(1, 100))),
                snapshot.points,
                snapshot.marks,
            )
        answer = evaluate(self.book, snapshot, command)
        if isinstance(answer, Outcome) and answer.replay is None:
            self.snapshot = answer.after
            self.awards.extend(answer.awards)
        return answer

    def event(self, value, when, now=None, key=None, user=None, **attributes):
        now = when if now is None else now
        units = round(value * MICRO)
        patch = user or UserPatch()
        return self.do(RecordEvent(self._id(), ADA, now, "words", units, when, patch, attributes, key))

    def identify(self, when, **fields):
        return self.do(IdentifyUser(self._id(), ADA, when, UserPatch(**fields)))

    def complete(self, key, when):
        return self.do(CompleteAchievement(self._id(), ADA, when, key, UserPatch()))

    def time(self, now, *dues):
        return self.do(PassTime(self._id(), ADA, now, dues))

    def total(self, system=XP) -> int:
        return self.snapshot.points.get(system, NO_POINTS).total

    def _id(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(16, "big")


def given(outcome) -> list[tuple[int, int]]:
    """The awards of an outcome as ``(awarded, total)``."""
    return [(award.awarded, award.total) for award in outcome.awards]
