"""Every payload against the published schema of its type."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec.json import encode

from plaudit.engine.rulebook import compile_rulebook
from plaudit.engine.streaks import HistoryPeriod, StreakView
from plaudit.model import catalog, leaderboards, points
from plaudit.model.badges import Badge
from plaudit.model.state import Completion, StreakPause, UserState
from plaudit.model.webhooks import EventType
from plaudit.webhooks import payloads
from plaudit.webhooks.nouns import Writer

DOCUMENT = json.loads((Path(__file__).parents[1] / "contract/application-1.21.1.json").read_text())
NOW, DAY = 1_700_000_000_000, 738_000
OURS = {EventType.ACHIEVEMENT_REVOKED, EventType.TEST}
PLAIN = {"created": NOW, "updated": NOW}


def an_id(n):
    return bytes([n]) * 16


def achievement(number, trigger, **more):
    facts = dict.fromkeys(
        ("key", "badge", "metric", "metric_value", "measure", "streak_length", "anniversary_years")
    )
    facts |= {"description": None, "user_attributes": (), "event_attributes": (), "achievement_ids": ()}
    facts |= {"id": an_id(number), "name": f"Goal {number}", "status": catalog.Status.ACTIVE}
    return catalog.Achievement(number=number, trigger=trigger, **(facts | PLAIN | more))


def trigger(number, type, amount, **more):
    facts = dict.fromkeys(
        (
            "metric",
            "measure",
            "metric_threshold",
            "streak_length",
            "achievement",
            "time_unit",
            "time_interval",
        )
    )
    facts |= {"user_attributes": (), "event_attributes": (), "active": True, "system": 1}
    kind = points.PointsTriggerType(type)
    return points.PointsTrigger(
        number=number, id=an_id(number), type=kind, points=amount, **(facts | PLAIN | more)
    )


def board(number, by, **more):
    facts = dict.fromkeys(
        (
            "description",
            "metric",
            "points_system",
            "end",
            "start_time",
            "end_time",
            "max_participants",
            "run_unit",
            "run_interval",
        )
    )
    facts |= {"key": f"board-{number}", "name": "Board", "start": DAY, "breakdown": (), "user_attributes": ()}
    facts |= {"status": "active"}
    return leaderboards.Leaderboard(
        number=number, id=an_id(number), rank_by=leaderboards.RankBy(by), **(facts | PLAIN | more)
    )


def a_book():
    goal, hosted = catalog.Trigger, Badge(hash="a" * 64 + ".png")
    definitions = catalog.Definitions(
        catalog.Environment(1, an_id(1), "here", "Here", 1, 1, NOW),
        (catalog.Metric(1, an_id(2), "words", "Words", "number", "", NOW),),
        (catalog.Attribute(an_id(9), "plan", "Plan", catalog.AttributeType.USER, NOW),),
        (catalog.Measure(1, 1, (), 0),),
        (
            achievement(1, goal.METRIC, metric=1, metric_value=1_500_000, measure=1, badge=hosted),
            achievement(2, goal.STREAK, streak_length=7, user_attributes=((an_id(9), "pro"),)),
            achievement(3, goal.API, key="done", badge=Badge(url="https://example.com/a.png")),
            achievement(4, goal.ACHIEVEMENT, achievement_ids=(an_id(1), an_id(3))),
        ),
        (
            points.PointsSystem(1, an_id(11), "xp", "XP", None, hosted, 1000, NOW, NOW),
            trigger(2, "metric", 5, metric=1, measure=1, metric_threshold=10_000_000),
            trigger(3, "time", 1, time_unit=points.TimeUnit.DAY, time_interval=1),
            trigger(4, "achievement", 2, achievement=1),
            points.PointsBoost(
                5, an_id(15), 1, "Double", "", None, DAY, None, 1.5, points.Rounding.NEAREST, (), NOW
            ),
            points.PointsLevel(6, an_id(16), 1, "one", "One", "first", None, 10, NOW),
            board(7, "metric", metric=1, run_unit=leaderboards.RunUnit.MONTH, run_interval=1, end=DAY + 100),
            board(8, "points", points_system=1, breakdown=(an_id(9),), start_time=540, end_time=1020),
            board(9, "streak", max_participants=10),
        ),
    )
    return compile_rulebook(definitions)


BOOK = a_book()
WRITER = Writer(BOOK, "https://plaudit.example")
ADA = UserState(
    "ada", "ada@example.com", None, "Europe/Paris", DAY, ("t",), True, {"plan": "pro"}, NOW, NOW, 3, 1, None
)
DONE = Completion(1, an_id(20), NOW, NOW, 3)
VIEW = StreakView(3, catalog.Frequency.DAILY, DAY - 2, DAY, DAY, DAY + 1, NOW)
LOST = StreakView(0, catalog.Frequency.WEEKLY)
PAST = (HistoryPeriod(DAY - 1, DAY - 1, 2, used_freeze=True), HistoryPeriod(DAY, DAY, 3))
SYSTEM = BOOK.points.systems[1]
AWARDS = [
    points.PointsAward(1, 1, an_id(21), 2, 8, 8, NOW, DAY, 3, (5,)),
    points.PointsAward(1, 2, an_id(22), 3, 4, 12, NOW, DAY, 3),
    points.PointsAward(1, 3, an_id(23), 4, 2, 14, NOW, DAY, 3),
    points.PointsAward(1, 4, an_id(24), 99, 1, 15, NOW, DAY, 3),
]


def moved(number):
    run = leaderboards.Run(DAY, None)
    before, after = leaderboards.Score(1, 2_500_000, NOW), leaderboards.Score(1, 3_500_000, NOW)
    change = leaderboards.ScoreChange(number, run, before, after, (), DAY)
    return leaderboards.RankChange(change, 4, 2, 0)


def board_payload(type, status):
    rankings = [payloads.ranking("ada", None, 1, 3), payloads.ranking("ben", "Ben", 2, 1)]
    return [payloads.board_told(type, WRITER, rule, status, rankings) for rule in BOOK.boards.boards.values()]


BOOST = SYSTEM.boosts[0]
LEVEL = SYSTEM.levels[0]
T = EventType
PAYLOADS = [
    *(payloads.achievement_completed(WRITER, ADA, rule, DONE) for rule in BOOK.achievements.values()),
    *(payloads.achievement_due(WRITER, ADA, rule, DONE, NOW) for rule in BOOK.achievements.values()),
    payloads.achievement_completed(Writer(BOOK, None), ADA, BOOK.achievements[1], DONE),
    payloads.streak_started(ADA, VIEW),
    payloads.streak_extended(ADA, VIEW),
    payloads.streak_extended(ADA, LOST),
    payloads.streak_lost(ADA, 3),
    payloads.freeze_consumed(ADA, 1, 2),
    payloads.freeze_earned(ADA, 1, 3),
    payloads.points_changed(WRITER, ADA, SYSTEM, AWARDS),
    payloads.points_changed(WRITER, ADA, SYSTEM, AWARDS[:1]),
    payloads.level_changed(WRITER, ADA, SYSTEM, 15, (None, LEVEL)),
    payloads.level_changed(WRITER, ADA, SYSTEM, 5, (LEVEL, None)),
    payloads.boost_started(SYSTEM, BOOST, NOW),
    payloads.boost_finished(SYSTEM, BOOST, NOW),
    *board_payload(T.LEADERBOARD_STARTED, "active"),
    *board_payload(T.LEADERBOARD_CHANGED, "active"),
    *board_payload(T.LEADERBOARD_FINISHED, "finished"),
    *(payloads.rank_changed(WRITER, ADA, rule, moved(n), NOW) for n, rule in BOOK.boards.boards.items()),
    payloads.recap_due(ADA, DAY - 7, DAY - 1, NOW),
    payloads.reactivation_due(ADA, 1, 7, NOW),
    payloads.streak_reminder_due(ADA, VIEW, PAST, [StreakPause(an_id(30), DAY, DAY + 3)], NOW),
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["type"])
def test_a_payload_is_what_the_published_schema_describes(payload):
    told = json.loads(encode(payload))
    place = f"#/webhooks/{told['type']}/post/requestBody/content/application~1json/schema"
    faults = [error.message for error in Draft202012Validator({**DOCUMENT, "$ref": place}).iter_errors(told)]
    assert faults == []


def test_every_published_type_has_a_payload():
    assert {payload["type"] for payload in PAYLOADS} == set(DOCUMENT["webhooks"])
    assert set(EventType) - OURS == set(DOCUMENT["webhooks"])


def test_the_published_schema_bites():
    place = "#/webhooks/streak.lost/post/requestBody/content/application~1json/schema"
    wrong = {"type": "streak.lost", "user": {}, "length": "3"}
    assert list(Draft202012Validator({**DOCUMENT, "$ref": place}).iter_errors(wrong))


def test_a_badge_of_ours_has_no_address_while_none_is_known():
    told = payloads.achievement_completed(Writer(BOOK, None), ADA, BOOK.achievements[1], DONE)
    assert told["achievement"]["badgeUrl"] is None
    known = payloads.achievement_completed(WRITER, ADA, BOOK.achievements[1], DONE)
    assert known["achievement"]["badgeUrl"].startswith("https://plaudit.example/badges/")


def test_the_level_is_told_only_when_it_changed():
    assert "level" not in payloads.points_changed(WRITER, ADA, SYSTEM, AWARDS[:1])["points"]
    both = payloads.points_changed(WRITER, ADA, SYSTEM, AWARDS)["points"]
    assert (both["level"]["key"], both["added"], both["total"]) == ("one", 15, 15)
