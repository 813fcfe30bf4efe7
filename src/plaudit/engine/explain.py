"""Why, or why not: what an achievement needs, what a user has, and which events counted toward it.

Refuses to decide; it tells what the rules say of what is kept. Replays of a key are no events.
"""

from collections.abc import Callable

from msgspec import Struct

from plaudit.engine.progress import Progress, progress
from plaudit.engine.rulebook import AchievementRule, Rulebook, matches
from plaudit.model.catalog import Metric, Status
from plaudit.model.state import Completion, Event, Snapshot


class Need(Struct, frozen=True):
    """One thing an achievement asks for, in a sentence, and whether it is so."""

    sentence: str
    met: bool


class Explanation(Struct, frozen=True):
    """Why a user has an achievement, or not."""

    completion: Completion | None
    revoked: bool
    progress: Progress
    needs: tuple[Need, ...]


def explain(rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Explanation:
    """Explain one achievement of one user; the snapshot has been read with its completions."""
    details = snapshot.details
    done = None if details is None else details.completions.get(rule.number)
    revoked = details is not None and rule.number in details.revoked and done is None
    standing = progress(rulebook, snapshot, rule, now)
    needs = _needs(rulebook, snapshot, rule, standing, revoked=revoked)
    return Explanation(done, revoked, standing, needs)


def namesakes(rulebook: Rulebook, rule: AchievementRule) -> dict[int, Metric]:
    """Give the metrics, by number, whose events an achievement's reader looks for.

    Its own, and those that had the same key and were deleted, whose events it never counts.
    """
    own = rule.metric
    if own is None:
        return {}
    all_ = (each.metric for each in rulebook.metrics_by_number.values())
    return {m.number: m for m in all_ if m.number == own.number or (m.archived and m.key == own.key)}


def reasons(rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule) -> Callable[[Event], str | None]:
    """Give what tells of an event (of ``namesakes``) why it did not count; None when it counted.

    The time of an event is no reason: a total holds all events of its metric, also those from before the
    achievement was made or active. Only the metric itself has a beginning.
    """
    measure = rulebook.measures.get(rule.definition.measure or 0)
    settled = 0 if snapshot.user is None else snapshot.user.settled
    young = measure is not None and bool(measure.filters) and measure.since > settled

    def reason(event: Event) -> str | None:
        if event.metric != rule.definition.metric:
            return "It is older than the metric: one of the same key counted it, and was deleted"
        if not matches(rule.event_filters, event.attributes):
            return _mismatch(rule, event)
        return "It does not count yet: back-dating has not come to this user" if young else None

    return reason


def _mismatch(rule: AchievementRule, event: Event) -> str:
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
