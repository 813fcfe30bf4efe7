"""Answers from outcomes and readings, joined from fragments that are encoded once.

Refuses to read anything: what is answered was handed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import UNSET, UnsetType
from msgspec.json import encode

from plaudit.engine.progress import WHOLE, Standing
from plaudit.engine.rulebook import AchievementRule
from plaudit.engine.streaks import HistoryPeriod, StreakView, current
from plaudit.model.amounts import to_text
from plaudit.model.decided import Told
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import RankChange
from plaudit.model.outcome import Outcome
from plaudit.model.state import Completion, UserState
from plaudit.model.state import StreakPause as Pause
from plaudit.operations.read_event_summary import SummaryRow
from plaudit.operations.read_metrics import UserMetric
from plaudit.web.fragments import Counts, Fragments, stats_text
from plaudit.web.shapes import BulkStreak, StreakHistoryItem, StreakPause, StreakResponse, SummaryItem, User
from plaudit.web.texts import amount_text, day_text, exact, number_text, time_text

_PERCENTS = tuple(number_text(hundredths / 100) for hundredths in range(WHOLE + 1))
NOTHING = b"{}"


def event_body(fragments: Fragments, outcome: Outcome, now: int, key: str | None) -> bytes:
    """Write what an event caused (EventResponse); a replay tells what the first use caused."""
    return told_body(fragments, told_of(fragments, outcome, now, key), outcome.ranks)


def told_body(fragments: Fragments, told: Told, ranks: Sequence[RankChange]) -> bytes:
    """Write an answer whole, with the leaderboards that the event moved."""
    return told.head + (fragments.boards.changed(ranks) if ranks else NOTHING) + told.tail


def told_of(fragments: Fragments, outcome: Outcome, now: int, key: str | None) -> Told:
    """Write what an event caused but for its leaderboards, whose ranks may not be counted yet."""
    rulebook = fragments.rulebook
    replay = outcome.replay
    event_id = replay.event_id if replay else outcome.event.id if outcome.event else b""
    metric_id = fragments.metric_ids[outcome.metric or 0]
    total = to_text(outcome.total or 0)
    streak = streak_text(current(rulebook.streaks, outcome.after, now))
    extended = "true" if outcome.extended else "false"
    head = f'{{"eventId":"{uuid_text(event_id)}","metricId":"{metric_id}","total":{total},"achievements":['
    done = completed(fragments, outcome.completed) if outcome.completed else b""
    tail = f'],"currentStreak":{{{streak},"extended":{extended}}},"points":'
    points = points_text(fragments, outcome, now) if outcome.awards else NOTHING
    whole = b"".join((head.encode(), done, tail.encode(), points, b',"leaderboards":'))
    return Told(whole, _key_text(outcome, key) + b"}", replay is not None)


def points_text(fragments: Fragments, outcome: Outcome, now: int) -> bytes:
    """Write the points systems that a call changed, by key."""
    after = outcome.after
    return fragments.points.changed(
        outcome.awards, after.points, None if after.user is None else after.user.tz, now
    )


def _key_text(outcome: Outcome, key: str | None) -> bytes:
    if key is None:
        return b""
    text = b',"idempotencyKey":' + encode(key)
    if outcome.replay is not None:
        text += b',"idempotentReplayed":true'
    if outcome.mismatch:
        text += b',"idempotencyMismatch":true'
    return text


def completed(fragments: Fragments, completions: Iterable[Completion]) -> bytes:
    """Write achievements as earned (UserAchievementResponse), comma-separated; archived ones are skipped."""
    rules = fragments.rulebook.achievements
    return b",".join(
        earned(fragments, rules[each.achievement], each) for each in completions if each.achievement in rules
    )


def earned(fragments: Fragments, rule: AchievementRule, completion: Completion | None) -> bytes:
    """Write one achievement as a user has it (UserAchievementResponse)."""
    return fragments.plain(rule) + _achieved(completion) + b"}"


def _achieved(completion: Completion | None) -> bytes:
    if completion is None:
        return b',"achievedAt":null'
    return b',"achievedAt":"' + time_text(completion.at).encode() + b'"'


def completion_body(
    fragments: Fragments, rule: AchievementRule, completion: Completion, outcome: Outcome, now: int
) -> bytes:
    """Write the completion of one achievement (AchievementCompletionResponse)."""
    head = f'{{"completionId":"{uuid_text(completion.id)}","achievement":'
    points = points_text(fragments, outcome, now)
    return head.encode() + earned(fragments, rule, completion) + b',"points":' + points + b"}"


def achievements_body(fragments: Fragments, rules: Iterable[AchievementRule], counts: Counts) -> bytes:
    """Write achievements with statistics (AchievementWithStatsResponse)."""
    return b"[" + b",".join(fragments.plain(r) + stats_text(r, counts).encode() + b"}" for r in rules) + b"]"


def standing_texts(items: Iterable[Standing]) -> tuple[tuple[int, str], ...]:
    """Write what is a user's own of each achievement listed: achievedAt and progress, by its number."""
    return tuple((standing[0], _standing_text(*standing[1:])) for standing in items)


def _standing_text(done: Completion | None, units: int, target: int, hundredths: int) -> str:
    at = "null" if done is None else f'"{time_text(done.at)}"'
    return (
        f'{at},"progress":{{"current":{amount_text(units)},"target":{amount_text(target)},'
        f'"percent":{_PERCENTS[hundredths]}}}}}'
    )


def user_achievements_body(heads: Mapping[int, str], own: Iterable[tuple[int, str]]) -> bytes:
    """Join a user's achievements (UserAchievementWithStatsResponse) from everybody's half and the user's."""
    return f"[{','.join([heads[number] + text for number, text in own])}]".encode()


@lru_cache(maxsize=16384)
def streak_text(view: StreakView) -> str:
    """Write the fields every streak has (BaseStreakResponse), without braces."""
    days = (
        ("started", view.started),
        ("periodStart", view.period_start),
        ("periodEnd", view.period_end),
        ("expires", view.expires),
    )
    texts = ",".join(f'"{name}":' + ("null" if day is None else f'"{day_text(day)}"') for name, day in days)
    more = "".join(f',"{name}":{held}' for name, held in freezes_of(view).items())
    return f'"length":{view.length},"frequency":"{view.frequency}",{texts}{more}'


def freezes_of(view: StreakView) -> dict[str, int]:
    """Give the fields of a streak that tell of freezes, by name; those that do not apply are left out."""
    fields = {
        "freezes": view.freezes,
        "maxFreezes": view.most_freezes,
        "freezeAutoEarnInterval": view.freeze_interval,
        "freezeAutoEarnAmount": view.freeze_amount,
    }
    return {name: held for name, held in fields.items() if held is not None}


def streak_of(
    view: StreakView, past: Iterable[HistoryPeriod], pauses: Iterable[Pause] = ()
) -> StreakResponse:
    """Give a streak with its history and the pauses that are not over."""
    return StreakResponse(
        length=view.length,
        frequency=view.frequency,
        started=_or_none(view.started),
        period_start=_or_none(view.period_start),
        period_end=_or_none(view.period_end),
        expires=_or_none(view.expires),
        freezes=_or_unset(view.freezes),
        max_freezes=_or_unset(view.most_freezes),
        freeze_auto_earn_interval=_or_unset(view.freeze_interval),
        freeze_auto_earn_amount=_or_unset(view.freeze_amount),
        extended=None if view.extended_at is None else time_text(view.extended_at),
        streak_history=[_past_of(it, frozen=view.freezes is not None) for it in past],
        pauses=[StreakPause(uuid_text(it.id), day_text(it.first), day_text(it.last)) for it in pauses],
    )


def _past_of(it: HistoryPeriod, *, frozen: bool) -> StreakHistoryItem:
    return StreakHistoryItem(
        day_text(it.start),
        day_text(it.end),
        it.length,
        it.used_pause,
        it.used_freeze if frozen else UNSET,
        UNSET if it.reset_at is None else time_text(it.reset_at),
    )


def _or_unset(count: int | None) -> int | UnsetType:
    return UNSET if count is None else count


def _or_none(day: int | None) -> str | None:
    return None if day is None else day_text(day)


def bulk_of(user_id: str, view: StreakView) -> BulkStreak:
    """Give one user's streak in a ranking."""
    extended = None if view.extended_at is None else time_text(view.extended_at)
    return BulkStreak(user_id, view.length, extended)


def metric_body(fragments: Fragments, it: UserMetric) -> bytes:
    """Write a metric as a user stands in it (MetricResponse)."""
    metric = it.metric
    head = b'{"id":"%b","key":%b,"name":%b,"status":"active","current":%b,"achievements":[' % (
        uuid_text(metric.id).encode(),
        encode(metric.key),
        encode(metric.name),
        to_text(it.current).encode(),
    )
    return head + b",".join(earned(fragments, rule, done) for rule, done in it.achievements) + b"]}"


def summary_of(row: SummaryRow) -> SummaryItem:
    """Give one period of a summary."""
    return SummaryItem(day_text(row.day), exact(row.total), exact(row.change))


def user_of(it: UserState) -> User:
    """Give a user as stored."""
    return User(
        id=it.id,
        email=it.email,
        name=it.name,
        tz=it.tz,
        sign_up_date=_or_none(it.sign_up_date),
        device_tokens=list(it.device_tokens),
        subscribe_to_emails=it.subscribe_to_emails,
        attributes=it.attributes,
        control=it.control,
        created=time_text(it.created),
        updated=time_text(it.updated),
    )
