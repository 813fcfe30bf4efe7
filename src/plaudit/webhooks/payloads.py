"""The bodies of webhook messages: one function per type, from what was decided to JSON.

Refuses to decide whether anything is told (see ``announce``), and to read anything.
"""

from collections.abc import Sequence

from plaudit.engine.board_rules import BoardRule
from plaudit.engine.board_runs import phase
from plaudit.engine.leaderboards import value_of
from plaudit.engine.points_rules import BoostRule, SystemRule
from plaudit.engine.rulebook import AchievementRule
from plaudit.engine.streaks import HistoryPeriod, StreakView
from plaudit.model.leaderboards import RankChange
from plaudit.model.points import PointsAward, PointsLevel
from plaudit.model.state import Completion, StreakPause, UserState
from plaudit.model.texts import day_text, time_text
from plaudit.model.webhooks import EventType
from plaudit.webhooks import nouns
from plaudit.webhooks.nouns import Json, Writer


def achievement_completed(
    writer: Writer, user: UserState, rule: AchievementRule, completion: Completion
) -> Json:
    """A user completed an achievement."""
    return _of_user(EventType.ACHIEVEMENT_COMPLETED, user, achievement=writer.achievement(rule, completion))


def achievement_revoked(
    writer: Writer, user: UserState, rule: AchievementRule, completion: Completion, now: int
) -> Json:
    """An admin took an achievement back from a user; ours, not published."""
    return _of_user(
        EventType.ACHIEVEMENT_REVOKED,
        user,
        timestamp=time_text(now),
        achievement=writer.achievement(rule, completion),
    )


def achievement_due(
    writer: Writer, user: UserState, rule: AchievementRule, completion: Completion, now: int
) -> Json:
    """A message about an achievement should go to a user now."""
    return _of_user(
        EventType.ACHIEVEMENT_DUE,
        user,
        timestamp=time_text(now),
        achievement=writer.achievement(rule, completion),
    )


def streak_started(user: UserState, view: StreakView) -> Json:
    """A user began a streak."""
    return _of_user(EventType.STREAK_STARTED, user, streak=nouns.streak(view))


def streak_extended(user: UserState, view: StreakView) -> Json:
    """A user's live streak became longer."""
    return _of_user(EventType.STREAK_EXTENDED, user, streak=nouns.streak(view))


def streak_lost(user: UserState, length: int) -> Json:
    """A user lost a streak of this length."""
    return _of_user(EventType.STREAK_LOST, user, length=length)


def freeze_consumed(user: UserState, consumed: int, left: int) -> Json:
    """Freezes kept a user's streak alive; ``left`` remain."""
    return _of_user(EventType.STREAK_FREEZE_CONSUMED, user, consumed=consumed, freezes=left)


def freeze_earned(user: UserState, earned: int, held: int) -> Json:
    """A user earned freezes and has ``held`` now."""
    return _of_user(EventType.STREAK_FREEZE_EARNED, user, earned=earned, freezes=held)


def points_changed(
    writer: Writer, user: UserState, system: SystemRule, awards: Sequence[PointsAward]
) -> Json:
    """A user's points moved. ``level`` is told only when these awards changed it."""
    first, last = awards[0], awards[-1]
    before, after = system.level_of(first.total - first.awarded), system.level_of(last.total)
    points = writer.system(system) | {
        "total": last.total,
        "added": sum(award.awarded for award in awards),
        "awards": [writer.award(award) for award in awards],
    }
    if before != after:
        points["level"] = writer.level(after)
    return _of_user(EventType.POINTS_CHANGED, user, points=points)


def level_changed(
    writer: Writer,
    user: UserState,
    system: SystemRule,
    total: int,
    levels: tuple[PointsLevel | None, PointsLevel | None],
) -> Json:
    """A user's level moved from the first of ``levels`` to the second."""
    return _of_user(
        EventType.POINTS_LEVEL_CHANGED,
        user,
        points=writer.system(system) | {"total": total},
        previousLevel=writer.level(levels[0]),
        newLevel=writer.level(levels[1]),
    )


def boost_started(system: SystemRule, boost: BoostRule, now: int) -> Json:
    """A boost went live."""
    told = nouns.announced_boost(system, boost, live=True)
    return {"type": EventType.POINTS_BOOST_STARTED, "timestamp": time_text(now), "boost": told}


def boost_finished(system: SystemRule, boost: BoostRule, now: int) -> Json:
    """A boost ended."""
    told = nouns.announced_boost(system, boost, live=False)
    return {"type": EventType.POINTS_BOOST_FINISHED, "timestamp": time_text(now), "boost": told}


def board_told(
    type: EventType,
    writer: Writer,
    board: BoardRule,
    status: str,
    rankings: Sequence[Json],
    group: Sequence[str] = (),
) -> Json:
    """A run of a leaderboard began, changed or finished; ``rankings`` are its best places.

    Where a breakdown parts the board, each ``group`` (its values) is told by itself.
    """
    told = writer.board(board) | {"status": status, "rankings": list(rankings)}
    told["group"] = nouns.pairs(tuple(zip(board.breakdown, group, strict=False)))
    return {"type": type, "leaderboard": told}


def ranking(user_id: str, name: str | None, rank: int, value: int) -> Json:
    """Write one place of a leaderboard (LeaderboardRanking)."""
    return {"userId": user_id, "userName": name, "rank": rank, "value": value}


def rank_changed(writer: Writer, user: UserState, board: BoardRule, moved: RankChange, now: int) -> Json:
    """A user's rank on a leaderboard changed."""
    before = moved.change.before
    return _of_user(
        EventType.LEADERBOARD_RANK_CHANGED,
        user,
        leaderboard=writer.board(board)
        | {
            "status": phase(board.definition, now).value,
            "rank": moved.rank,
            "value": value_of(board, moved.change.after.score),
            "previousRank": moved.previous_rank,
            "previousValue": None if before is None else value_of(board, before.score),
        },
    )


def recap_due(user: UserState, first: int, last: int, now: int) -> Json:
    """A recap of some days (ordinals) should go to a user now."""
    recap = {"periodStart": day_text(first), "periodEnd": day_text(last)}
    return _of_user(EventType.RECAP_DUE, user, timestamp=time_text(now), recap=recap)


def reactivation_due(user: UserState, number: int, days: int, now: int) -> Json:
    """The ``number``-th message to win back a user should go out now, after ``days`` without activity."""
    reactivation = {"messageNumber": number, "daysSinceLastActive": days}
    return _of_user(EventType.REACTIVATION_DUE, user, timestamp=time_text(now), reactivation=reactivation)


def streak_reminder_due(
    user: UserState,
    view: StreakView,
    past: Sequence[HistoryPeriod],
    pauses: Sequence[StreakPause],
    now: int,
) -> Json:
    """A reminder that a streak is about to be lost should go to a user now."""
    told = nouns.whole_streak(view, past, pauses)
    return _of_user(EventType.STREAK_REMINDER_DUE, user, timestamp=time_text(now), streak=told)


def test_message(now: int) -> Json:
    """An operator wants to see whether an endpoint answers; ours, not published."""
    return {"type": EventType.TEST, "timestamp": time_text(now)}


def _of_user(type: EventType, user: UserState, **more: object) -> Json:
    return {"type": type, "user": nouns.user(user)} | more
