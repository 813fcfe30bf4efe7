"""The doors of streaks: one user's, and many users' ranked.

Refuses long lists; a streak reads as it stands now.
"""

from plaudit.operations.read_streak import rank_streaks, read_streak
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import MOST_USERS, user_ids, whole_number
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.encode import bulk_of, streak_of
from plaudit.web.ids import check_id
from plaudit.web.shapes import BulkStreak, StreakResponse

PERIODS = 7
"""Periods of history when none are asked for."""

MOST_PERIODS = 365
"""Most periods of history."""

HISTORY = Parameter(
    "historyPeriods",
    "How many periods streakHistory tells, up to the current one.",
    {"type": "integer", "default": PERIODS, "minimum": 0, "maximum": MOST_PERIODS},
)
USERS = Parameter(
    "userIds",
    "Up to 100 user ids: repeated, or separated by commas.",
    {"type": "array", "items": {"type": "string"}, "maxItems": MOST_USERS},
    required=True,
)


@operation("Get a user's streak", {200: StreakResponse}, parameters=(HISTORY,), errors=(401, 403, 404, 422))
async def get(call: Call) -> Answer:
    """Give the user's streak and its last periods, oldest first."""
    periods = whole_number(call.query(), "historyPeriods", PERIODS, MOST_PERIODS)
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    view, past, pauses = await read_streak(call.context.store.ledger, rulebook, who, call.now, periods)
    return as_json(streak_of(view, past, pauses))


@operation("Rank users by streak", {200: list[BulkStreak]}, parameters=(USERS,), errors=(401, 403, 422))
async def rank(call: Call) -> Answer:
    """Give the streaks of up to 100 users, longest first; users nobody knows have length 0."""
    ids = [check_id(each, "Each of userIds") for each in user_ids(call.query())]
    who = [call.caller.identity(each) for each in ids]
    rulebook = await call.rulebook()
    ranked = await rank_streaks(call.context.store.ledger, rulebook, who, call.now)
    return as_json([bulk_of(user_id, view) for user_id, view in ranked])
