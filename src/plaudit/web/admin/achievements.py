"""The doors of achievements.

Refuses nothing itself: the rules stand in ``operations/edit_achievement_rules.py``.
"""

from collections.abc import Iterable

from msgspec import UNSET, UnsetType

from plaudit.badges.links import badge_url
from plaudit.model.catalog import Achievement, Backdate, Definitions, Status, Trigger
from plaudit.model.ids import uuid_text
from plaudit.operations.edit_achievement_drafts import AchievementDraft, AchievementPatch, AttributeFilter
from plaudit.operations.edit_achievements import (
    create_achievements,
    delete_achievements,
    update_achievements,
)
from plaudit.operations.edit_batch import Edited
from plaudit.web.admin.backdates import percent_of
from plaudit.web.admin.reading import (
    IDS,
    PAGE,
    ItemReader,
    definitions_of,
    deleted_answer,
    editor_of,
    find_one,
    ids_of,
    page_of,
    renew,
)
from plaudit.web.admin.shapes import (
    AdminAchievement,
    AdminBadge,
    BackdateProgress,
    CreatedAchievements,
    Deleted,
    UpdatedAchievements,
)
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import exact

LIMIT = 1024 * 1024
"""Most bytes of a request: a hundred achievements with long descriptions."""

_drafts = ItemReader(AchievementDraft)
_patches = ItemReader(AchievementPatch)


@operation("List achievements", {200: list[AdminAchievement]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the achievements of every status, the oldest first."""
    definitions = await definitions_of(call)
    return as_json(await _shown(call, definitions, page_of(call, _listed(definitions))))


@operation("Get an achievement", {200: AdminAchievement}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one achievement by its id."""
    definitions = await definitions_of(call)
    found = find_one(call, _listed(definitions), "achievement")
    return as_json((await _shown(call, definitions, [found]))[0])


@operation(
    "Create achievements",
    {201: CreatedAchievements, 200: CreatedAchievements},
    body=list[AchievementDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 achievements. 201 when at least one was created, 200 when every item had an issue.

    Active ones are completed, silently and in the background, by everybody who already meets them.
    """
    read = _drafts.read(call.body)
    edited = await create_achievements(editor_of(call), read.items)
    await renew(call)
    shown = await _shown(call, await definitions_of(call), edited.done)
    made = CreatedAchievements(shown, edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Update achievements",
    {200: UpdatedAchievements},
    body=list[AchievementPatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 achievements by id. Fields not sent are kept.

    When somebody could newly meet one, everybody is back-dated in the background. A single item whose
    prerequisites would lead back to itself is refused with 422.
    """
    read = _patches.read(call.body)
    edited = await update_achievements(editor_of(call), read.items)
    await renew(call)
    if edited.cycle and len(read.items) == 1:
        return _cycle_answer(edited)
    shown = await _shown(call, await definitions_of(call), edited.done)
    return as_json(UpdatedAchievements(shown, edited.issues + read.warnings))


@operation("Delete achievements", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 achievements by id. One that another achievement needs is kept."""
    edited = await delete_achievements(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def _cycle_answer(edited: Edited[Achievement]) -> Answer:
    issue = edited.issues[0]
    body = {"error": f"{issue.message}.", "code": "invalid_body", "updated": [], "issues": edited.issues}
    return as_json(body, 422)


async def _shown(
    call: Call, definitions: Definitions, achievements: Iterable[Achievement]
) -> list[AdminAchievement]:
    metrics = {metric.number: uuid_text(metric.id) for metric in definitions.metrics}
    running = await call.context.store.catalog.backdates(call.caller.environment, unfinished=True)
    return [achievement_of(each, metrics, call.base_url, _progress(each, running)) for each in achievements]


def achievement_of(
    it: Achievement, metrics: dict[int, str], base_url: str, backdate: BackdateProgress | UnsetType = UNSET
) -> AdminAchievement:
    """Give an achievement as the Admin API shows it.

    Args:
        it: the achievement.
        metrics: metric ids as texts, by number.
        base_url: what the addresses of uploaded badges begin with.
        backdate: how far its back-dating is, when it is running.
    """
    url = badge_url(it.badge, base_url)
    counts = it.trigger is Trigger.METRIC
    return AdminAchievement(
        id=uuid_text(it.id),
        name=it.name,
        description=it.description,
        trigger=it.trigger,
        status=it.status,
        badge=AdminBadge(url) if url else None,
        user_attributes=_filters(it.user_attributes),
        key=UNSET if it.key is None else it.key,
        metric_id=UNSET if it.metric is None else metrics[it.metric],
        metric_value=UNSET if it.metric_value is None else exact(it.metric_value),
        event_attributes=_filters(it.event_attributes) if counts else UNSET,
        streak_length=UNSET if it.streak_length is None else it.streak_length,
        anniversary_years=UNSET if it.anniversary_years is None else it.anniversary_years,
        achievement_ids=[uuid_text(each) for each in it.achievement_ids] or UNSET,
        backdate=backdate,
    )


def _filters(pairs: tuple[tuple[bytes, str], ...]) -> list[AttributeFilter]:
    return [AttributeFilter(uuid_text(attribute), value) for attribute, value in pairs]


def _progress(it: Achievement, running: Iterable[Backdate]) -> BackdateProgress | UnsetType:
    """Tell how far the back-dating is that the achievement's last change asked for: both bear its time."""
    if it.status is not Status.ACTIVE or it.trigger is Trigger.API:
        return UNSET
    for backdate in running:
        if backdate.created == it.updated:
            return BackdateProgress(percent_of(backdate), finished=False)
    return UNSET


def _listed(definitions: Definitions) -> list[Achievement]:
    return [each for each in definitions.achievements if not each.archived]
