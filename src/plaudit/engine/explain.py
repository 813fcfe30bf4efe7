"""Why, or why not: what an achievement needs, what a user has, and which events counted toward it.

Refuses to decide; it tells what the rules say of what is kept. Replays of a key are no events.
"""

from collections.abc import Sequence

from msgspec import Struct

from plaudit.engine.progress import Progress, progress
from plaudit.engine.rulebook import AchievementRule, Rulebook, matches
from plaudit.model.catalog import Status
from plaudit.model.state import Completion, Event, Snapshot

MOST = 50
"""Newest events shown as evidence, of those that counted and of those that did not each."""


class Need(Struct, frozen=True):
    """One thing an achievement asks for, in a sentence, and whether it is so."""

    sentence: str
    met: bool


class Explanation(Struct, frozen=True):
    """Why a user has an achievement, or not. Events come newest first, left out ones with the reason."""

    completion: Completion | None
    revoked: bool
    progress: Progress
    needs: tuple[Need, ...]
    counted: tuple[Event, ...]
    left_out: tuple[tuple[Event, str], ...]


def explain(
    rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, events: Sequence[Event], now: int
) -> Explanation:
    """Explain one achievement of one user; the snapshot has been read with its completions."""
    details = snapshot.details
    done = None if details is None else details.completions.get(rule.number)
    revoked = details is not None and rule.number in details.revoked and done is None
    standing = progress(rulebook, snapshot, rule, now)
    own = [event for event in reversed(events) if event.metric == rule.definition.metric]
    counted = [event for event in own if matches(rule.event_filters, event.attributes)]
    left = [(event, _why(rule, event)) for event in own if not matches(rule.event_filters, event.attributes)]
    needs = _needs(rulebook, snapshot, rule, standing, revoked=revoked)
    return Explanation(done, revoked, standing, needs, tuple(counted[:MOST]), tuple(left[:MOST]))


def _why(rule: AchievementRule, event: Event) -> str:
    wrong = [
        f"{key} is {event.attributes.get(key, 'not set')}, needed is {value}"
        for key, value in rule.event_filters
        if event.attributes.get(key) != value
    ]
    return "; ".join(wrong)


def _needs(
    rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, standing: Progress, *, revoked: bool
) -> tuple[Need, ...]:
    status = rule.definition.status
    needs = [Need(f"The achievement is {status}; it has to be active.", status is Status.ACTIVE)]
    attributes = {} if snapshot.user is None else snapshot.user.attributes
    for key, value in rule.user_filters:
        has = attributes.get(key)
        needs.append(Need(f"The user's {key} is {has or 'not set'}; needed is {value}.", has == value))
    held = {} if snapshot.details is None else snapshot.details.completions
    for number in rule.prerequisites:
        name = rulebook.achievements[number].definition.name if number in rulebook.achievements else "?"
        needs.append(Need(f"The achievement '{name}' is needed.", number in held))
    met = standing.current_units >= standing.target_units
    needs.append(Need("The target of the progress has to be reached.", met))
    if revoked:
        needs.append(Need("It was taken back; only a new crossing or call completes it again.", met=False))
    return tuple(needs)
