"""The decision: what one command causes for one user, given the rulebook and a snapshot.

Refuses everything but its arguments: no clock, no database, no randomness. The same arguments give
the same outcome.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from plaudit.engine.care import CARE, action_of
from plaudit.engine.draft import Deeper, Draft
from plaudit.engine.fingerprint import fingerprint
from plaudit.engine.grant import give, granted_action
from plaudit.engine.leaderboards import move_scores
from plaudit.engine.measures import feed
from plaudit.engine.points import OutOfPoints, award_points, pass_time, used_awards
from plaudit.engine.revoke import revoke, revoked_action
from plaudit.engine.rulebook import AchievementRule, MetricRule, Rulebook, visible
from plaudit.engine.streaks import count_event, let_pass, moves_of
from plaudit.engine.triggers import TRIGGERS
from plaudit.model.amounts import LIMIT, to_text
from plaudit.model.catalog import Status, Trigger
from plaudit.model.commands import (
    NOTHING,
    Command,
    CompleteAchievement,
    GrantCompletion,
    IdentifyUser,
    PassTime,
    RecordEvent,
    RevokeCompletion,
    StreakCommand,
    UserPatch,
)
from plaudit.model.errors import Code
from plaudit.model.outcome import NeedsDepth, Outcome, Refusal
from plaudit.model.state import Completion, Depth, Event, Snapshot, UsedKey

Decision = Outcome | Refusal | NeedsDepth


def evaluate(rulebook: Rulebook, snapshot: Snapshot, command: Command) -> Decision:
    """Decide one command.

    Gives the outcome, or a refusal (then nothing may be stored), or the depth to which the user has
    to be read before asking again.
    """
    try:
        return _ACTS[type(command)](rulebook, snapshot, command)
    except Deeper as deeper:
        return NeedsDepth(deeper.depth)
    except OutOfPoints as short:
        return Refusal(Code.OUT_OF_POINTS, short.words)


def _record_event(rulebook: Rulebook, snapshot: Snapshot, command: RecordEvent) -> Decision:
    metric = rulebook.metrics.get(command.metric)
    if metric is None:
        return Refusal(Code.UNKNOWN_METRIC, {"key": command.metric})
    refusal = _undeclared_event(rulebook, command.attributes) or _undeclared_user(rulebook, command.user)
    if refusal is not None:
        return refusal
    body = None
    if command.key is not None:
        body = fingerprint(command.value, command.attributes)
        first = snapshot.keys.get((metric.metric.number, command.key))
        if first is not None:
            return _replay(rulebook, snapshot, metric, first, first.fingerprint != body)
    draft = _open(rulebook, snapshot, command, command.at)
    if not feed(draft, metric, command):
        limit = to_text(LIMIT)
        return Refusal(Code.TOTAL_OUT_OF_RANGE, {"key": command.metric, "limit": limit})
    event = draft.log(metric.metric.number, command, body)
    count_event(draft, metric.metric.number, command.value)
    return _close(draft, metric, event)


def _replay(
    rulebook: Rulebook, snapshot: Snapshot, metric: MetricRule, first: UsedKey, mismatch: bool
) -> Decision:
    if mismatch and rulebook.environment.settings.strict_idempotency:
        return Refusal(Code.KEY_MISMATCH)
    paused = snapshot.user is not None and snapshot.user.paused_until is not None
    depth = Depth(periods=paused, awards_of=() if rulebook.points is None else (first.seq,))
    if snapshot.details is None or snapshot.depth is None or not snapshot.depth.covers(depth):
        # All keys at once: a group of replays of one user is read once, not once for each.
        used = tuple(sorted({key.seq for key in snapshot.keys.values()})) if depth.awards_of else ()
        depth = Depth(periods=paused, awards_of=used)
        return NeedsDepth(depth if snapshot.depth is None else snapshot.depth.join(depth))
    held = snapshot.totals.get(metric.plain.number)
    return Outcome(
        after=snapshot,
        metric=metric.metric.number,
        total=0 if held is None else held.total,
        completed=tuple(c for c in snapshot.details.completions.values() if c.seq == first.seq),
        replay=first,
        mismatch=mismatch,
        awards=used_awards(snapshot, first.seq),
    )


def _complete_achievement(rulebook: Rulebook, snapshot: Snapshot, command: CompleteAchievement) -> Decision:
    rule = rulebook.by_key.get(command.achievement)
    refusal = _not_by_call(rule, command.achievement) or _undeclared_user(rulebook, command.user)
    if refusal is not None or rule is None:
        return refusal or Refusal(Code.UNKNOWN_ACHIEVEMENT, {"key": command.achievement})
    draft = _open(rulebook, snapshot, command, command.now)
    earned = draft.completion(rule.number)
    if earned is None:
        refusal = _not_open(rule, draft.user.attributes)
        if refusal is not None:
            return refusal
        draft.asked = rule
    return _close(draft, already=earned)


def _grant(rulebook: Rulebook, snapshot: Snapshot, command: GrantCompletion) -> Decision:
    if snapshot.user is None:
        return Refusal(Code.UNKNOWN_USER, {"id": snapshot.who.user_id})
    rule = rulebook.achievements.get(command.achievement)
    if rule is None or rule.definition.status is Status.INACTIVE:
        return Refusal(Code.NOT_GRANTABLE, {"name": rule.definition.name if rule else "?"})
    draft = _open(rulebook, snapshot, command, command.now)
    earned = draft.completion(rule.number)
    if earned is not None:
        return _close(draft, already=earned)
    refusal = _not_open(rule, draft.user.attributes)
    if refusal is not None:
        return refusal
    give(draft, rule)
    return replace(_close(draft), action=granted_action(command, rule))


def _not_by_call(rule: AchievementRule | None, key: str) -> Refusal | None:
    if rule is None or rule.definition.status is Status.INACTIVE:
        return Refusal(Code.UNKNOWN_ACHIEVEMENT, {"key": key})
    trigger = rule.definition.trigger
    if trigger is not Trigger.API:
        return Refusal(Code.NOT_API_ACHIEVEMENT, {"key": key, "trigger": trigger.value})
    return None


def _not_open(rule: AchievementRule, attributes: Mapping[str, str]) -> Refusal | None:
    key = rule.definition.key or rule.definition.name
    if rule.definition.status is Status.LOCKED:
        return Refusal(Code.LOCKED_ACHIEVEMENT, {"key": key})
    if not visible(rule, attributes):
        needed = ", ".join(f"{name}={value}" for name, value in rule.user_filters)
        return Refusal(Code.NOT_ELIGIBLE, {"key": key, "needed": needed})
    return None


def _identify_user(rulebook: Rulebook, snapshot: Snapshot, command: IdentifyUser) -> Decision:
    if command.must_exist and snapshot.user is None:
        return Refusal(Code.UNKNOWN_USER, {"id": snapshot.who.user_id})
    refusal = _undeclared_user(rulebook, command.user)
    if refusal is not None:
        return refusal
    return _close(_open(rulebook, snapshot, command, command.now))


def _revoke(rulebook: Rulebook, snapshot: Snapshot, command: RevokeCompletion) -> Decision:
    if snapshot.user is None:
        return Refusal(Code.UNKNOWN_USER, {"id": snapshot.who.user_id})
    draft = _open(rulebook, snapshot, command, command.now)
    gone = revoke(draft, command)
    if gone is None:
        return Refusal(Code.MOVED, {"id": snapshot.who.user_id, "seconds": "1"})
    outcome = _close(draft)
    numbers = {each.achievement for each in gone}
    after, action = _without(outcome.after, numbers), revoked_action(draft, command, gone)
    return replace(outcome, after=after, revoked=gone, action=action)


def _without(after: Snapshot, numbers: set[int]) -> Snapshot:
    """Give a snapshot without completions that were taken back."""
    details = after.details
    if details is None:
        return after
    kept = {number: each for number, each in details.completions.items() if number not in numbers}
    return replace(after, details=replace(details, completions=kept, revoked=details.revoked | numbers))


def _pass_time(rulebook: Rulebook, snapshot: Snapshot, command: PassTime) -> Decision:
    if snapshot.user is None:
        return Refusal(Code.UNKNOWN_USER, {"id": snapshot.who.user_id})
    draft = _open(rulebook, snapshot, command, command.now)
    pass_time(draft, rulebook.points, command)
    return _close(draft)


def _care(rulebook: Rulebook, snapshot: Snapshot, command: StreakCommand) -> Decision:
    if snapshot.user is None:
        return Refusal(Code.UNKNOWN_USER, {"id": snapshot.who.user_id})
    draft = _open(rulebook, snapshot, command, command.now)
    refusal = CARE[type(command)](draft, command)
    return refusal or replace(_close(draft), action=action_of(command))


def _undeclared_event(rulebook: Rulebook, attributes: Mapping[str, str]) -> Refusal | None:
    if attributes.keys() <= rulebook.event_attributes:
        return None
    unknown = sorted(attributes.keys() - rulebook.event_attributes)
    return Refusal(Code.UNKNOWN_EVENT_ATTRIBUTES, {"keys": ", ".join(unknown)})


def _undeclared_user(rulebook: Rulebook, patch: UserPatch) -> Refusal | None:
    if patch is NOTHING or not isinstance(patch.attributes, dict):
        return None
    unknown = sorted(patch.attributes.keys() - rulebook.user_attributes)
    if not unknown:
        return None
    return Refusal(Code.UNKNOWN_USER_ATTRIBUTES, {"keys": ", ".join(unknown)})


def _open(rulebook: Rulebook, snapshot: Snapshot, command: Command, at: int) -> Draft:
    draft = Draft(rulebook, snapshot, command, at)
    let_pass(draft)
    return draft


def _close(
    draft: Draft,
    metric: MetricRule | None = None,
    event: Event | None = None,
    already: Completion | None = None,
) -> Outcome:
    _award(draft)
    if draft.anniversary_due:
        draft.plan_anniversary()
    if draft.rulebook.points is not None:
        award_points(draft, draft.rulebook.points)
    if draft.rulebook.boards is not None:
        move_scores(draft, draft.rulebook.boards, event)
    # The first by their places: of as many names, each is looked for among all of them.
    return Outcome(
        draft.after(),
        draft.profile.created,
        draft.profile_changed,
        event,
        None if metric is None else metric.metric.number,
        None if metric is None else draft.changes[0].total.total,
        draft.changes,
        tuple(draft.completed.values()),
        draft.moved_streaks(),
        draft.extended,
        draft.periods,
        already=already,
        moves=moves_of(draft),
        pauses=draft.paused,
        awards=draft.awards,
        dues=draft.dues,
        scores=draft.score_changes,
    )


def _award(draft: Draft) -> None:
    """Award what the command crossed, then what it now allows, until nothing changes."""
    others = draft.rows or draft.asked is not None or draft.anniversary_due or draft.profile.dated
    for way in _DIRECT if others else _BY_METRIC:
        for rule, at in way.crossed(draft):
            draft.complete(rule, at)
    if draft.profile.attributes:
        _award_newly_eligible(draft)
    while draft.completed and (hits := _COMPOSITE.crossed(draft)):
        for rule, at in hits:
            draft.complete(rule, at)


def _award_newly_eligible(draft: Draft) -> None:
    """Award what the user already meets and may earn since these user attributes changed."""
    for key in draft.profile.attributes:
        for rule in draft.rulebook.restricted.get(key, ()):
            met = TRIGGERS[rule.definition.trigger].met(draft, rule) and draft.wants(rule)
            if met and not draft.is_revoked(rule.number):
                draft.complete(rule, draft.at)


_COMPOSITE = TRIGGERS[Trigger.ACHIEVEMENT]
_BY_METRIC = (TRIGGERS[Trigger.METRIC],)
_DIRECT = tuple(way for way in TRIGGERS.values() if way is not _COMPOSITE)
_ACTS: dict[type, Callable[[Rulebook, Snapshot, Any], Decision]] = {
    RecordEvent: _record_event,
    CompleteAchievement: _complete_achievement,
    IdentifyUser: _identify_user,
    GrantCompletion: _grant,
    RevokeCompletion: _revoke,
    PassTime: _pass_time,
    **dict.fromkeys(CARE, _care),
}
