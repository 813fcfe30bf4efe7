"""The dry run of an event: the points that it would bring in one system, trigger by trigger.

Refuses to write: the engine decides over a reading without locks, and the outcome is thrown away.
"""

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.evaluate import evaluate
from plaudit.engine.points_rules import SystemRule, TriggerRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import RecordEvent
from plaudit.model.errors import PlauditError
from plaudit.model.outcome import NeedsDepth, Outcome, Refusal
from plaudit.model.points import NO_POINTS, PointsAward
from plaudit.model.state import Depth, Snapshot
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Store


class TriggerPreview(Struct, frozen=True):
    """What one trigger would award; ``boosts`` numbers those that would apply."""

    rule: TriggerRule
    awarded: int
    boosts: tuple[int, ...]


class PointsPreview(Struct, frozen=True):
    """A user's total before and after, and every active trigger; ``tz`` is the user's zone."""

    before: int
    after: int
    triggers: list[TriggerPreview]
    tz: str | None


async def preview_points(
    store: Store, rulebook: Rulebook, system: SystemRule, command: RecordEvent, *, newborn: bool
) -> PointsPreview:
    """Tell what points an event would bring in a system, to a user there is or to a ``newborn`` one.

    Raises:
        PlauditError: ``UNKNOWN_USER``, or what the event itself would be refused with.
        Unavailable: the database cannot be read.
    """
    book = replace(rulebook, boards=None)  # boards would ask for scores, and decide no points
    first = await _read(store, command, None, newborn=newborn)
    decision = evaluate(book, first, command)
    while isinstance(decision, NeedsDepth):
        depth = decision.depth if first.depth is None else first.depth.join(decision.depth)
        first = await _read(store, command, depth, newborn=newborn)
        decision = evaluate(book, first, command)
    if isinstance(decision, Refusal):
        raise PlauditError(decision.code, **decision.words)
    return _told(system, first, decision)


async def _read(store: Store, command: RecordEvent, depth: Depth | None, *, newborn: bool) -> Snapshot:
    if newborn:
        (snapshot,) = await store.ledger.view((command.who,), depth)
        return snapshot
    snapshot, _ = await read_known(store.ledger, command.who, depth)
    points, marks = await store.points.held(command.who.subject)
    return replace(snapshot, points=points, marks=marks)


def _told(system: SystemRule, first: Snapshot, outcome: Outcome) -> PointsPreview:
    number = system.definition.number
    given: dict[int, list[PointsAward]] = {}
    for award in outcome.awards:
        if award.system == number:
            given.setdefault(award.trigger, []).append(award)
    active = [rule for rule in system.triggers if rule.definition.active]
    user = outcome.after.user
    return PointsPreview(
        first.points.get(number, NO_POINTS).total,
        outcome.after.points.get(number, NO_POINTS).total,
        [_by_trigger(rule, given.get(rule.definition.number, [])) for rule in active],
        None if user is None else user.tz,
    )


def _by_trigger(rule: TriggerRule, awards: list[PointsAward]) -> TriggerPreview:
    return TriggerPreview(rule, sum(it.awarded for it in awards), awards[0].boosts if awards else ())
