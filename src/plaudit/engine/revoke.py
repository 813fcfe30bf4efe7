"""Revoking: an admin takes a completion back, with what rested on it and the points it brought.

Refuses to award again from the same old state: only a new crossing or call completes it again.
"""

import json
from collections.abc import Sequence

from plaudit.engine.draft import Draft
from plaudit.engine.rulebook import Rulebook
from plaudit.model.actions import Action, user_target
from plaudit.model.commands import RevokeCompletion
from plaudit.model.ids import derived_id, uuid_text
from plaudit.model.points import NO_POINTS, PointsAward, PointsState
from plaudit.model.state import Completion, Snapshot

_SEED = b"revoked"


def to_revoke(rulebook: Rulebook, snapshot: Snapshot, number: int) -> tuple[tuple[int, bytes], ...]:
    """Give a completion and the composites that rest on it, as far as the user has them."""
    held = {} if snapshot.details is None else snapshot.details.completions
    found: dict[int, bytes] = {}
    waiting = [number]
    while waiting:
        each = waiting.pop(0)
        if each in held and each not in found:
            found[each] = held[each].id
            waiting += [rule.number for rule in rulebook.achievements.values() if each in rule.prerequisites]
    return tuple(found.items())


def to_return(
    rulebook: Rulebook, snapshot: Snapshot, numbers: Sequence[int], awards: Sequence[PointsAward]
) -> tuple[tuple[int, int, int], ...]:
    """Give what completions brought of points, as ``(system, trigger, points)``, once per trigger."""
    held = {} if snapshot.details is None else snapshot.details.completions
    if rulebook.points is None:
        return ()
    found = []
    for number in numbers:
        for rule in rulebook.points.by_achievement.get(number, ()):
            given = [a for a in awards if a.trigger == rule.definition.number and _is_of(a, held[number])]
            if given:
                found.append((given[-1].system, given[-1].trigger, given[-1].awarded))
    return tuple(found)


def _is_of(award: PointsAward, completion: Completion) -> bool:
    """Tell whether an award was given with a completion: by its event, or else at its moment."""
    if completion.seq is not None:
        return award.seq == completion.seq
    return award.seq is None and award.at in (completion.at, completion.recorded)


def revoke(draft: Draft, command: RevokeCompletion) -> tuple[Completion, ...] | None:
    """Take completions back; None when they are no longer those that were looked at."""
    held = [draft.completion(number) for number, _ in command.completions]
    gone = tuple(each for each in held if each is not None)
    if [each.id for each in gone] != [id_ for _, id_ in command.completions]:
        return None
    for system, trigger, points in command.returns:
        _return(draft, system, trigger, points)
    return gone


def _return(draft: Draft, system: int, trigger: int, points: int) -> None:
    """Take points back, or give a cost back; the total never falls below 0."""
    state = draft.points.get(system, NO_POINTS)
    change = -min(points, state.total)
    if change == 0:
        return
    state = PointsState(state.total + change, state.awards + 1)
    name = derived_id(draft.command.id + _SEED, (system << 32) + state.awards)
    award = PointsAward(
        system, state.awards, name, trigger, change, state.total, draft.now, draft.day, None, ()
    )
    draft.points = {**draft.points, system: state}
    draft.awards = (*draft.awards, award)


def revoked_action(draft: Draft, command: RevokeCompletion, gone: Sequence[Completion]) -> Action:
    """Give what the audit log keeps of it."""
    rules = draft.rulebook.achievements
    told = {
        "achievements": [
            uuid_text(rules[e.achievement].definition.id) for e in gone if e.achievement in rules
        ],
        "completions": [uuid_text(each.id) for each in gone],
        "points": sum(award.awarded for award in draft.awards),
    }
    who = command.who
    return Action(
        who.environment, command.now, command.actor, "revoke", user_target(who.subject), json.dumps(told)
    )
