"""The acts on the boosts of a points system: create, change, archive.

Refuses multipliers that change nothing, and one user's boost that also filters by attributes.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.amounts import MICRO, to_units
from plaudit.model.catalog import AttributeType
from plaudit.model.ids import subject_key
from plaudit.model.points import PointsBoost, PointsSystem, Rounding
from plaudit.model.state import Identity
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_achievement_rules import plan_filters
from plaudit.operations.edit_batch import Bench, Edited, Editor, Invalid, Unreadable, clean, each, sent
from plaudit.operations.edit_points_shared import child_named, day_of, put_document, system_with

HIGHEST = 100
"""Multipliers stay below this."""

MULTIPLIER = Meta(
    gt=0, lt=HIGHEST, description="More than 0, less than 100, and not 1; to six decimal places."
)


class BoostDraft(Struct, rename="camel"):
    """A boost to create: for one user (``userId``), for users by their attributes, or for everybody."""

    name: str
    start: Annotated[str, Meta(extra_json_schema={"format": "date"})]
    multiplier: Annotated[float, MULTIPLIER]
    end: Annotated[str | None | UnsetType, Meta(extra_json_schema={"format": "date"})] = UNSET
    rounding: Rounding | UnsetType = UNSET
    user_id: str | None | UnsetType = UNSET
    user_attributes: list[AttributeFilter] | None | UnsetType = UNSET


class BoostPatch(Struct, rename="camel"):
    """A change of the boost with this ``id``. Null clears ``end`` and ``userAttributes``."""

    id: str
    name: str | UnsetType = UNSET
    start: Annotated[str | UnsetType, Meta(extra_json_schema={"format": "date"})] = UNSET
    end: Annotated[str | None | UnsetType, Meta(extra_json_schema={"format": "date"})] = UNSET
    multiplier: Annotated[float, MULTIPLIER] | UnsetType = UNSET
    rounding: Rounding | UnsetType = UNSET
    user_attributes: list[AttributeFilter] | None | UnsetType = UNSET


async def create_boosts(
    editor: Editor, tenant: str, system: bytes, items: Sequence[BoostDraft | Unreadable]
) -> Edited[PointsBoost]:
    """Create boosts; one that has begun multiplies from now on. ``tenant`` is whose users are meant."""
    known = await known_users(editor, tenant, items)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def create(draft: BoostDraft) -> PointsBoost:
            return await put_document(edit, bench, plan_boost(bench, owner, draft, editor, (tenant, known)))

        return await each(items, create)


async def update_boosts(
    editor: Editor, system: bytes, items: Sequence[BoostPatch | Unreadable]
) -> Edited[PointsBoost]:
    """Change boosts; awards that were given stay as they are."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def update(patch: BoostPatch) -> PointsBoost:
            before = child_named(bench, PointsBoost, owner, patch.id, "Points boost")
            return await put_document(edit, bench, _patched(bench, before, patch))

        return await each(items, update)


async def delete_boosts(editor: Editor, system: bytes, ids: Sequence[str]) -> Edited[PointsBoost]:
    """Archive boosts; awards they multiplied stay."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def delete(id: str) -> PointsBoost:
            found = child_named(bench, PointsBoost, owner, id, "Points boost")
            return await put_document(edit, bench, replace(found, archived=True))

        return await each(ids, delete)


async def known_users(editor: Editor, tenant: str, items: Iterable[BoostDraft | Unreadable]) -> set[str]:
    """Find out which of the users that drafts name exist."""
    named = {item.user_id for item in items if isinstance(item, BoostDraft) and isinstance(item.user_id, str)}
    environment = editor.environment
    who = [Identity(subject_key(environment, tenant, name), environment, tenant, name) for name in named]
    who.sort(key=lambda one: one.subject)
    found = await editor.store.ledger.view(who, None) if who else []
    return {snapshot.who.user_id for snapshot in found if snapshot.user is not None}


def plan_boost(
    bench: Bench, owner: PointsSystem, draft: BoostDraft, editor: Editor, users: tuple[str, set[str]]
) -> PointsBoost:
    """Give the boost a draft describes; its number is still to be given.

    Args:
        bench: the definitions it has to fit.
        owner: its system.
        draft: the fields sent.
        editor: gives the id and the time.
        users: the tenant, and which of the users named in the request exist.

    Raises:
        Invalid: the draft cannot be used.
    """
    tenant, known = users
    user = None if isinstance(draft.user_id, UnsetType) else draft.user_id
    if user is not None and user not in known:
        raise Invalid("User does not exist", "userId")
    if user is not None and draft.user_attributes:
        raise Invalid("userAttributes cannot be sent beside userId")
    planned = PointsBoost(
        number=0,
        id=editor.new_id(editor.now),
        system=owner.number,
        name=clean(draft.name, "name"),
        tenant=tenant,
        user_id=user,
        start=day_of(draft.start, "start"),
        end=_end(draft.end, None),
        multiplier=_multiplier(draft.multiplier),
        rounding=sent(draft.rounding, Rounding.DOWN),
        user_attributes=plan_filters(bench, draft.user_attributes, (), AttributeType.USER),
        created=editor.now,
    )
    return _in_order(planned)


def _patched(bench: Bench, before: PointsBoost, patch: BoostPatch) -> PointsBoost:
    if before.user_id is not None and patch.user_attributes:
        raise Invalid("userAttributes cannot be set on the boost of one user")
    after = replace(
        before,
        name=clean(sent(patch.name, before.name), "name"),
        start=before.start if isinstance(patch.start, UnsetType) else day_of(patch.start, "start"),
        end=_end(patch.end, before.end),
        multiplier=_multiplier(sent(patch.multiplier, before.multiplier)),
        rounding=sent(patch.rounding, before.rounding),
        user_attributes=plan_filters(
            bench, patch.user_attributes, before.user_attributes, AttributeType.USER
        ),
    )
    return _in_order(after)


def _end(new: str | None | UnsetType, old: int | None) -> int | None:
    return day_of(new, "end") if isinstance(new, str) else sent(new, old)


def _multiplier(number: float) -> float:
    units = to_units(number)
    if units is None or not 0 < units < HIGHEST * MICRO or units == MICRO:
        raise Invalid("multiplier must be more than 0, less than 100, and not 1")
    return units / MICRO


def _in_order(planned: PointsBoost) -> PointsBoost:
    if planned.end is not None and planned.end < planned.start:
        raise Invalid("end must not be before start")
    return planned
