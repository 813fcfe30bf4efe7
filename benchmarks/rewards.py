"""What the environment `rewards` has more than `events`: two points systems and three leaderboards.

One system awards for the metric, so that about every second event brings points; the other for an
achievement and each day of a streak. The boards rank by the metric (month by month), by points and by
streak, as an app with all of them would have it.
"""

from plaudit.compose import new_id
from plaudit.engine.board_runs import utc_day
from plaudit.model.amounts import MICRO
from plaudit.model.leaderboards import Leaderboard, RankBy, RunUnit
from plaudit.model.points import PointsSystem, PointsTrigger, PointsTriggerType
from plaudit.storage.port import CatalogEdit

WORDS_PER_POINT = 10


async def define_rewards(edit: CatalogEdit, metric: int, measure: int, achievement: int, now: int) -> None:
    """Write the systems, their triggers and the boards."""
    points, medals = [await _system(edit, key, now) for key in ("points", "medals")]
    by_metric = {"metric": metric, "measure": measure, "metric_threshold": WORDS_PER_POINT * MICRO}
    await _trigger(edit, points, PointsTriggerType.METRIC, 1, now, **by_metric)
    await _trigger(edit, medals, PointsTriggerType.ACHIEVEMENT, 10, now, achievement=achievement)
    await _trigger(edit, medals, PointsTriggerType.STREAK, 5, now, streak_length=1)
    await _board(edit, "words", RankBy.METRIC, now, metric=metric, run_unit=RunUnit.MONTH, run_interval=1)
    await _board(edit, "points", RankBy.POINTS, now, points_system=points)
    await _board(edit, "streaks", RankBy.STREAK, now)


async def _system(edit: CatalogEdit, key: str, now: int) -> int:
    number = await edit.next_number("document")
    await edit.put_document(PointsSystem(number, new_id(now), key, key.title(), None, None, None, now, now))
    return number


async def _trigger(
    edit: CatalogEdit, system: int, kind: PointsTriggerType, points: int, now: int, **how: int
) -> None:
    nothing: dict[str, int | None] = dict.fromkeys(
        ("metric", "measure", "metric_threshold", "streak_length", "achievement")
    )
    trigger = PointsTrigger(
        number=await edit.next_number("document"),
        id=new_id(now),
        system=system,
        type=kind,
        points=points,
        active=True,
        time_unit=None,
        time_interval=None,
        user_attributes=(),
        event_attributes=(),
        created=now,
        updated=now,
        **(nothing | how),  # type: ignore[arg-type]  # names and kinds as PointsTrigger has them
    )
    await edit.put_document(trigger)


async def _board(edit: CatalogEdit, key: str, by: RankBy, now: int, **how: object) -> None:
    nothing = dict.fromkeys(("metric", "points_system", "run_unit", "run_interval"))
    board = Leaderboard(
        number=await edit.next_number("document"),
        id=new_id(now),
        key=f"by-{key}",
        name=f"By {key}",
        description=None,
        rank_by=by,
        start=utc_day(now) - 1,
        end=None,
        start_time=None,
        end_time=None,
        max_participants=None,
        breakdown=(),
        user_attributes=(),
        status="active",
        created=now,
        updated=now,
        **(nothing | how),  # type: ignore[arg-type]  # names and kinds as Leaderboard has them
    )
    await edit.put_document(board)
