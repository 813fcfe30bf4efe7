"""A small world for the engine: definitions in a line each, and a life that stores what outcomes say.

Refuses shortcuts: a life hands the engine shallow snapshots and reads deeper only when asked to.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from plaudit.engine.evaluate import evaluate
from plaudit.engine.history import settle
from plaudit.engine.rulebook import Rulebook, compile_rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import (
    Achievement,
    Attribute,
    AttributeType,
    Definitions,
    Environment,
    EnvironmentSettings,
    Frequency,
    Measure,
    Metric,
    Status,
    StreakSettings,
    Trigger,
)
from plaudit.model.commands import CompleteAchievement, IdentifyUser, RecordEvent, UserPatch
from plaudit.model.ids import subject_key
from plaudit.model.outcome import NeedsDepth, Outcome
from plaudit.model.state import DayChange, Depth, Details, Identity, Snapshot

WORDS = Metric(1, b"w" * 16, "words", "Words", "number", "", 0)
PAGES = Metric(2, b"p" * 16, "pages", "Pages", "number", "", 0)
GONE = Metric(3, b"g" * 16, "gone", "Gone", "number", "", 0, archived=True)
PLAIN = {1: Measure(1, 1, (), 1), 2: Measure(2, 2, (), 1), 3: Measure(3, 3, (), 1)}
ATTRIBUTES = tuple(
    Attribute(kind.value[:1].encode() + key[:15].ljust(15).encode(), key, key, kind, 0)
    for kind, key in (
        (AttributeType.USER, "plan"),
        (AttributeType.USER, "team"),
        (AttributeType.EVENT, "project"),
        (AttributeType.EVENT, "kind"),
    )
)
ATTRIBUTE_IDS = {attribute.key: attribute.id for attribute in ATTRIBUTES}
HOUR = 3_600_000
DAY = 24 * HOUR
ADA = Identity(subject_key(1, "", "ada"), 1, "", "ada")
WHOLE = Depth(days_since=1, periods=True)


def at(text: str, zone: str | None = None) -> int:
    """Unix ms of an ISO time, local to a zone if one is given."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return round(moment.timestamp() * 1000)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def achievement_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def goal(number, trigger, status=Status.ACTIVE, users=(), events=(), needs=(), **fields) -> Achievement:
    """An achievement; ``users`` and ``events`` are ``(attribute key, value)`` pairs."""
    blank = {
        "metric": None,
        "metric_value": None,
        "measure": None,
        "streak_length": None,
        "anniversary_years": None,
    }
    return Achievement(
        number=number,
        id=achievement_id(number),
        name=f"Goal {number}",
        description=None,
        trigger=trigger,
        status=status,
        key=f"goal-{number}",
        badge=None,
        user_attributes=tuple((ATTRIBUTE_IDS[key], value) for key, value in users),
        event_attributes=tuple((ATTRIBUTE_IDS[key], value) for key, value in events),
        achievement_ids=tuple(achievement_id(each) for each in needs),
        created=0,
        updated=0,
        **{**blank, **fields},
    )


def total(number, value, measure=1, metric=1, **more) -> Achievement:
    return goal(
        number, Trigger.METRIC, metric=metric, metric_value=round(value * MICRO), measure=measure, **more
    )


def streak(number, length, **more) -> Achievement:
    return goal(number, Trigger.STREAK, streak_length=length, **more)


def composite(number, *needs, **more) -> Achievement:
    return goal(number, Trigger.ACHIEVEMENT, needs=needs, **more)


def call(number, **more) -> Achievement:
    return goal(number, Trigger.API, **more)


def anniversary(number, years, **more) -> Achievement:
    return goal(number, Trigger.ANNIVERSARY, anniversary_years=years, **more)


def book(*achievements, measures=(), streaks=None, strict=False, version=5) -> Rulebook:
    settings = EnvironmentSettings(streaks or StreakSettings(), strict_idempotency=strict)
    environment = Environment(1, b"e" * 16, "live", "Live", 1, version, 0, settings)
    metrics, every = (WORDS, PAGES, GONE), (*PLAIN.values(), *measures)
    return compile_rulebook(Definitions(environment, metrics, ATTRIBUTES, every, achievements))


class Life:
    """One user's rows, moved only by outcomes."""

    def __init__(self, rules: Rulebook, who: Identity = ADA) -> None:
        self.rules = rules
        self.who = who
        self.user = None
        self.totals, self.streaks, self.keys, self.completions, self.days = {}, {}, {}, {}, {}
        self.periods, self.events, self.asked, self.held = [], [], [], []
        self.count = 0

    def snapshot(self, depth: Depth | None = None) -> Snapshot:
        details = None
        if depth is not None:
            since = depth.days_since
            kept = (
                {m: {d: c for d, c in days.items() if d >= since} for m, days in self.days.items()}
                if since
                else {}
            )
            kept = {measure: days for measure, days in kept.items() if days}
            ordered = (
                tuple(sorted(self.periods, key=lambda p: (p.frequency, p.period))) if depth.periods else ()
            )
            pauses = tuple(self.held) if depth.periods else ()
            some = self.completions if depth.some is None else self.completions.keys() & depth.some
            earned = {number: self.completions[number] for number in some}
            details = Details(earned, kept, ordered, pauses)
        return Snapshot(
            self.who, self.user, dict(self.totals), dict(self.streaks), dict(self.keys), details, depth
        )

    def _days_since(self, since: int | None):
        if since is None:
            return {}
        kept = {m: {d: c for d, c in days.items() if d >= since} for m, days in self.days.items()}
        return {measure: days for measure, days in kept.items() if days}

    def do(self, command):
        """Decide a command as the act does, store what the outcome says, and give it."""
        depth, self.asked = None, []
        while True:
            answer = evaluate(self.rules, self.snapshot(depth), command)
            if not isinstance(answer, NeedsDepth):
                break
            assert depth is None or not depth.covers(answer.depth)
            depth = answer.depth
            self.asked.append(depth)
        if isinstance(answer, Outcome) and answer.replay is None:
            born = self.user is None
            self._store(answer)
            assert answer.after == self.snapshot(WHOLE if born else depth)
        return answer

    def _store(self, outcome: Outcome) -> None:
        self.user, self.keys = outcome.after.user, dict(outcome.after.keys)
        for change in outcome.changes:
            self.totals[change.measure] = change.total
            days = self.days.setdefault(change.measure, {})
            old = days.get(change.day, DayChange(0, outcome.event.at))
            days[change.day] = DayChange(old.change + change.change, max(old.last_at, outcome.event.at))
        for done in outcome.completed:
            assert done.achievement not in self.completions
            self.completions[done.achievement] = done
        held = {(row.frequency, row.period): row for row in self.periods}
        held |= {(row.frequency, row.period): row for row in outcome.periods}
        self.periods = list(held.values())
        paused = {pause.id: pause for pause in (*self.held, *outcome.pauses)}
        self.held = sorted((p for p in paused.values() if not p.archived), key=lambda p: (p.first, p.id))
        self.streaks.update(outcome.streaks)
        if outcome.event is not None:
            self.events.append(outcome.event)

    def _id(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(16, "big")

    def event(self, value, when, metric="words", now=None, key=None, user=None, **attributes):
        now = when if now is None else now
        patch = user or UserPatch()
        units = round(value * MICRO)
        return self.do(RecordEvent(self._id(), self.who, now, metric, units, when, patch, attributes, key))

    def identify(self, when, must_exist=False, **fields):
        return self.do(IdentifyUser(self._id(), self.who, when, UserPatch(**fields), must_exist))

    def complete(self, key, when, **fields):
        return self.do(CompleteAchievement(self._id(), self.who, when, key, UserPatch(**fields)))

    def settle(self, rules: Rulebook, now: int):
        """Settle to newer definitions as the job does."""
        settled = settle(rules, self.snapshot(WHOLE), self.events, now, self._id())
        self.rules, self.user = rules, settled.after.user
        self.totals.update(settled.totals)
        self.days.update({measure: dict(days) for measure, days in settled.days.items()})
        for done in settled.completions:
            assert done.achievement not in self.completions
            self.completions[done.achievement] = done
        assert settled.after == self.snapshot(WHOLE)
        return settled

    @property
    def daily(self):
        return self.streaks[Frequency.DAILY]


def numbers(outcome) -> list[int]:
    """The achievements an outcome or a settling completed."""
    done = outcome.completed if isinstance(outcome, Outcome) else outcome.completions
    return [each.achievement for each in done]
