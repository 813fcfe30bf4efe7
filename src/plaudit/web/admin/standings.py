"""The doors that tell a team where users stand: one run of a leaderboard, and the levels of a points system.

Refuses long pages, and days that are none.
"""

from typing import Annotated

from msgspec import Meta, Struct

from plaudit.engine.board_rules import BoardRule, counts
from plaudit.engine.board_runs import current_run, run_at, utc_day
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import Leaderboard, Run
from plaudit.operations.read_leaderboards import Place, group_of, read_places, run_of
from plaudit.operations.read_points import levels_of
from plaudit.web.admin.leaderboards import boards_of
from plaudit.web.admin.points_parts import system_rule
from plaudit.web.admin.reading import find_one
from plaudit.web.admin.shapes import Uuid
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.leaderboards import FARTHEST, MOST_PLACES, RUN
from plaudit.web.application.query import attributes_in, day_in, whole_number
from plaudit.web.board_shapes import LeaderboardRanking, LeaderboardRun
from plaudit.web.board_texts import run_shown
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.shape_parts import DateText
from plaudit.web.texts import day_text

DEFAULT_PLACES = 50

PLACES = (
    RUN,
    Parameter("offset", "Places left out first.", {"type": "integer", "default": 0, "minimum": 0}),
    Parameter(
        "limit",
        "Most places given.",
        {"type": "integer", "default": DEFAULT_PLACES, "minimum": 0, "maximum": MOST_PLACES},
    ),
    Parameter(
        "userAttributes", "The group whose ranking is meant, as key:value,key:value; needed with a breakdown."
    ),
)


class AdminRanks(Struct, rename="camel"):
    """A page of one run's ranking, best first; nobody has a place while the leaderboard is inactive."""

    run: LeaderboardRun
    previous: Annotated[DateText | None, Meta(description="A day of the run before; null on the first.")]
    following: Annotated[
        DateText | None, Meta(description="A day of the run after; null where none has begun.")
    ]
    data: list[LeaderboardRanking]


class AdminLevelCount(Struct, rename="camel"):
    """How many users have this level as their highest; those below every level come first, under null."""

    level_id: Annotated[Uuid | None, Meta(description="Null counts the users below the lowest level.")]
    users: int


@operation(
    "List the ranks of a leaderboard",
    {200: AdminRanks},
    parameters=PLACES,
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def ranks(call: Call) -> Answer:
    """Give a page of one run's ranking, best first."""
    query = call.query()
    board = find_one(call, await boards_of(call), "leaderboard")
    day = day_in(query, "run")
    offset = whole_number(query, "offset", 0, FARTHEST)
    limit = whole_number(query, "limit", DEFAULT_PLACES, MOST_PLACES)
    rulebook = await call.rulebook()
    rule = None if rulebook.boards is None else rulebook.boards.by_key.get(board.key)
    if rule is None or not counts(rule):
        return as_json(_page(board, current_run(board, call.now), call.now, []))
    run = run_of(rule, day, call.now)
    group = group_of(rule, attributes_in(query, rulebook))
    return as_json(_page(board, run, call.now, await _places(call, rule, run, group, offset, limit)))


async def _places(
    call: Call, rule: BoardRule, run: Run, group: tuple[str, ...] | None, offset: int, limit: int
) -> list[Place]:
    caller = (call.caller.environment, call.caller.sealed_tenant)
    return await read_places(call.context.store.ledger, rule, run, caller, group, None, offset, limit)


def _page(board: Leaderboard, run: Run, now: int, places: list[Place]) -> AdminRanks:
    before = run_at(board, run.start - 1)
    after = None if run.end is None or run.end >= utc_day(now) else run_at(board, run.end + 1)
    return AdminRanks(
        run=run_shown(run),
        previous=None if before is None else day_text(before.start),
        following=None if after is None else day_text(after.start),
        data=[LeaderboardRanking(it.user_id, it.name, it.rank, it.value) for it in places],
    )


@operation(
    "Count the users at each level", {200: list[AdminLevelCount]}, errors=(404, 422), audience=Audience.ADMIN
)
async def level_summary(call: Call) -> Answer:
    """Count the users whose highest level it is: first those below every level, then the lowest level on."""
    rulebook = await call.rulebook()
    system = system_rule(call, rulebook)
    caller = call.caller
    histogram = await call.context.store.points.histogram(
        caller.environment, caller.sealed_tenant, system.definition.number, {}
    )
    counted = levels_of(system, histogram)
    below = sum(histogram.values()) - sum(users for _, users in counted)
    return as_json(
        [
            AdminLevelCount(None, below),
            *(AdminLevelCount(uuid_text(level.id), users) for level, users in counted),
        ]
    )
