"""The doors of statistics: of an environment and tenant, and of one achievement.

Refuses to slow ingest: what is told was read a while ago, beside the events.
"""

from plaudit.badges.links import badge_url
from plaudit.engine.rulebook import AchievementRule
from plaudit.model.ids import uuid_text
from plaudit.operations.paced_insights import PacedInsights
from plaudit.operations.read_distance import RANGES, read_distance
from plaudit.operations.read_insights import (
    WEEKS,
    read_completion_days,
    read_highlights,
    read_overview,
    read_retention,
)
from plaudit.web.admin.insight_shapes import (
    AchievementInsights,
    AchievementOwner,
    AchievementShare,
    AchievementShares,
    AchievementTag,
    CompletionDay,
    NewCompletion,
    OwnerPage,
    ProgressRange,
    RareAchievement,
    RetentionShares,
    StatsDay,
    StatsHighlights,
    StatsOverview,
    StatsTotals,
    TopUser,
)
from plaudit.web.admin.reading import achievement_by_id
from plaudit.web.admin.users import CURSOR, LIMIT, limit_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.application.query import one
from plaudit.web.door import Audience, Call, Parameter, operation
from plaudit.web.errors import invalid
from plaudit.web.texts import day_text, time_text

SPANS: dict[str, int | None] = {"30": 30, "90": 90, "365": 365, "all": None}
NEWEST = 2**62
DAYS = Parameter(
    "days",
    "How many days are told, up to today; all begins with the first event.",
    {"type": "string", "enum": list(SPANS), "default": "30"},
)


@operation(
    "Get what happened over time",
    {200: StatsOverview},
    parameters=(DAYS,),
    errors=(422, 503),
    audience=Audience.ADMIN,
)
async def overview(call: Call) -> Answer:
    """Give events, active users and completions over time. A day is a date in UTC."""
    span = one(call.query(), "days") or "30"
    if span not in SPANS:
        raise invalid("days must be one of 30, 90, 365 and all")
    where, context = _where(call), call.context
    rulebook = await call.rulebook()
    it = await context.insights.get(
        ("overview", where, span, rulebook.version),
        lambda: read_overview(context.store.ledger, _paced(call), rulebook, where, SPANS[span], call.now),
    )
    active = sum(rule.active for rule in rulebook.achievements.values())
    days = [StatsDay(day_text(each.day), each.events, each.active, each.completions) for each in it.points]
    totals = StatsTotals(it.users, it.events, it.completions, active)
    return as_json(StatsOverview(totals, days, it.step, time_text(it.now)))


@operation("Get who and what stands out", {200: StatsHighlights}, errors=(422, 503), audience=Audience.ADMIN)
async def highlights(call: Call) -> Answer:
    """Give the rarest achievements, the newest completions, and the users with most completions."""
    where, context = _where(call), call.context
    rulebook = await call.rulebook()
    it = await context.insights.get(
        ("highlights", where, rulebook.version),
        lambda: read_highlights(context.store.ledger, _paced(call), rulebook, where),
    )
    return as_json(
        StatsHighlights(
            [RareAchievement(tag_of(call, rule), n, _rarity(n, it.users)) for rule, n in it.rarest],
            [
                NewCompletion(tag_of(call, each.rule), each.user_id, each.name, time_text(each.at))
                for each in it.newest
            ],
            [TopUser(each.user_id, each.name, each.completions, each.events) for each in it.leaders],
        )
    )


@operation(
    "Count the users of each achievement",
    {200: AchievementShares},
    errors=(422, 503),
    audience=Audience.ADMIN,
)
async def shares(call: Call) -> Answer:
    """Count, right to the last commit, the users who have each achievement, whatever its status."""
    where = _where(call)
    rulebook = await call.rulebook()
    counts = await call.context.store.ledger.counts(*where)
    users = counts.get(0, 0)
    told = [
        AchievementShare(
            uuid_text(rule.definition.id), counts.get(number, 0), _rarity(counts.get(number, 0), users)
        )
        for number, rule in rulebook.achievements.items()
    ]
    return as_json(AchievementShares(told))


@operation(
    "Get an achievement's statistics",
    {200: AchievementInsights},
    errors=(404, 422, 503),
    audience=Audience.ADMIN,
)
async def of_achievement(call: Call) -> Answer:
    """Give completions over time, how far those are who lack it, and whether it goes with staying."""
    where, context = _where(call), call.context
    rulebook = await call.rulebook()
    rule = await rule_of_path(call)

    async def read() -> AchievementInsights:
        counts = await context.store.ledger.counts(*where)
        done, users = counts.get(rule.number, 0), counts.get(0, 0)
        paced = _paced(call)
        days, step = await read_completion_days(paced, where, rule.number, call.now)
        distance = await read_distance(paced, rulebook, rule, where, users, call.now)
        stay = await read_retention(paced, where, rule.number, call.now)
        width = 100 // RANGES
        return AchievementInsights(
            users,
            done,
            _rarity(done, users),
            [CompletionDay(day_text(day), n) for day, n in days],
            step,
            [ProgressRange(n * width, (n + 1) * width, many) for n, many in enumerate(distance.tenths)],
            distance.sample,
            RetentionShares(
                list(range(WEEKS)),
                stay.completers,
                stay.others,
                stay.completers_count,
                stay.others_count,
            ),
            time_text(call.now),
        )

    return as_json(await context.insights.get(("achievement", where, rule.number, rulebook.version), read))


@operation(
    "List the users who have an achievement",
    {200: OwnerPage},
    parameters=(LIMIT, CURSOR),
    errors=(404, 422, 503),
    audience=Audience.ADMIN,
)
async def owners(call: Call) -> Answer:
    """List who has an achievement, the newest first."""
    query, where = call.query(), _where(call)
    limit, (at, subject) = limit_of(query), _place_of(one(query, "cursor"))
    rule = await rule_of_path(call)
    found = await call.context.store.insights.owners_before(where, rule.number, at, subject, limit + 1)
    page = [AchievementOwner(user, name, time_text(when)) for _, user, name, when in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    return as_json(OwnerPage(page, None if last is None else f"{last[3]}.{bytes(last[0]).hex()}"))


def _place_of(cursor: str | None) -> tuple[int, bytes]:
    if cursor is None:
        return NEWEST, b""
    at, _, subject = cursor.partition(".")
    try:
        place = int(at), bytes.fromhex(subject)
    except ValueError:
        raise invalid("cursor must be the cursor of the page before") from None
    if abs(place[0]) > NEWEST:
        raise invalid("cursor must be the cursor of the page before")
    return place


async def rule_of_path(call: Call) -> AchievementRule:
    """Find the achievement the path names.

    Raises:
        PlauditError: the id is no UUID, or there is none.
    """
    return (await achievement_by_id(call, call.path["id"], "The id in the path"))[1]


def tag_of(call: Call, rule: AchievementRule) -> AchievementTag:
    """Give an achievement by its looks."""
    it = rule.definition
    return AchievementTag(uuid_text(it.id), it.key, it.name, badge_url(it.badge, call.base_url))


def _paced(call: Call) -> PacedInsights:
    return PacedInsights(call.context.store.insights, call.context.insights.pace)


def _where(call: Call) -> tuple[int, str]:
    return call.caller.environment, call.caller.sealed_tenant


def _rarity(done: int, users: int) -> float:
    return 100 * done / users if users else 0
