"""Leaderboards as answers, from rulebooks, readings and outcomes.

Refuses to read anything: what is answered was handed in.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET
from msgspec.json import encode

from plaudit.engine.board_rules import BoardRule
from plaudit.engine.board_runs import Phase
from plaudit.engine.leaderboards import value_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import RankChange, Run
from plaudit.operations.read_leaderboards import HistoryDay
from plaudit.web.board_shapes import (
    LeaderboardEvent,
    LeaderboardResponse,
    LeaderboardRun,
    Status,
)
from plaudit.web.shape_parts import AttributePair
from plaudit.web.texts import day_text

HOUR_MINUTES = 60

MOST_KEPT = 1024
"""Runs kept encoded per rulebook."""


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


class BoardTexts:
    """The boards of one rulebook as events tell them, encoded once per run; ranks are appended behind."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._heads: dict[tuple[int, int], str] = {}

    def changed(self, ranks: Sequence[RankChange]) -> bytes:
        """Write the boards that an event changed, by key; of several runs of one board the latest."""
        book = self._rulebook.boards
        if book is None or not ranks:
            return b"{}"
        shown = {rank.change.board: rank for rank in ranks}
        told = ",".join([self._changed(book.boards[n], rank) for n, rank in shown.items()])
        return f"{{{told}}}".encode()

    def _changed(self, rule: BoardRule, rank: RankChange) -> str:
        """Write one board with its key (MetricEventLeaderboardResponse)."""
        change = rank.change
        value = None if change.after.ranking is None else value_of(rule, change.after.score)
        threshold = value_of(rule, rank.threshold) if rank.threshold else 0
        return (
            f'{self._head(rule, change.run)},"rank":{_or_null(rank.rank)},'
            f'"previousRank":{_or_null(rank.previous_rank)},"value":{_or_null(value)},"threshold":{threshold}'
            f"{_group(rule, change.values) if rule.breakdown else ''}}}"
        )

    def _head(self, rule: BoardRule, run: Run) -> str:
        key = (rule.number, run.start)
        found = self._heads.get(key)
        if found is None:
            if len(self._heads) >= MOST_KEPT:
                self._heads.clear()
            fields = board_fields(self._rulebook, rule) | {
                "start": day_text(run.start),
                "end": None if run.end is None else day_text(run.end),
            }
            text = encode({rule.definition.key: LeaderboardResponse(**fields)})[1:-2]
            found = self._heads[key] = text.decode()
        return found


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)


def _group(rule: BoardRule, values: tuple[str, ...]) -> str:
    pairs = [AttributePair(key, value) for key, value in zip(rule.breakdown, values, strict=False)]
    text = b',"breakdownAttributeValues":' + encode(pairs)
    if len(rule.breakdown) == 1 and pairs:
        text += b',"breakdownAttributeValue":' + encode(pairs[0].value)
    return text.decode()
