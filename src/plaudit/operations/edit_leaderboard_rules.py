"""The rules of leaderboards: which drafts make sense, and what may change on a live one.

Refuses to store; the acts stand in ``edit_leaderboards``.
"""

import re
from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.engine.board_runs import Phase, phase, utc_day
from plaudit.model.dates import read_day
from plaudit.model.ids import uuid_bytes
from plaudit.model.leaderboards import Leaderboard, RankBy, RunUnit
from plaudit.model.points import PointsSystem
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_batch import LONGEST, LONGEST_PROSE, Bench, Invalid, clean, clean_key, find, sent

MOST_PARTICIPANTS = 1000
MOST_BREAKDOWN = 5
LONGEST_INTERVAL = 1000

Status = Literal["inactive", "active", "scheduled", "finished"]
DayText = Annotated[str, Meta(extra_json_schema={"format": "date"})]
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
ClockText = Annotated[str, Meta(extra_json_schema={"pattern": CLOCK})]
Participants = Annotated[
    int | None | UnsetType,
    Meta(description="Most users on the board, per group: 1 to 1000, null for no limit."),
]

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


class LeaderboardFields(Struct, kw_only=True, rename="camel"):
    """What a draft and a patch have in common."""

    description: str | None | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    metric_id: str | UnsetType = UNSET
    points_system_id: str | UnsetType = UNSET
    max_participants: Participants = UNSET
    start: DayText | UnsetType = UNSET
    end: DayText | None | UnsetType = UNSET
    start_time: ClockText | None | UnsetType = UNSET
    end_time: ClockText | None | UnsetType = UNSET
    breakdown_attributes: list[str] | UnsetType = UNSET
    run_unit: RunUnit | None | UnsetType = UNSET
    run_interval: int | None | UnsetType = UNSET
    user_attributes: list[AttributeFilter] | UnsetType = UNSET


class LeaderboardDraft(LeaderboardFields, kw_only=True, rename="camel"):
    """A leaderboard to create. Without a status it is inactive, without a start it starts today."""

    name: str
    key: str
    rank_by: RankBy


class LeaderboardPatch(LeaderboardFields, kw_only=True, rename="camel"):
    """A change of the leaderboard with this ``id``. How it counts can only change while it is inactive."""

    id: str
    name: str | UnsetType = UNSET
    key: str | UnsetType = UNSET
    rank_by: RankBy | UnsetType = UNSET


def plan_board(bench: Bench, draft: LeaderboardDraft, id: bytes, now: int) -> Leaderboard:
    """Give the leaderboard a draft describes; its number is still to be given.

    Raises:
        Invalid: the draft cannot be used.
    """
    blank = Leaderboard(
        number=0,
        id=id,
        key=_key(bench, draft.key, b""),
        name=clean(draft.name, "name"),
        description=None,
        rank_by=draft.rank_by,
        metric=None,
        points_system=None,
        start=utc_day(now),
        end=None,
        start_time=None,
        end_time=None,
        max_participants=MOST_PARTICIPANTS,
        run_unit=None,
        run_interval=None,
        breakdown=(),
        user_attributes=(),
        status=Phase.INACTIVE,
        created=now,
        updated=now,
    )
    board = _checked(_filled(bench, blank, draft))
    return _with_status(bench, blank, board, draft.status, now)


def change_board(bench: Bench, board: Leaderboard, patch: LeaderboardPatch, now: int) -> Leaderboard:
    """Give the leaderboard as it is after a patch.

    Raises:
        Invalid: the patch cannot be used, or the board is live and the patch changes how it counts.
    """
    named = replace(
        board,
        name=clean(sent(patch.name, board.name), "name"),
        key=board.key if isinstance(patch.key, UnsetType) else _key(bench, patch.key, board.id),
        rank_by=sent(patch.rank_by, board.rank_by),
        updated=now,
    )
    after = _checked(_filled(bench, named, patch))
    if board.status != Phase.INACTIVE:
        _refuse_other_counting(board, after)
    return _with_status(bench, board, after, patch.status, now)


def _filled(bench: Bench, board: Leaderboard, fields: LeaderboardFields) -> Leaderboard:
    unit = sent(fields.run_unit, board.run_unit)
    interval = None if unit is None else sent(fields.run_interval, board.run_interval)
    return replace(
        board,
        description=_description(fields.description, board.description),
        metric=_metric(bench, board, fields.metric_id),
        points_system=_system(bench, board, fields.points_system_id),
        max_participants=sent(fields.max_participants, board.max_participants),
        start=_day(fields.start, board.start, "start") or board.start,
        end=_day(fields.end, board.end, "end"),
        start_time=_minute(fields.start_time, board.start_time, "startTime"),
        end_time=_minute(fields.end_time, board.end_time, "endTime"),
        breakdown=_breakdown(bench, board, fields.breakdown_attributes),
        run_unit=unit,
        run_interval=interval,
        user_attributes=_filters(bench, board, fields.user_attributes),
    )


def _checked(board: Leaderboard) -> Leaderboard:
    most = board.max_participants
    if most is not None and not 1 <= most <= MOST_PARTICIPANTS:
        raise Invalid(f"maxParticipants must be from 1 to {MOST_PARTICIPANTS}, or null for no limit")
    if board.end is not None and board.end < board.start:
        raise Invalid("end must not be before start")
    if board.run_unit is not None and not 1 <= (board.run_interval or 0) <= LONGEST_INTERVAL:
        raise Invalid(f"runInterval must be from 1 to {LONGEST_INTERVAL} when runUnit is set")
    if board.start_time is not None and board.start_time == board.end_time:
        raise Invalid("startTime and endTime must differ")
    if board.rank_by is RankBy.STREAK:
        if board.run_unit is not None:
            raise Invalid("runUnit must be left out when rankBy is streak: streak leaderboards cannot repeat")
        if board.start_time is not None or board.end_time is not None:
            raise Invalid("startTime and endTime must be left out when rankBy is streak")
    return board


def _refuse_other_counting(before: Leaderboard, after: Leaderboard) -> None:
    fields = (
        ("key", "key"),
        ("rank_by", "rankBy"),
        ("metric", "metricId"),
        ("points_system", "pointsSystemId"),
        ("start", "start"),
        ("start_time", "startTime"),
        ("end_time", "endTime"),
        ("breakdown", "breakdownAttributes"),
        ("run_unit", "runUnit"),
        ("run_interval", "runInterval"),
        ("user_attributes", "userAttributes"),
    )
    for field, name in fields:
        if getattr(before, field) != getattr(after, field):
            raise Invalid(f"{name} can only be changed while the leaderboard is inactive")


def _with_status(
    bench: Bench, before: Leaderboard, after: Leaderboard, status: Status | UnsetType, now: int
) -> Leaderboard:
    """Give the board in the status asked for; fed from this edit on when it newly counts something."""
    live = before.status != Phase.INACTIVE
    wanted = before.status if isinstance(status, UnsetType) else status
    if wanted == Phase.INACTIVE:
        return replace(after, status=Phase.INACTIVE, finished=None)
    if wanted == Phase.SCHEDULED and after.start <= utc_day(now):
        raise Invalid("status can only be scheduled while start lies in the future")
    if wanted == Phase.FINISHED and not isinstance(status, UnsetType):
        return _finished(bench, before, after, now)
    counting = replace(after, status=Phase.ACTIVE, finished=None)
    if before.finished is not None and isinstance(status, UnsetType):
        counting = replace(after, status=before.status, finished=before.finished)
    same = live and counting.finished == before.finished and _same_end(before, after, now)
    return counting if same else replace(counting, since=bench.next_version)


def _finished(bench: Bench, before: Leaderboard, after: Leaderboard, now: int) -> Leaderboard:
    over = phase(replace(after, status=Phase.ACTIVE), now) is Phase.FINISHED
    if before.status == Phase.INACTIVE:
        if after.end is None or after.end >= utc_day(now):
            raise Invalid("status can only become finished at once when end lies in the past")
        return replace(after, status=Phase.ACTIVE, since=bench.next_version)
    if over or before.finished is not None:
        return replace(after, status=before.status, finished=before.finished)
    return replace(after, status=Phase.FINISHED, finished=now)


def _same_end(before: Leaderboard, after: Leaderboard, now: int) -> bool:
    """Tell whether another last day leaves everything that was counted so far as it is."""
    soon = utc_day(now) + 1
    return before.end == after.end or all(end is None or end >= soon for end in (before.end, after.end))


def _key(bench: Bench, key: str, own: bytes) -> str:
    taken = (board.key for board in bench.of(Leaderboard) if board.id != own)
    return clean_key(key, taken, "leaderboard")


def _description(text: str | None | UnsetType, before: str | None) -> str | None:
    if isinstance(text, UnsetType):
        return before
    return None if text is None else clean(text, "description", LONGEST_PROSE, least=0)


def _metric(bench: Bench, board: Leaderboard, id: str | UnsetType) -> int | None:
    if board.rank_by is not RankBy.METRIC:
        return None
    if isinstance(id, UnsetType):
        if board.metric is None:
            raise Invalid("metricId is required when rankBy is metric")
        return board.metric
    return find(bench.metrics, id, "Metric", "metricId").number


def _system(bench: Bench, board: Leaderboard, id: str | UnsetType) -> int | None:
    if board.rank_by is not RankBy.POINTS:
        return None
    if isinstance(id, UnsetType):
        if board.points_system is None:
            raise Invalid("pointsSystemId is required when rankBy is points")
        return board.points_system
    systems = {system.id: system for system in bench.of(PointsSystem)}
    return find(systems, id, "Points system", "pointsSystemId").number


def _day(text: str | None | UnsetType, before: int | None, field: str) -> int | None:
    if isinstance(text, UnsetType) or text is None:
        return before if isinstance(text, UnsetType) else None
    found = read_day(text)
    if found is None or not _FIRST <= found <= _LAST:
        raise Invalid(f"{field} must be a date as YYYY-MM-DD")
    return found.toordinal()


_FIRST, _LAST = date(1970, 1, 2), date(9990, 1, 1)


def _minute(text: str | None | UnsetType, before: int | None, field: str) -> int | None:
    if isinstance(text, UnsetType) or text is None:
        return before if isinstance(text, UnsetType) else None
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[3] or 0):
        raise Invalid(f"{field} must be a time of day as HH:mm, on a full minute")
    return int(found[1]) * 60 + int(found[2])


def _breakdown(bench: Bench, board: Leaderboard, ids: list[str] | UnsetType) -> tuple[bytes, ...]:
    if isinstance(ids, UnsetType):
        return board.breakdown
    if len(ids) > MOST_BREAKDOWN or len(set(ids)) < len(ids):
        raise Invalid(f"breakdownAttributes must name up to {MOST_BREAKDOWN} different attributes")
    return tuple(_user_attribute(bench, each, "breakdownAttributes") for each in ids)


def _filters(
    bench: Bench, board: Leaderboard, filters: list[AttributeFilter] | UnsetType
) -> tuple[tuple[bytes, str], ...]:
    if isinstance(filters, UnsetType):
        return board.user_attributes
    pairs = [
        (
            _user_attribute(bench, each.attribute_id, "userAttributes"),
            clean(each.attribute_value, "attributeValue", LONGEST),
        )
        for each in filters
    ]
    if len(dict(pairs)) < len(pairs):
        raise Invalid("userAttributes must name different attributes")
    return tuple(pairs)


def _user_attribute(bench: Bench, id: str, field: str) -> bytes:
    attribute = bench.attributes.get(uuid_bytes(id) or b"")
    if attribute is None or attribute.type != "user":
        raise Invalid(f"{field} must name user attributes by their ids, and '{id[:64]}' is none")
    return attribute.id
