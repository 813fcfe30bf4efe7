"""The doors of one user's page: everything about it at once, a grant, and a test event.

Refuses what the user could not have: the engine decides a grant and an event as it decides any other.
"""

import asyncio
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder, encode

from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import GrantCompletion, RecordEvent
from plaudit.model.state import Identity, UserState
from plaudit.operations.read_leaderboards import boards_shown, rank_and_value, run_of
from plaudit.operations.read_metrics import read_metrics
from plaudit.operations.read_points import read_points
from plaudit.operations.read_streak import read_streak
from plaudit.operations.read_user import read_user
from plaudit.web.admin.preview_shapes import PointsTrial
from plaudit.web.admin.reading import achievement_by_id
from plaudit.web.admin.users import who_of
from plaudit.web.answers import Answer
from plaudit.web.application.achievements import completion_answer
from plaudit.web.application.points import DEFAULT_AWARDS
from plaudit.web.application.streaks import MOST_PERIODS
from plaudit.web.board_shapes import LeaderboardRun, UserLeaderboardResponse
from plaudit.web.board_texts import board_fields, run_shown
from plaudit.web.decode import Number, amount, read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.drafts import pairs
from plaudit.web.encode import (
    event_body,
    metric_body,
    streak_of,
    user_achievements_body,
    user_of,
)
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import idempotency_key
from plaudit.web.points_shapes import GetUserPointsResponse
from plaudit.web.shapes import (
    AchievementCompletionResponse,
    EventResponse,
    MetricResponse,
    StreakResponse,
    User,
    UserAchievementWithStatsResponse,
)

Key = Annotated[str, Meta(description="The key of a metric.")]


class PagedUser(User, kw_only=True, rename="camel"):
    """A user as stored, with what only a team sees."""

    freezes: Annotated[int, Meta(description="Streak freezes held.")]


class UserPlace(UserLeaderboardResponse, kw_only=True, rename="camel"):
    """Where a user stands in the current run of a leaderboard."""

    run: LeaderboardRun


class Dossier(Struct, rename="camel"):
    """Everything about a user, with each part as the Application API tells it."""

    user: PagedUser
    metrics: list[MetricResponse]
    achievements: Annotated[
        list[UserAchievementWithStatsResponse], Meta(description="Earned, and still to be earned.")
    ]
    streak: Annotated[StreakResponse, Meta(description="With the last 365 periods.")]
    points: list[GetUserPointsResponse]
    leaderboards: list[UserPlace]


class GrantDraft(Struct, rename="camel"):
    """Which achievement a user is given."""

    achievement_id: str


class TestEvent(Struct, rename="camel"):
    """An event of the user whom the path names."""

    metric_key: Key
    value: Number
    attributes: dict[str, str] | UnsetType = UNSET
    idempotency_key: str | None | UnsetType = UNSET


_grants = Decoder(GrantDraft)
_events = Decoder(TestEvent)


@operation("Get a user's page", {200: Dossier}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Give everything about one user: totals, achievements, streak, points and places."""
    who, context, ledger = who_of(call), call.context, call.context.store.ledger
    rulebook = await call.rulebook()
    user = await read_user(ledger, who)
    fragments = fragments_of(rulebook, call.base_url)
    metrics = await read_metrics(ledger, rulebook, who)
    await asyncio.sleep(0)  # SQLite reads on the event loop; events are served between the parts
    own, counts = await context.known.read(ledger, rulebook, who, call.now, incomplete=True)
    heads = fragments.with_stats(who.tenant, counts)
    await asyncio.sleep(0)
    view, past, pauses = await read_streak(ledger, rulebook, who, call.now, MOST_PERIODS)
    await asyncio.sleep(0)
    parts = (
        b'{"user":' + _user_text(user),
        b'"metrics":[' + b",".join(metric_body(fragments, each) for each in metrics) + b"]",
        b'"achievements":' + user_achievements_body(heads, own),
        b'"streak":' + encode(streak_of(view, past, pauses)),
        b'"points":[' + b",".join(await _points(call, rulebook, who)) + b"]",
        b'"leaderboards":' + encode(await _places(call, rulebook, who)) + b"}",
    )
    return Answer(200, b",".join(parts))


def _user_text(user: UserState) -> bytes:
    return encode(user_of(user))[:-1] + b',"freezes":%d}' % user.freezes


async def _points(call: Call, rulebook: Rulebook, who: Identity) -> list[bytes]:
    texts = fragments_of(rulebook, call.base_url).points
    systems = () if rulebook.points is None else rulebook.points.systems.values()
    found = []
    for system in systems:
        it = await read_points(call.context.store, system, who, DEFAULT_AWARDS, call.now)
        found.append(texts.standing(system, it.state, it.awards, it.day))
    return found


async def _places(call: Call, rulebook: Rulebook, who: Identity) -> list[UserPlace]:
    found = []
    for rule in boards_shown(rulebook):
        run = run_of(rule, None, call.now)
        rank, value = await rank_and_value(call.context.store.ledger, rule, run, who)
        fields = board_fields(rulebook, rule)
        found.append(UserPlace(**fields, rank=rank, value=value, run=run_shown(run)))
    return found


@operation(
    "Grant an achievement",
    {201: AchievementCompletionResponse, 200: AchievementCompletionResponse},
    body=GrantDraft,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def grant(call: Call) -> Answer:
    """Give a user an active achievement of any trigger, with what follows from it.

    201 when it was given, 200 with the same completion when the user had it.
    """
    who, context = who_of(call), call.context
    text = read_body(call.body, _grants).achievement_id
    rulebook, rule = await achievement_by_id(call, text, "achievementId")
    command = GrantCompletion(context.new_id(call.now), who, call.now, rule.number, call.caller.prefix)
    return completion_answer(call, rulebook, rule, await context.turnstile.submit(command))


@operation(
    "Record a test event",
    {201: EventResponse, 202: EventResponse},
    body=TestEvent,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def record(call: Call) -> Answer:
    """Record an event of a user as an app would; it counts like any other.

    201 for an event that counted, 202 for an idempotency key that was used before.
    """
    draft = read_body(call.body, _events)
    key = draft.idempotency_key
    command = event_of(
        call, who_of(call), draft, None if key is None or key is UNSET else idempotency_key(key.encode())
    )
    outcome = await call.context.turnstile.submit(command)
    rulebook = await call.rulebook()
    fragments = fragments_of(rulebook, call.base_url)
    status = 201 if outcome.replay is None else 202
    return Answer(status, event_body(fragments, outcome, call.now, command.key))


def event_of(
    call: Call, who: Identity, draft: TestEvent | PointsTrial, key: str | None = None
) -> RecordEvent:
    """Give an event that a team tries as a command.

    Raises:
        PlauditError: a field of it cannot be used.
    """
    return RecordEvent(
        id=call.context.new_id(call.now),
        who=who,
        now=call.now,
        metric=draft.metric_key,
        value=amount(draft.value, "value"),
        at=call.now,
        attributes=pairs(draft.attributes, "attributes") if draft.attributes else {},
        key=key,
    )
