"""The doors of points: systems, levels and boosts, one user's points, and how all users are spread.

Refuses systems nobody defined.
"""

from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.points_rules import SystemRule
from plaudit.engine.rulebook import Rulebook
from plaudit.operations.read_points import (
    levels_of,
    ranges_of,
    read_boosts,
    read_points,
    summarise_points,
    system_of,
)
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.metrics import SPAN
from plaudit.web.application.query import attributes_in, one, summary_span, whole_number
from plaudit.web.door import Call, Parameter, operation
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import check_id
from plaudit.web.points_shapes import (
    GetUserPointsResponse,
    PointsBoostResponse,
    PointsLevelCount,
    PointsLevelResponse,
    PointsRange,
    PointsSummaryItem,
    PointsSystemResponse,
)
from plaudit.web.points_texts import boost_of
from plaudit.web.texts import day_text

OF_USER = (401, 403, 404, 422)
OF_ALL = (401, 404, 422)

DEFAULT_AWARDS = 10
MOST_AWARDS = 100

AWARDS = Parameter(
    "awards",
    "How many of the newest awards are told.",
    {"type": "integer", "default": DEFAULT_AWARDS, "minimum": 1, "maximum": MOST_AWARDS},
)
FINISHED = Parameter(
    "includeFinished",
    "With 'true', boosts that are over are listed too.",
    {"type": "boolean", "default": False},
)
USER_ATTRIBUTES = Parameter(
    "userAttributes", "Only users with all these attributes are counted, as key:value,key:value."
)


@operation("Get a user's points", {200: GetUserPointsResponse}, parameters=(AWARDS,), errors=OF_USER)
async def of_user(call: Call) -> Answer:
    """Give the user's total, level and newest awards in one points system."""
    awards = whole_number(call.query(), "awards", DEFAULT_AWARDS, MOST_AWARDS, least=1)
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook, system = await _system(call)
    found = await read_points(call.context.store, system, who, awards, call.now)
    texts = fragments_of(rulebook, call.base_url).points
    return Answer(200, texts.standing(system, found.state, found.awards, found.day))


@operation("List the boosts that apply to a user", {200: list[PointsBoostResponse]}, errors=OF_USER)
async def boosts_of_user(call: Call) -> Answer:
    """List the boosts of a points system that multiply the user's awards today, in the user's zone."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    _, system = await _system(call)
    boosts, day = await read_boosts(call.context.store, system, who, call.now)
    return as_json([boost_of(boost, day) for boost in boosts])


@operation(
    "Summarise a user's awards by period", {200: list[PointsSummaryItem]}, parameters=SPAN, errors=OF_USER
)
async def summarise_user(call: Call) -> Answer:
    """Give one row per period: the total at its end and the change in it."""
    span = summary_span(call.query())
    who = call.caller.identity(check_id(call.path["id"], "id"))
    rulebook, system = await _system(call)
    rows = await summarise_points(call.context.store, rulebook, system, who, span)
    return as_json([PointsSummaryItem(day_text(row.day), row.total, row.change) for row in rows])


@operation("Get a points system", {200: PointsSystemResponse}, errors=OF_ALL)
async def get(call: Call) -> Answer:
    """Give a points system with its active triggers."""
    rulebook, system = await _system(call)
    return Answer(200, fragments_of(rulebook, call.base_url).points.system(system))


@operation(
    "List a points system's boosts", {200: list[PointsBoostResponse]}, parameters=(FINISHED,), errors=OF_ALL
)
async def boosts(call: Call) -> Answer:
    """List the boosts that are not for one user alone, as they stand on today's date in UTC."""
    finished = one(call.query(), "includeFinished") == "true"
    _, system = await _system(call)
    day = local_day(call.now, zone_of(None))
    listed = (rule for rule in system.boosts if rule.definition.user_id is None)
    return as_json([boost_of(rule, day) for rule in listed if finished or day <= rule.last])


@operation("List a points system's levels", {200: list[PointsLevelResponse]}, errors=OF_ALL)
async def levels(call: Call) -> Answer:
    """List the levels, the lowest first."""
    rulebook, system = await _system(call)
    texts = fragments_of(rulebook, call.base_url).points
    return as_json([texts.level(level) for level in system.levels])


@operation("Count the users at each level", {200: list[PointsLevelCount]}, errors=OF_ALL)
async def level_summary(call: Call) -> Answer:
    """Count the users whose highest level it is, for each level."""
    rulebook, system = await _system(call)
    histogram = await _histogram(call, system, {})
    texts = fragments_of(rulebook, call.base_url).points
    counted = levels_of(system, histogram)
    return as_json([PointsLevelCount(texts.level(level), users) for level, users in counted])


@operation(
    "Count the users by their points", {200: list[PointsRange]}, parameters=(USER_ATTRIBUTES,), errors=OF_ALL
)
async def summary(call: Call) -> Answer:
    """Count users in eleven ranges: those without points, then ten of one width up to the greatest total."""
    rulebook, system = await _system(call)
    histogram = await _histogram(call, system, attributes_in(call.query(), rulebook) or {})
    return as_json([PointsRange(*each) for each in ranges_of(histogram)])


async def _system(call: Call) -> tuple[Rulebook, SystemRule]:
    rulebook = await call.rulebook()
    return rulebook, system_of(rulebook, call.path["key"])


async def _histogram(call: Call, system: SystemRule, attributes: dict[str, str]) -> dict[int, int]:
    caller, number = call.caller, system.definition.number
    points = call.context.store.points
    return await points.histogram(caller.environment, caller.sealed_tenant, number, attributes)
