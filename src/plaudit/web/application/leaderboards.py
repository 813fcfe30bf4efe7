"""The doors of leaderboards: all of them, one with its places, and where one user stands.

Refuses long pages, and days that are none.
"""

from plaudit.engine.board_runs import Phase, phase
from plaudit.operations.read_leaderboards import (
    board_of,
    boards_shown,
    group_of,
    read_places,
    read_user_place,
    run_of,
)
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import attributes_in, day_in, one, whole_number
from plaudit.web.board_shapes import (
    LeaderboardRanking,
    LeaderboardResponseWithRankings,
    ListedLeaderboard,
    UserLeaderboardResponseWithHistory,
)
from plaudit.web.board_texts import STATUSES, board_fields, history_day, run_shown
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.ids import check_id

DEFAULT_PLACES = 10
MOST_PLACES = 1000
FARTHEST = 1_000_000_000
DEFAULT_DAYS = 10
MOST_DAYS = 100

FINISHED = Parameter(
    "includeFinished",
    "With 'true', leaderboards that are over are listed too.",
    {"type": "boolean", "default": False},
)
RUN = Parameter(
    "run",
    "A day of the run that is meant, as YYYY-MM-DD; without it the current run.",
    {"type": "string", "format": "date"},
)
PLACES = (
    Parameter("offset", "Places left out first.", {"type": "integer", "default": 0, "minimum": 0}),
    Parameter(
        "limit",
        "Most places given.",
        {"type": "integer", "default": DEFAULT_PLACES, "minimum": 0, "maximum": MOST_PLACES},
    ),
    RUN,
    Parameter("userId", "The offset counts from this user's place; empty when the user has none."),
    Parameter("userAttributes", "The group whose ranking is meant, as key:value,key:value."),
)
DAYS = Parameter(
    "numEvents",
    "How many of the last days with a change are told.",
    {"type": "integer", "default": DEFAULT_DAYS, "minimum": 0, "maximum": MOST_DAYS},
)


@operation("List leaderboards", {200: list[ListedLeaderboard]}, parameters=(FINISHED,), errors=(401, 422))
async def list_all(call: Call) -> Answer:
    """List the leaderboards, the oldest first."""
    rulebook = await call.rulebook()
    finished = one(call.query(), "includeFinished") == "true"
    shown = [(rule, phase(rule.definition, call.now)) for rule in boards_shown(rulebook)]
    return as_json(
        [
            ListedLeaderboard(**board_fields(rulebook, rule), status=STATUSES[status])
            for rule, status in shown
            if finished or status is not Phase.FINISHED
        ]
    )


@operation(
    "Get a leaderboard", {200: LeaderboardResponseWithRankings}, parameters=PLACES, errors=(401, 404, 422)
)
async def get(call: Call) -> Answer:
    """Give a page of one run's ranking, best first."""
    query = call.query()
    rulebook = await call.rulebook()
    rule = board_of(rulebook, call.path["key"])
    run = run_of(rule, day_in(query, "run"), call.now)
    user = one(query, "userId")
    places = await read_places(
        call.context.store.ledger,
        rule,
        run,
        (call.caller.environment, call.caller.sealed_tenant),
        group_of(rule, attributes_in(query, rulebook)),
        None if user is None else check_id(user, "userId"),
        whole_number(query, "offset", 0, FARTHEST),
        whole_number(query, "limit", DEFAULT_PLACES, MOST_PLACES),
    )
    return as_json(
        LeaderboardResponseWithRankings(
            **board_fields(rulebook, rule),
            status=STATUSES[phase(rule.definition, call.now)],
            run=run_shown(run),
            rankings=[LeaderboardRanking(it.user_id, it.name, it.rank, it.value) for it in places],
        )
    )


@operation(
    "Get a user's place on a leaderboard",
    {200: UserLeaderboardResponseWithHistory},
    parameters=(RUN, DAYS),
    errors=(401, 403, 404, 422),
)
async def of_user(call: Call) -> Answer:
    """Give the user's rank and value in one run, and the last days on which they changed."""
    query = call.query()
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook = await call.rulebook()
    rule = board_of(rulebook, call.path["key"])
    run = run_of(rule, day_in(query, "run"), call.now)
    days = whole_number(query, "numEvents", DEFAULT_DAYS, MOST_DAYS)
    found = await read_user_place(call.context.store.ledger, rule, run, who, days)
    return as_json(
        UserLeaderboardResponseWithHistory(
            **board_fields(rulebook, rule),
            rank=found.rank,
            value=found.value,
            run=run_shown(run),
            history=[history_day(it) for it in found.history],
        )
    )
