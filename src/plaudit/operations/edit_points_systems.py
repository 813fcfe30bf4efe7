"""The acts on points systems: create, also with their parts, change, archive.

Refuses half an item: a system is created with all its parts, or not at all.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Annotated, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.amounts import LIMIT
from plaudit.model.leaderboards import Leaderboard
from plaudit.model.points import PointsBoost, PointsLevel, PointsSystem, PointsTrigger
from plaudit.operations.edit_achievement_drafts import BadgeDraft
from plaudit.operations.edit_achievement_rules import plan_badge
from plaudit.operations.edit_achievements import uploaded_names
from plaudit.operations.edit_batch import (
    LONGEST_PROSE,
    MOST_ITEMS,
    Bench,
    Edited,
    Editor,
    Invalid,
    Unreadable,
    clean,
    clean_key,
    each,
    find,
    sent,
    users_of,
)
from plaudit.operations.edit_points_boosts import BoostDraft, known_users, plan_boost
from plaudit.operations.edit_points_levels import LevelDraft, plan_level
from plaudit.operations.edit_points_shared import put_document
from plaudit.operations.edit_points_trigger_rules import TriggerDraft
from plaudit.operations.edit_points_triggers import new_trigger, put_trigger, settle_after
from plaudit.storage.port import CatalogEdit

MaxPoints = Annotated[
    int | None | UnsetType, Meta(description="Most points a user can have; null for no limit.")
]
Draft = TypeVar("Draft")
Planned = TypeVar("Planned")


class SystemDraft(Struct, kw_only=True, rename="camel"):
    """A points system to create, with its first levels, boosts and triggers if they are sent."""

    name: str
    key: str
    description: str | None | UnsetType = UNSET
    badge: BadgeDraft | None | UnsetType = UNSET
    max_points: MaxPoints = UNSET
    levels: list[LevelDraft] | UnsetType = UNSET
    boosts: list[BoostDraft] | UnsetType = UNSET
    triggers: list[TriggerDraft] | UnsetType = UNSET


class SystemPatch(Struct, kw_only=True, rename="camel"):
    """A change of the points system with this ``id``. Null clears ``badge`` and ``maxPoints``."""

    id: str
    name: str | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    badge: BadgeDraft | None | UnsetType = UNSET
    max_points: MaxPoints = UNSET


class CreatedSystem(Struct, frozen=True):
    """A system with the parts that were created with it; None for kinds of which none were sent."""

    system: PointsSystem
    levels: list[PointsLevel] | None
    boosts: list[PointsBoost] | None
    triggers: list[PointsTrigger] | None


class Known(Struct, frozen=True):
    """What was looked up before the edit: uploaded badges that exist, the tenant and its users named."""

    uploaded: Collection[str]
    tenant: str
    users: set[str]


async def create_systems(
    editor: Editor, tenant: str, items: Sequence[SystemDraft | Unreadable]
) -> Edited[CreatedSystem]:
    """Create points systems with their parts. ``tenant`` is whose users the boosts mean."""
    known = await _known(editor, tenant, [item for item in items if isinstance(item, SystemDraft)])
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def create(draft: SystemDraft) -> CreatedSystem:
            return await _create(edit, bench, editor, known, draft)

        edited = await each(items, create)
        triggers = [trigger for made in edited.done for trigger in made.triggers or ()]
        await settle_after(edit, bench, editor, users, [(None, trigger) for trigger in triggers])
        return edited


async def update_systems(editor: Editor, items: Sequence[SystemPatch | Unreadable]) -> Edited[PointsSystem]:
    """Change points systems; a lower ``maxPoints`` takes nothing from those who have more."""
    badges = [item.badge for item in items if isinstance(item, SystemPatch)]
    uploaded = await uploaded_names(editor.store.catalog, badges)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def update(patch: SystemPatch) -> PointsSystem:
            before = _system(bench, patch.id)
            after = replace(
                before,
                name=clean(sent(patch.name, before.name), "name"),
                description=_description(patch.description, before.description),
                badge=plan_badge(patch.badge, before.badge, uploaded),
                max_points=_max_points(patch.max_points, before.max_points),
                updated=editor.now,
            )
            return await put_document(edit, bench, after)

        return await each(items, update)


async def delete_systems(editor: Editor, ids: Sequence[str]) -> Edited[PointsSystem]:
    """Archive points systems with their parts; what users have is kept, but shown no more."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        whole = Bench(edit.whole)

        async def delete(id: str) -> PointsSystem:
            found = _system(bench, id)
            _refuse_ranked(whole, found)
            gone = await put_document(edit, bench, replace(found, archived=True, updated=editor.now))
            parts: tuple[PointsTrigger | PointsBoost | PointsLevel, ...] = (
                *bench.of(PointsTrigger),
                *bench.of(PointsBoost),
                *bench.of(PointsLevel),
            )
            for part in parts:
                if part.system == found.number:
                    await put_document(edit, bench, replace(part, archived=True))
            return gone

        return await each(ids, delete)


async def _known(editor: Editor, tenant: str, drafts: Sequence[SystemDraft]) -> Known:
    levels = [level for draft in drafts for level in _sent(draft.levels)]
    boosts = [boost for draft in drafts for boost in _sent(draft.boosts)]
    badges = [*(draft.badge for draft in drafts), *(level.badge for level in levels)]
    uploaded = await uploaded_names(editor.store.catalog, badges)
    return Known(uploaded, tenant, await known_users(editor, tenant, boosts))


async def _create(
    edit: CatalogEdit, bench: Bench, editor: Editor, known: Known, draft: SystemDraft
) -> CreatedSystem:
    planned = _plan_system(bench, draft, editor, known)
    system = replace(planned, number=await edit.next_number("document"))
    levels = _plan_levels(bench, system, draft, editor, known)
    users = (known.tenant, known.users)
    boosts = _all("boosts", draft.boosts, lambda it: plan_boost(bench, system, it, editor, users))
    triggers = _all("triggers", draft.triggers, lambda it: new_trigger(bench, system, it, editor))
    await put_document(edit, bench, system)
    return CreatedSystem(
        system,
        await _put_all(draft.levels, levels, lambda it: put_document(edit, bench, it)),
        await _put_all(draft.boosts, boosts, lambda it: put_document(edit, bench, it)),
        await _put_all(draft.triggers, triggers, lambda it: put_trigger(edit, bench, it)),
    )


def _plan_levels(
    bench: Bench, system: PointsSystem, draft: SystemDraft, editor: Editor, known: Known
) -> list[PointsLevel]:
    levels: list[PointsLevel] = []

    def plan(it: LevelDraft) -> PointsLevel:
        levels.append(plan_level(bench, system, it, editor, known.uploaded, levels))
        return levels[-1]

    return _all("levels", draft.levels, plan)


def _all(field: str, drafts: list[Draft] | UnsetType, plan: Callable[[Draft], Planned]) -> list[Planned]:
    if len(_sent(drafts)) > MOST_ITEMS:
        raise Invalid(f"{field} must hold at most {MOST_ITEMS} items")
    return [_planned(field, place, draft, plan) for place, draft in enumerate(_sent(drafts))]


def _sent(parts: list[Draft] | UnsetType) -> list[Draft]:
    return [] if isinstance(parts, UnsetType) else parts


def _planned(field: str, place: int, draft: Draft, plan: Callable[[Draft], Planned]) -> Planned:
    try:
        return plan(draft)
    except Invalid as reason:
        within = f".{reason.field}" if reason.field else ""
        raise Invalid(f"{field}[{place}]: {reason}", f"{field}[{place}]{within}") from None


async def _put_all(
    asked: list[Draft] | UnsetType, planned: Iterable[Planned], put: Callable[[Planned], Awaitable[Planned]]
) -> list[Planned] | None:
    return None if isinstance(asked, UnsetType) else [await put(each) for each in planned]


def _plan_system(bench: Bench, draft: SystemDraft, editor: Editor, known: Known) -> PointsSystem:
    taken = (system.key for system in bench.of(PointsSystem))
    return PointsSystem(
        number=0,
        id=editor.new_id(editor.now),
        key=clean_key(draft.key, taken, "points system"),
        name=clean(draft.name, "name"),
        description=_description(draft.description, None),
        badge=plan_badge(draft.badge, None, known.uploaded),
        max_points=_max_points(draft.max_points, None),
        created=editor.now,
        updated=editor.now,
    )


def _system(bench: Bench, id: str) -> PointsSystem:
    found = find(bench.documents, id, "Points system")
    if not isinstance(found, PointsSystem):
        raise Invalid("Points system not found by ID", "id")
    return found


def _description(new: str | None | UnsetType, old: str | None) -> str | None:
    return clean(new, "description", LONGEST_PROSE, 0) if isinstance(new, str) else sent(new, old)


def _max_points(new: int | None | UnsetType, old: int | None) -> int | None:
    if isinstance(new, int) and not 1 <= new <= LIMIT:
        raise Invalid(f"maxPoints must be at least 1 and at most {LIMIT}")
    return sent(new, old)


def _refuse_ranked(bench: Bench, system: PointsSystem) -> None:
    for board in bench.of(Leaderboard):
        if board.points_system == system.number:
            raise Invalid(f"The leaderboard '{board.name}' ranks by these points. Delete it first.")
