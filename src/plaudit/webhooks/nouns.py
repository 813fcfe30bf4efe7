"""The nouns of webhook payloads, as JSON: users, achievements, streaks, points, leaderboards.

Refuses to read anything: every function is a plain translation of definitions and state.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Raw

from plaudit.badges.links import badge_url
from plaudit.engine.board_rules import BoardRule
from plaudit.engine.points_rules import BoostRule, SystemRule, TriggerRule
from plaudit.engine.rulebook import AchievementRule, Pairs, Rulebook
from plaudit.engine.streaks import HistoryPeriod, StreakView
from plaudit.model.amounts import to_number, to_text
from plaudit.model.badges import Badge
from plaudit.model.catalog import Trigger
from plaudit.model.ids import uuid_text
from plaudit.model.points import PointsAward, PointsLevel
from plaudit.model.state import Completion, StreakPause, UserState
from plaudit.model.texts import day_text, time_text

Json = dict[str, Any]

_HOUR = 60


class Writer:
    """Writes the nouns of one environment.

    Badges of ours have no address while ``base_url`` is not known, since nobody asked by one.
    """

    def __init__(self, book: Rulebook, base_url: str | None) -> None:
        """Write what a rulebook defines; links begin with ``base_url``."""
        self.book = book
        self._base_url = base_url

    def badge(self, badge: Badge | None) -> str | None:
        """Give the absolute address of a badge, if it has one."""
        if badge is None or (badge.hash is not None and self._base_url is None):
            return None
        return badge_url(badge, self._base_url or "")

    def achievement(self, rule: AchievementRule, completion: Completion) -> Json:
        """Write an achievement as earned (UserAchievementResponse)."""
        it = rule.definition
        found: Json = {
            "id": uuid_text(it.id),
            "name": it.name,
            "trigger": it.trigger.value,
            "description": it.description,
            "badgeUrl": self.badge(it.badge),
            "key": it.key,
            "streakLength": it.streak_length,
            "anniversaryYears": it.anniversary_years,
            "userAttributes": pairs(rule.user_filters),
            "achievedAt": time_text(completion.at),
        }
        if it.trigger is Trigger.ACHIEVEMENT:
            found["achievementIds"] = [uuid_text(each) for each in it.achievement_ids]
        if it.trigger is Trigger.METRIC and rule.metric is not None:
            events = pairs(rule.event_filters)
            found |= {
                "metricId": uuid_text(rule.metric.id),
                "metricValue": Raw(to_text(it.metric_value or 0).encode()),
                "metricName": rule.metric.name,
                "eventAttribute": events[0] if events else None,
                "eventAttributes": events,
            }
        return _sent(found, "key", "streakLength", "anniversaryYears", "eventAttribute")

    def system(self, rule: SystemRule) -> Json:
        """Write a points system (PointsResponse)."""
        it = rule.definition
        return {
            "id": uuid_text(it.id),
            "key": it.key,
            "name": it.name,
            "description": it.description,
            "badgeUrl": self.badge(it.badge),
            "maxPoints": it.max_points,
        }

    def level(self, it: PointsLevel | None) -> Json | None:
        """Write a level (PointsLevel)."""
        if it is None:
            return None
        return {
            "id": uuid_text(it.id),
            "key": it.key,
            "name": it.name,
            "description": it.description,
            "badgeUrl": self.badge(it.badge),
            "points": it.points,
        }

    def award(self, award: PointsAward) -> Json:
        """Write an award with what caused it and what multiplied it (PointsAward)."""
        points = self.book.points
        trigger = None if points is None else points.triggers.get(award.trigger)
        boosts = () if points is None else (points.boosts.get(each) for each in award.boosts)
        found: Json = {
            "id": uuid_text(award.id),
            "awarded": award.awarded,
            "date": time_text(award.at),
            "total": award.total,
            "trigger": None if trigger is None else self.trigger(trigger),
            "boosts": [applied_boost(each, award.day) for each in boosts if each is not None],
        }
        return _sent(found, "trigger")

    def trigger(self, rule: TriggerRule) -> Json:
        """Write what awards points (PointsTrigger)."""
        it = rule.definition
        metric = None if it.metric is None else self.book.metrics_by_number.get(it.metric)
        achievement = None if it.achievement is None else self.book.achievements.get(it.achievement)
        events = pairs(rule.event_filters)
        found: Json = {
            "id": uuid_text(it.id),
            "type": it.type.value,
            "points": it.points,
            "status": "archived" if it.archived else "active" if it.active else "inactive",
            "achievementId": None if achievement is None else uuid_text(achievement.definition.id),
            "achievementName": None if achievement is None else achievement.definition.name,
            "metricId": None if metric is None else uuid_text(metric.metric.id),
            "metricName": None if metric is None else metric.metric.name,
            "metricThreshold": None if it.metric_threshold is None else to_number(it.metric_threshold),
            "streakLengthThreshold": it.streak_length,
            "timeUnit": None if it.time_unit is None else it.time_unit.value,
            "timeInterval": it.time_interval,
            "eventAttribute": events[0] if events else None,
            "eventAttributes": events if metric is not None else None,
        }
        rest = {
            "userAttributes": pairs(rule.user_filters),
            "created": time_text(it.created),
            "updated": time_text(it.updated),
        }
        return _sent(found, *found) | rest

    def board(self, rule: BoardRule) -> Json:
        """Write a leaderboard (LeaderboardResponse)."""
        it = rule.definition
        metric = None if it.metric is None else self.book.metrics_by_number.get(it.metric)
        points = self.book.points
        system = None if points is None or it.points_system is None else points.systems.get(it.points_system)
        ranked: Json = {
            "metricKey": None if metric is None else metric.metric.key,
            "metricName": None if metric is None else metric.metric.name,
            "pointsSystemKey": None if system is None else system.definition.key,
            "pointsSystemName": None if system is None else system.definition.name,
        }
        return _sent(ranked, *ranked) | {
            "id": uuid_text(it.id),
            "key": it.key,
            "name": it.name,
            "description": it.description,
            "rankBy": it.rank_by.value,
            "breakdownAttribute": rule.breakdown[0] if rule.breakdown else None,
            "breakdownAttributes": list(rule.breakdown),
            "start": day_text(it.start),
            "end": _day(it.end),
            "startTime": _minutes(it.start_time),
            "endTime": _minutes(it.end_time),
            "maxParticipants": it.max_participants,
            "runUnit": None if it.run_unit is None else it.run_unit.value,
            "runInterval": it.run_interval,
        }


def user(it: UserState) -> Json:
    """Write a user (User)."""
    return {
        "id": it.id,
        "email": it.email,
        "name": it.name,
        "tz": it.tz,
        "signUpDate": _day(it.sign_up_date),
        "deviceTokens": list(it.device_tokens),
        "subscribeToEmails": it.subscribe_to_emails,
        "attributes": it.attributes,
        "control": it.control,
        "created": time_text(it.created),
        "updated": time_text(it.updated),
    }


def streak(view: StreakView) -> Json:
    """Write a streak (BaseStreakResponse)."""
    return {
        "length": view.length,
        "frequency": view.frequency.value,
        "started": _day(view.started),
        "periodStart": _day(view.period_start),
        "periodEnd": _day(view.period_end),
        "expires": _day(view.expires),
        **_freezes(view),
    }


def _freezes(view: StreakView) -> Json:
    """Give what a streak tells of freezes: nothing while they are off."""
    fields = {
        "freezes": view.freezes,
        "maxFreezes": view.most_freezes,
        "freezeAutoEarnInterval": view.freeze_interval,
        "freezeAutoEarnAmount": view.freeze_amount,
    }
    return {name: held for name, held in fields.items() if held is not None}


def whole_streak(view: StreakView, past: Sequence[HistoryPeriod], pauses: Sequence[StreakPause]) -> Json:
    """Write a streak with its history and pauses (StreakResponse)."""
    return streak(view) | {
        "extended": None if view.extended_at is None else time_text(view.extended_at),
        "streakHistory": [
            {
                "periodStart": day_text(it.start),
                "periodEnd": day_text(it.end),
                "length": it.length,
                "usedFreeze": it.used_freeze,
                "usedPause": it.used_pause,
            }
            for it in past
        ],
        "pauses": [
            {"id": uuid_text(it.id), "start": day_text(it.first), "end": day_text(it.last)} for it in pauses
        ],
    }


def applied_boost(rule: BoostRule, day: int) -> Json:
    """Write a boost that multiplied an award on a local day (PointsBoost)."""
    it = rule.definition
    return {
        "id": uuid_text(it.id),
        "name": it.name,
        "status": "active" if it.start <= day <= rule.last else "finished",
        "start": day_text(it.start),
        "end": _day(it.end),
        "multiplier": it.multiplier,
        "rounding": it.rounding.value,
    }


def announced_boost(system: SystemRule, rule: BoostRule, *, live: bool) -> Json:
    """Write a boost that has begun or ended (PointsBoostWebhookPayload)."""
    it = rule.definition
    return {
        "id": uuid_text(it.id),
        "name": it.name,
        "status": "active" if live else "finished",
        "userId": it.user_id,
        "pointsSystemId": uuid_text(system.definition.id),
        "pointsSystemKey": system.definition.key,
        "pointsSystemName": system.definition.name,
        "start": day_text(it.start),
        "end": _day(it.end),
        "multiplier": it.multiplier,
        "rounding": it.rounding.value,
    }


def pairs(filters: Pairs) -> list[Json]:
    """Write attributes and the values they must have."""
    return [{"key": key, "value": value} for key, value in filters]


def _sent(found: Json, *optional: str) -> Json:
    """Leave out optional fields that are None."""
    return {name: value for name, value in found.items() if value is not None or name not in optional}


def _day(ordinal: int | None) -> str | None:
    return None if ordinal is None else day_text(ordinal)


def _minutes(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // _HOUR:02d}:{minutes % _HOUR:02d}"


__all__ = ["Json", "Writer", "announced_boost", "applied_boost", "streak", "user", "whole_streak"]
