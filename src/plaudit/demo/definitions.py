"""The demo's metrics, attributes and achievements, made by the same acts as the Admin API's.

Repeatable: what is there already, by its key, is left as it is.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec import UNSET

from plaudit.demo.goals import FIRST_PROJECT, METRICS, PROJECT, Goal
from plaudit.model.catalog import AttributeType, Definitions, Status
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_text
from plaudit.operations.edit_achievement_drafts import AchievementDraft, AttributeFilter, BadgeDraft
from plaudit.operations.edit_achievements import create_achievements
from plaudit.operations.edit_attributes import AttributeDraft, create_attributes
from plaudit.operations.edit_batch import Editor, Issue
from plaudit.operations.edit_metrics import MetricDraft, create_metrics
from plaudit.operations.upload_badge import upload_badge

BADGES = Path(__file__).parent / "badges"


async def make_nouns(editor: Editor) -> None:
    """Make the metrics and declare the attributes."""
    known = await definitions_of(editor)
    metrics = {metric.key for metric in known.metrics}
    drafts = [MetricDraft(name, key, units=units) for key, name, units in METRICS if key not in metrics]
    refuse((await create_metrics(editor, drafts)).issues)
    declared = {attribute.key for attribute in known.attributes}
    attributes = [
        AttributeDraft("Project", PROJECT, AttributeType.EVENT),
        AttributeDraft("First project", FIRST_PROJECT, AttributeType.USER),
    ]
    wanted = [draft for draft in attributes if draft.key not in declared]
    refuse((await create_attributes(editor, wanted)).issues)


async def make_goals(editor: Editor, goals: Sequence[Goal]) -> None:
    """Make achievements with their badges; composites one after the other, since they name others."""
    known = {achievement.key for achievement in (await definitions_of(editor)).achievements}
    missing = [goal for goal in goals if goal.key not in known]
    badges = [await upload(editor, goal.key) for goal in missing]
    plain = [(goal, badge) for goal, badge in zip(missing, badges, strict=True) if not goal.needs]
    await _create(editor, plain)
    for goal, badge in zip(missing, badges, strict=True):
        if goal.needs:
            await _create(editor, [(goal, badge)])


async def _create(editor: Editor, goals: Sequence[tuple[Goal, str]]) -> None:
    definitions = await definitions_of(editor)
    drafts = [_draft(definitions, goal, badge) for goal, badge in goals]
    refuse((await create_achievements(editor, drafts)).issues)


async def upload(editor: Editor, name: str) -> str:
    """Upload one of the demo's badges; gives its address."""
    image = (BADGES / f"{name}.png").read_bytes()
    badge = await upload_badge(editor, image)
    return f"/badges/{badge.name}"


def _draft(definitions: Definitions, goal: Goal, badge: str) -> AchievementDraft:
    metrics = {metric.key: uuid_text(metric.id) for metric in definitions.metrics}
    others = {achievement.key: uuid_text(achievement.id) for achievement in definitions.achievements}
    return AchievementDraft(
        key=goal.key,
        name=goal.name,
        description=goal.description,
        trigger=goal.trigger,
        status=Status.ACTIVE,
        badge=BadgeDraft(badge),
        metric_id=metrics[goal.metric] if goal.metric else UNSET,
        metric_value=goal.value or UNSET,
        event_attributes=_filters(definitions, goal) if goal.project else UNSET,
        streak_length=goal.streak or UNSET,
        anniversary_years=goal.years or UNSET,
        achievement_ids=[others[key] for key in goal.needs] if goal.needs else UNSET,
    )


def _filters(definitions: Definitions, goal: Goal) -> list[AttributeFilter]:
    return [
        AttributeFilter(uuid_text(attribute.id), goal.project or "")
        for attribute in definitions.attributes
        if attribute.key == PROJECT
    ]


async def definitions_of(editor: Editor) -> Definitions:
    """Read the demo's definitions as they stand."""
    return await editor.store.catalog.definitions(editor.environment)


def refuse(issues: Sequence[Issue]) -> None:
    """Stop at the first draft that could not be made.

    Raises:
        PlauditError: ``INVALID_BODY``, when there is an issue.
    """
    for issue in issues:
        raise PlauditError(Code.INVALID_BODY, why=f"The demo cannot be made: {issue.message.rstrip('.')}")
