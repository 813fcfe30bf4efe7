"""The door of a user's year in review.

Refuses years that have not begun.
"""

from datetime import date
from typing import Any

from msgspec import UNSET, Raw

from plaudit.engine.board_runs import run_at
from plaudit.engine.leaderboards import value_of
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.engine.wrapped import Change, LongestStreak, Span, Year
from plaudit.model.catalog import Metric
from plaudit.operations.read_user import read_user
from plaudit.operations.read_wrapped import read_wrapped
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import whole_number
from plaudit.web.board_shapes import UserLeaderboardResponse
from plaudit.web.board_texts import board_fields
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.encode import earned, user_of
from plaudit.web.fragments import Fragments, fragments_of
from plaudit.web.ids import check_id
from plaudit.web.texts import day_text, exact
from plaudit.web.wrapped_shapes import (
    WrappedActivity,
    WrappedEntireYear,
    WrappedMetric,
    WrappedMostActiveDay,
    WrappedMostActiveMonth,
    WrappedMostActiveWeek,
    WrappedPoints,
    WrappedResponse,
    WrappedStreak,
    WrappedValue,
)

YEAR = Parameter(
    "year",
    "A year from 1 to the current one, which it is when none is sent.",
    {"type": "integer", "minimum": 1},
)


@operation(
    "Get a user's year in review", {200: WrappedResponse}, parameters=(YEAR,), errors=(401, 403, 404, 422)
)
async def get(call: Call) -> Answer:
    """Tell what the user did in a year: the busiest day, week and month, and the whole year."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    store = call.context.store
    user = await read_user(store.ledger, who)
    this = date.fromordinal(local_day(call.now, zone_of(user.tz))).year
    year = whole_number(call.query(), "year", this, this, least=1)
    # Once a year, so it may ask: an achievement another process made just now belongs to the year, too.
    await call.context.rulebooks.refresh()
    rulebook = await call.rulebook()
    user, found = await read_wrapped(store, rulebook, who, year)
    place = (who.environment, who.tenant)
    found = await call.context.comparer.compare(store.peers, rulebook, place, found, call.now)
    writer = _Writer(fragments_of(rulebook, call.base_url))
    return as_json(WrappedResponse(user_of(user), writer.activity(found)))


class _Writer:
    """Writes spans of days with the names of a rulebook."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._book: Rulebook = fragments.rulebook

    def activity(self, year: Year) -> WrappedActivity:
        month = date.fromordinal(year.month.first).month - 1
        return WrappedActivity(
            days_active=year.days,
            weeks_active=year.weeks,
            months_active=year.months,
            most_active_day=WrappedMostActiveDay(**self._span(year.day), date=day_text(year.day.first)),
            most_active_week=WrappedMostActiveWeek(
                **self._span(year.week), start=day_text(year.week.first), end=day_text(year.week.last)
            ),
            most_active_month=WrappedMostActiveMonth(**self._span(year.month), month=month),
            entire_year=WrappedEntireYear(**self._span(year.whole), longest_streak=self._streak(year.streak)),
        )

    def _span(self, span: Span) -> dict[str, Any]:
        rules = self._book.achievements
        return {
            "metrics": self._metrics(span),
            "points": self._points(span),
            "achievements": [
                Raw(earned(self._fragments, rules[each.achievement], each))
                for each in span.completions
                if each.achievement in rules
            ],
            "leaderboards": self._boards(span),
        }

    def _metrics(self, span: Span) -> dict[str, WrappedMetric]:
        found = {}
        for number, moved in span.metrics.items():
            metric = self._book.metrics_by_number[number].metric
            values: dict[str, dict[str, WrappedValue]] = {}
            for (key, value), part in span.values.get(number, {}).items():
                values.setdefault(key, {})[value] = WrappedValue(**_amounts(metric, part))
            found[metric.key] = WrappedMetric(**_amounts(metric, moved), by_attribute=values)
        return found

    def _points(self, span: Span) -> dict[str, WrappedPoints]:
        systems = {} if self._book.points is None else self._book.points.systems
        found = {}
        for number, moved in span.points.items():
            if number in systems:
                it = systems[number].definition
                found[it.key] = WrappedPoints(
                    name=it.name,
                    description=it.description,
                    current_total=moved.total,
                    change_this_period=moved.change,
                    percent_change=moved.percent,
                    percentile_this_period=UNSET if moved.percentile is None else moved.percentile,
                )
        return found

    def _boards(self, span: Span) -> dict[str, UserLeaderboardResponse]:
        boards = {} if self._book.boards is None else self._book.boards.boards
        found = {}
        for number, (start, rank, score) in span.ranks.items():
            if (rule := boards.get(number)) is not None and (
                run := run_at(rule.definition, start)
            ) is not None:
                fields = board_fields(self._book, rule) | {
                    "start": day_text(run.start),
                    "end": None if run.end is None else day_text(run.end),
                }
                found[rule.definition.key] = UserLeaderboardResponse(
                    **fields, rank=rank, value=value_of(rule, score)
                )
        return found

    def _streak(self, it: LongestStreak) -> WrappedStreak:
        return WrappedStreak(
            length=it.length,
            frequency=self._book.streaks.frequency,
            period_start=None if it.first is None else day_text(it.first),
            period_end=None if it.last is None else day_text(it.last),
            started=None if it.started is None else day_text(it.started),
        )


def _amounts(metric: Metric, moved: Change) -> dict[str, Any]:
    return {
        "name": metric.name,
        "units": metric.units or None,
        "current_total": exact(moved.total),
        "change_this_period": exact(moved.change),
        "percent_change": moved.percent,
        "percentile_this_period": UNSET if moved.percentile is None else moved.percentile,
    }
