"""Makes the demo's points system, streak freezes and leaderboards, by the same acts as the Admin API's.

Made before the events, so that everything follows them in their own time. Repeatable: what is there
already, by its key, is left as it is.
"""

from msgspec import UNSET, UnsetType

from plaudit.demo.definitions import definitions_of, refuse, upload
from plaudit.demo.goals import FIRST_PROJECT
from plaudit.demo.rewards import (
    BOARDS,
    BOARDS_START,
    BOOSTS,
    FREEZE_INTERVAL,
    FREEZES_HELD,
    LEVELS,
    LINES_STEP,
    STREAK_STEP,
    XP,
    XP_PER_ACHIEVEMENT,
    XP_PER_COMMIT,
    XP_PER_LINES,
    XP_PER_STREAK,
    Board,
    Boost,
)
from plaudit.model.catalog import Definitions
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import Leaderboard
from plaudit.model.points import PointsSystem, PointsTriggerType
from plaudit.operations.edit_achievement_drafts import AttributeFilter, BadgeDraft
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_leaderboard_rules import LeaderboardDraft
from plaudit.operations.edit_leaderboards import create_leaderboards
from plaudit.operations.edit_points_boosts import BoostDraft
from plaudit.operations.edit_points_levels import LevelDraft
from plaudit.operations.edit_points_systems import SystemDraft, create_systems
from plaudit.operations.edit_points_trigger_rules import TriggerDraft
from plaudit.operations.edit_streak_settings import FreezesDraft, StreakSettingsPatch, edit_streak_settings


async def make_competition(editor: Editor) -> None:
    """Make freezes, points and leaderboards; the metrics, attributes and early achievements must be there."""
    definitions = await definitions_of(editor)
    if definitions.environment.settings.streaks.freezes is None:
        await edit_streak_settings(editor, StreakSettingsPatch(freezes=_freezes()))
    if all(system.key != XP for system in definitions.of(PointsSystem)):
        badges = [await upload(editor, f"level-{key}") for key, *_ in LEVELS]
        refuse((await create_systems(editor, "", [_system(definitions, badges)])).issues)
    definitions = await definitions_of(editor)
    known = {board.key for board in definitions.of(Leaderboard)}
    drafts = [_board(definitions, board) for board in BOARDS if board.key not in known]
    refuse((await create_leaderboards(editor, drafts)).issues)


def _freezes() -> FreezesDraft:
    """Who starts with the most there may be earns the next one after the first is used, not before."""
    return FreezesDraft(
        start_count=FREEZES_HELD,
        max_count=FREEZES_HELD,
        auto_earn_interval=FREEZE_INTERVAL,
        auto_earn_amount=1,
    )


def _system(definitions: Definitions, badges: list[str]) -> SystemDraft:
    levels = [
        LevelDraft(name, key, points, description, BadgeDraft(badge))
        for (key, name, points, description), badge in zip(LEVELS, badges, strict=True)
    ]
    return SystemDraft(
        name="Experience",
        key=XP,
        description="Points for commits, lines, days in a row and achievements.",
        levels=levels,
        boosts=[_boost(definitions, boost) for boost in BOOSTS],
        triggers=_triggers(definitions),
    )


def _triggers(definitions: Definitions) -> list[TriggerDraft]:
    achievements = {each.key: uuid_text(each.id) for each in definitions.achievements}
    return [
        _per_metric(definitions, "commits", 1, XP_PER_COMMIT),
        _per_metric(definitions, "lines-added", LINES_STEP, XP_PER_LINES),
        TriggerDraft(
            type=PointsTriggerType.STREAK, points=XP_PER_STREAK, streak_length=STREAK_STEP, status="active"
        ),
        *(
            TriggerDraft(
                type=PointsTriggerType.ACHIEVEMENT,
                points=points,
                achievement_id=achievements[key],
                status="active",
            )
            for key, points in XP_PER_ACHIEVEMENT
        ),
    ]


def _per_metric(definitions: Definitions, metric: str, step: int, points: int) -> TriggerDraft:
    return TriggerDraft(
        type=PointsTriggerType.METRIC,
        points=points,
        metric_id=_metric(definitions, metric),
        metric_threshold=step,
        status="active",
    )


def _boost(definitions: Definitions, boost: Boost) -> BoostDraft:
    began = boost.first_project
    filters = None if began is None else [AttributeFilter(_attribute(definitions, FIRST_PROJECT), began)]
    return BoostDraft(boost.name, boost.start, boost.multiplier, boost.end, user_attributes=filters)


def _board(definitions: Definitions, board: Board) -> LeaderboardDraft:
    systems = {system.key: uuid_text(system.id) for system in definitions.of(PointsSystem)}
    repeats: int | UnsetType = UNSET if board.run_unit is None else 1
    return LeaderboardDraft(
        name=board.name,
        key=board.key,
        description=board.description,
        rank_by=board.rank_by,
        status="active",
        start=BOARDS_START,
        max_participants=board.most,
        metric_id=UNSET if board.metric is None else _metric(definitions, board.metric),
        points_system_id=systems[XP] if board.metric is None else UNSET,
        run_unit=board.run_unit,
        run_interval=repeats,
        breakdown_attributes=[_attribute(definitions, board.breakdown)] if board.breakdown else UNSET,
    )


def _metric(definitions: Definitions, key: str) -> str:
    return next(uuid_text(metric.id) for metric in definitions.metrics if metric.key == key)


def _attribute(definitions: Definitions, key: str) -> str:
    return next(uuid_text(attribute.id) for attribute in definitions.attributes if attribute.key == key)
