"""Achievements as JSON encoded once per rulebook version; answers are joined from them.

Refuses per-user facts: what a user has (achievedAt, progress) is appended behind a fragment.
"""

from msgspec import UNSET
from msgspec.json import Encoder

from plaudit.badges.links import badge_url
from plaudit.engine.rulebook import AchievementRule, Pairs, Rulebook
from plaudit.model.catalog import Trigger
from plaudit.model.ids import uuid_text
from plaudit.web.board_texts import BoardTexts
from plaudit.web.points_texts import PointsTexts
from plaudit.web.shape_parts import AttributePair
from plaudit.web.shapes import AchievementResponse
from plaudit.web.texts import exact, number_text

Counts = dict[int, int]

MOST_KEPT = 256
"""Sets of fragments kept: one per environment, tenant with definitions of its own, and base URL."""

_encoder = Encoder()
_kept: dict[tuple[int, str, str], "Fragments"] = {}


def fragments_of(rulebook: Rulebook, base_url: str) -> "Fragments":
    """Give the fragments of a rulebook for links that begin with ``base_url``; made on first use."""
    key = (rulebook.environment.number, rulebook.tenant, base_url)
    found = _kept.get(key)
    if found is None or found.rulebook is not rulebook:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[key] = Fragments(rulebook, base_url)
    return found


class Fragments:
    """The encoded achievements of one rulebook; each is an object without its closing brace."""

    def __init__(self, rulebook: Rulebook, base_url: str) -> None:
        self.rulebook = rulebook
        self._base_url = base_url
        self._plain: dict[int, bytes] = {}
        self._with_stats: dict[str, tuple[Counts, dict[int, str]]] = {}
        self.points = PointsTexts(rulebook, base_url)
        self.boards = BoardTexts(rulebook)
        self.metric_ids = {n: uuid_text(rule.metric.id) for n, rule in rulebook.metrics_by_number.items()}

    def plain(self, rule: AchievementRule) -> bytes:
        """Give an achievement's fragment without statistics."""
        number = rule.definition.number
        found = self._plain.get(number)
        if found is None:
            found = self._plain[number] = _encoder.encode(achievement_of(rule, self._base_url))[:-1]
        return found

    def with_stats(self, tenant: str, counts: Counts) -> dict[int, str]:
        """Give every achievement's fragment with completions and rarity, up to the value of ``achievedAt``.

        They are encoded again only when a count has changed, so they are right to the last commit.
        """
        known = self._with_stats.get(tenant)
        if known is not None and (known[0] is counts or known[0] == counts):
            return known[1]
        if len(self._with_stats) >= MOST_KEPT:
            self._with_stats.clear()
        rules = self.rulebook.achievements.values()
        texts = {
            rule.number: self.plain(rule).decode() + stats_text(rule, counts) + ',"achievedAt":'
            for rule in rules
        }
        self._with_stats[tenant] = (counts, texts)
        return texts


def stats_text(rule: AchievementRule, counts: Counts) -> str:
    """Write completions and rarity: 100 x completions / users of the environment and tenant."""
    done = counts.get(rule.definition.number, 0)
    users = counts.get(0, 0)
    rarity = number_text(100 * done / users if users else 0)
    return f',"completions":{done},"rarity":{rarity}'


def achievement_of(rule: AchievementRule, base_url: str) -> AchievementResponse:
    """Give an achievement as it is answered; fields of another trigger stay out."""
    it = rule.definition
    by_metric = it.trigger is Trigger.METRIC and rule.metric is not None
    events = _pairs(rule.event_filters)
    return AchievementResponse(
        id=uuid_text(it.id),
        name=it.name,
        trigger=it.trigger,
        description=it.description,
        badge_url=badge_url(it.badge, base_url),
        key=UNSET if it.key is None else it.key,
        streak_length=UNSET if it.streak_length is None else it.streak_length,
        anniversary_years=UNSET if it.anniversary_years is None else it.anniversary_years,
        achievement_ids=_ids(it.achievement_ids) if it.trigger is Trigger.ACHIEVEMENT else UNSET,
        metric_id=uuid_text(rule.metric.id) if by_metric and rule.metric else UNSET,
        metric_value=UNSET if not by_metric or it.metric_value is None else exact(it.metric_value),
        metric_name=rule.metric.name if by_metric and rule.metric else UNSET,
        user_attributes=_pairs(rule.user_filters),
        event_attribute=events[0] if by_metric and events else UNSET,
        event_attributes=events if by_metric else UNSET,
    )


def _ids(raw: tuple[bytes, ...]) -> list[str]:
    return [uuid_text(each) for each in raw]


def _pairs(pairs: Pairs) -> list[AttributePair]:
    return [AttributePair(key, value) for key, value in pairs]


__all__ = ["Fragments", "achievement_of", "fragments_of", "stats_text"]
