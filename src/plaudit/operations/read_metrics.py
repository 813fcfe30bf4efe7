"""Reads a user's totals, each with the achievements it leads to.

Refuses archived metrics, and achievements of other users' kinds.
"""

from msgspec import Struct

from plaudit.engine.rulebook import AchievementRule, MetricRule, Rulebook, visible
from plaudit.model.catalog import Metric, Status
from plaudit.model.errors import Code, PlauditError
from plaudit.model.state import COMPLETIONS, Completion, Identity, Snapshot, UserState
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Ledger


class UserMetric(Struct, frozen=True):
    """A metric, a user's total in micro-units, and its achievements with what the user has of them."""

    metric: Metric
    current: int
    achievements: list[tuple[AchievementRule, Completion | None]]


async def read_metrics(ledger: Ledger, rulebook: Rulebook, who: Identity) -> list[UserMetric]:
    """Give every metric as one user stands in it.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    snapshot, user = await read_known(ledger, who, COMPLETIONS)
    return [_standing(rulebook, snapshot, user, rule) for rule in rulebook.metrics.values()]


async def read_metric(ledger: Ledger, rulebook: Rulebook, who: Identity, key: str) -> UserMetric:
    """Give one metric as one user stands in it.

    Raises:
        PlauditError: ``UNKNOWN_METRIC`` or ``UNKNOWN_USER``.
        Unavailable: the database cannot be read.
    """
    rule = metric_of(rulebook, key)
    snapshot, user = await read_known(ledger, who, COMPLETIONS)
    return _standing(rulebook, snapshot, user, rule)


def metric_of(rulebook: Rulebook, key: str) -> MetricRule:
    """Find a metric by its key.

    Raises:
        PlauditError: ``UNKNOWN_METRIC``.
    """
    rule = rulebook.metrics.get(key)
    if rule is None:
        raise PlauditError(Code.UNKNOWN_METRIC, key=key[:64])
    return rule


def _standing(rulebook: Rulebook, snapshot: Snapshot, user: UserState, metric: MetricRule) -> UserMetric:
    done = snapshot.details.completions if snapshot.details else {}
    total = snapshot.totals.get(metric.plain.number)
    goals = [
        (rule, done.get(number))
        for number, rule in rulebook.achievements.items()
        if rule.metric is not None and rule.metric.number == metric.metric.number
    ]
    shown = [(rule, has) for rule, has in goals if _shows(rule, user, has=has is not None)]
    return UserMetric(metric.metric, total.total if total else 0, shown)


def _shows(rule: AchievementRule, user: UserState, *, has: bool) -> bool:
    if has:
        return rule.definition.status is not Status.INACTIVE
    return rule.active and visible(rule, user.attributes)
