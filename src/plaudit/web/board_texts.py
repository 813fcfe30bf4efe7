"""Leaderboards as answers, from rulebooks, readings and outcomes.

Refuses to read anything: what is answered was handed in.
"""

from typing import Any

from msgspec import UNSET
from msgspec.json import encode

from plaudit.engine.board_rules import BoardRule
from plaudit.engine.board_runs import Phase
from plaudit.engine.leaderboards import value_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import RankChange, Run
from plaudit.model.outcome import Outcome
from plaudit.operations.read_leaderboards import HistoryDay
from plaudit.web.board_shapes import (
    LeaderboardEvent,
    LeaderboardRun,
    MetricEventLeaderboardResponse,
    Status,
)
from plaudit.web.shape_parts import AttributePair
from plaudit.web.texts import day_text

HOUR_MINUTES = 60


def board_fields(rulebook: Rulebook, rule: BoardRule) -> dict[str, Any]:
    """Give the fields every answer about a board has (LeaderboardResponse)."""
    it = rule.definition
    metric = None if it.metric is None else rulebook.metrics_by_number[it.metric].metric
    points = rulebook.points
    system = None if points is None or it.points_system is None else points.systems.get(it.points_system)
    return {
        "id": uuid_text(it.id),
        "name": it.name,
        "key": it.key,
        "rank_by": it.rank_by,
        "breakdown_attribute": rule.breakdown[0] if len(rule.breakdown) == 1 else None,
        "breakdown_attributes": list(rule.breakdown),
        "user_attributes": [AttributePair(key, value) for key, value in rule.user_filters],
        "metric_key": UNSET if metric is None else metric.key,
        "metric_name": UNSET if metric is None else metric.name,
        "points_system_key": UNSET if system is None else system.definition.key,
        "points_system_name": UNSET if system is None else system.definition.name,
        "description": it.description,
        "start": day_text(it.start),
        "end": None if it.end is None else day_text(it.end),
        "start_time": clock_text(it.start_time),
        "end_time": clock_text(it.end_time),
        "max_participants": it.max_participants,
        "run_unit": it.run_unit,
        "run_interval": it.run_interval,
    }


STATUSES: dict[Phase, Status] = {
    Phase.SCHEDULED: "scheduled",
    Phase.ACTIVE: "active",
    Phase.FINISHED: "finished",
}
"""How callers are told where a board is in its life; inactive ones are not shown."""


def clock_text(minute: int | None) -> str | None:
    """Write a minute of the day as HH:mm."""
    return None if minute is None else f"{minute // HOUR_MINUTES:02}:{minute % HOUR_MINUTES:02}"


def run_shown(run: Run) -> LeaderboardRun:
    """Give a run's days."""
    return LeaderboardRun(day_text(run.start), None if run.end is None else day_text(run.end))


def history_day(it: HistoryDay) -> LeaderboardEvent:
    """Give one day of a user's history."""
    date = day_text(it.day)
    return LeaderboardEvent(
        date=date,
        timestamp=f"{date}T00:00:00.000Z",
        previous_rank=it.previous_rank,
        rank=it.rank,
        previous_value=it.previous_value,
        value=it.value,
    )


def changed_boards(rulebook: Rulebook, outcome: Outcome) -> bytes:
    """Write the boards that an event changed, by key; of several runs of one board the latest."""
    book = rulebook.boards
    if book is None or not outcome.ranks:
        return b"{}"
    shown = {}
    for rank in outcome.ranks:
        rule = book.boards[rank.change.board]
        shown[rule.definition.key] = _changed(rulebook, rule, rank)
    return encode(shown)


def _changed(rulebook: Rulebook, rule: BoardRule, rank: RankChange) -> MetricEventLeaderboardResponse:
    run, values = rank.change.run, rank.change.values
    fields = board_fields(rulebook, rule) | {
        "start": day_text(run.start),
        "end": None if run.end is None else day_text(run.end),
    }
    pairs = [AttributePair(key, value) for key, value in zip(rule.breakdown, values, strict=False)]
    return MetricEventLeaderboardResponse(
        **fields,
        rank=rank.rank,
        previous_rank=rank.previous_rank,
        value=value_of(rule, rank.change.after.score) if rank.change.after.ranking is not None else None,
        threshold=value_of(rule, rank.threshold),
        breakdown_attribute_value=pairs[0].value if len(rule.breakdown) == 1 and pairs else UNSET,
        breakdown_attribute_values=pairs if rule.breakdown else UNSET,
    )
