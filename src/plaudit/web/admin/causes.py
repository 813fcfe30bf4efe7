"""What a user's events caused, and the rest of what is kept of a user, as the Admin API shows it.

Refuses to read; everything was read before.
"""

from collections.abc import Iterable

from msgspec import Struct, to_builtins

from plaudit.engine.rulebook import Rulebook
from plaudit.model.ids import uuid_text
from plaudit.model.points import PointsAward
from plaudit.model.state import Completion, Event, Snapshot
from plaudit.storage.points_port import UserPoints
from plaudit.web.admin.people_shapes import CausedAchievement, CausedPoints, UserEvent
from plaudit.web.texts import exact, time_text


class Caused(Struct, frozen=True):
    """What a user's events caused, to be looked up by their numbers."""

    rulebook: Rulebook
    completions: dict[int, list[Completion]]
    awards: dict[int, list[PointsAward]]


def caused_of(rulebook: Rulebook, snapshot: Snapshot, held: UserPoints | None) -> Caused:
    """Lay out what a user's events caused."""
    completions: dict[int, list[Completion]] = {}
    awards: dict[int, list[PointsAward]] = {}
    for each in completions_of(snapshot):
        if each.seq:
            completions.setdefault(each.seq, []).append(each)
    for award in [] if held is None else held.awards:
        if award.seq is not None:
            awards.setdefault(award.seq, []).append(award)
    return Caused(rulebook, completions, awards)


def event_of(event: Event, caused: Caused) -> UserEvent:
    """Give an event and what it caused."""
    rulebook = caused.rulebook
    awards = caused.awards.get(event.seq, ())
    return UserEvent(
        id=uuid_text(event.id),
        metric=rulebook.metrics_by_number[event.metric].metric.key,
        value=exact(event.value),
        timestamp=time_text(event.at),
        recorded=time_text(event.recorded),
        attributes=event.attributes,
        idempotency_key=event.key,
        achievements=achievements_of(rulebook, caused.completions.get(event.seq, ())),
        points=[CausedPoints(system_key(rulebook, award.system), award.awarded) for award in awards],
    )


def completions_of(snapshot: Snapshot) -> list[Completion]:
    """Give what a user has completed."""
    return [] if snapshot.details is None else list(snapshot.details.completions.values())


def achievements_of(rulebook: Rulebook, completions: Iterable[Completion]) -> list[CausedAchievement]:
    """Give completions with the names of their achievements; deleted achievements are left out."""
    return [
        CausedAchievement(
            uuid_text(rule.definition.id), rule.definition.name, uuid_text(each.id), time_text(each.at)
        )
        for each in completions
        if (rule := rulebook.achievements.get(each.achievement)) is not None
    ]


def totals_of(rulebook: Rulebook, snapshot: Snapshot) -> dict[str, object]:
    """Give a user's totals by metric."""
    held = snapshot.totals
    return {
        rule.metric.key: exact(held[rule.plain.number].total)
        for rule in rulebook.metrics_by_number.values()
        if rule.plain.number in held
    }


def records_of(snapshot: Snapshot, held: UserPoints | None) -> dict[str, object]:
    """Give the rest as it is kept: the profile, streaks, days, periods, pauses and awards."""
    return {
        "profile": to_builtins(snapshot.user, str_keys=True),
        "streaks": to_builtins(snapshot.streaks, str_keys=True),
        "details": to_builtins(snapshot.details, str_keys=True),
        "awards": [] if held is None else to_builtins(held.awards),
    }


def system_key(rulebook: Rulebook, number: int) -> str:
    """Give the key of a points system; its number when it is deleted."""
    system = None if rulebook.points is None else rulebook.points.systems.get(number)
    return str(number) if system is None else system.definition.key
