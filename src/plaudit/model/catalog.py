"""The definitions a team makes: environments, metrics, attributes, achievements, settings, keys.

Numbers (``number``) are small integers that key the hot tables; ids are the public UUIDs.
"""

from enum import StrEnum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from plaudit.model.badges import Badge
from plaudit.model.leaderboards import Leaderboard
from plaudit.model.points import PointsBoost, PointsLevel, PointsSystem, PointsTrigger
from plaudit.model.settings import AggregationPeriod, Branding, Experimentation
from plaudit.model.tenants import SHARED, Tenant
from plaudit.model.webhooks import Webhook


class Trigger(StrEnum):
    """What completes an achievement (contract, "Achievements")."""

    METRIC = "metric"
    STREAK = "streak"
    API = "api"
    ACHIEVEMENT = "achievement"
    ANNIVERSARY = "anniversary"


class Status(StrEnum):
    """Life of an achievement: never completed, live, or closed to newcomers."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    LOCKED = "locked"


class Frequency(StrEnum):
    """Length of a streak period in the user's local calendar."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class EvaluationMode(StrEnum):
    """Whether any (``OR``) or every (``AND``) streak metric must meet its threshold in a period."""

    ANY = "OR"
    ALL = "AND"


class AttributeType(StrEnum):
    """Whether an attribute describes users or events."""

    USER = "user"
    EVENT = "event"


class KeyKind(StrEnum):
    """Admin keys reach one environment; application keys act for one user of it."""

    ADMIN = "admin"
    APPLICATION = "application"


class StreakMetric(Struct, frozen=True):
    """One metric that counts toward the streak, and its threshold per period in micro-units."""

    metric: int
    threshold: int


class FreezeSettings(Struct, frozen=True):
    """Streak freezes: each covers one missed period of the environment's frequency.

    New users start with ``start``; nobody is given more than ``most``. Every ``interval`` local days
    since a user's first day ``amount`` more are earned; both are None when nothing is earned.
    """

    start: int
    most: int
    interval: int | None = None
    amount: int | None = None


class StreakSettings(Struct, frozen=True):
    """How streaks are counted in an environment.

    Without ``metrics``, any positive change of any metric makes a period count. ``days_off`` holds
    weekdays as JavaScript's ``Date.getDay()`` (0 is Sunday); they never break a daily streak.
    ``week_start`` is the ISO weekday (1 is Monday) on which a weekly period begins.
    ``changed`` is when (Unix ms) they were last changed, 0 for never: counted periods are not
    counted anew, so only untouched settings explain every period of the past. Without ``freezes``,
    none are held, earned or used.
    """

    frequency: Frequency = Frequency.DAILY
    mode: EvaluationMode = EvaluationMode.ANY
    metrics: tuple[StreakMetric, ...] = ()
    days_off: tuple[int, ...] = ()
    week_start: int = 1
    customization_enabled: bool = False
    changed: int = 0
    freezes: FreezeSettings | None = None


class EnvironmentSettings(Struct, frozen=True):
    """Switches of an environment.

    ``strict_idempotency`` refuses a used key with another body (422) instead of flagging it.
    ``multi_tenancy`` seals users by the ``Tenant-ID`` header; without it the header is ignored.
    """

    streaks: StreakSettings = StreakSettings()
    strict_idempotency: bool = False
    multi_tenancy: bool = False
    branding: Branding = Branding()
    experimentation: Experimentation = Experimentation()
    aggregation_period: AggregationPeriod = "weekly"


class TenantSettings(Struct, frozen=True, tag=True, tag_field="kind"):
    """The settings of one tenant, instead of the environment's, from its first change of them on."""

    number: int
    id: bytes
    settings: EnvironmentSettings
    archived: bool = False


Definition = (
    PointsSystem | PointsTrigger | PointsBoost | PointsLevel | Leaderboard | Tenant | TenantSettings | Webhook
)
"""A definition kept as one document under its kind, number and id."""

D = TypeVar("D", bound=Definition)


class Environment(Struct, frozen=True):
    """A sealed world of users and definitions. ``version`` grows with every change of its definitions."""

    number: int
    id: bytes
    key: str
    name: str
    priority: int
    version: int
    created: int
    settings: EnvironmentSettings = EnvironmentSettings()


class Metric(Struct, frozen=True):
    """Something counted per user, such as words written."""

    number: int
    id: bytes
    key: str
    name: str
    unit_type: str
    units: str
    created: int
    archived: bool = False


class Attribute(Struct, frozen=True):
    """A declared attribute key of users or events."""

    id: bytes
    key: str
    name: str
    type: AttributeType
    created: int
    archived: bool = False


class Measure(Struct, frozen=True):
    """What a threshold is compared with: a metric's total over events matching every filter pair.

    ``since`` is the environment version from which live events feed it; for users settled to an
    older version the backdate job builds it from their event log.
    """

    number: int
    metric: int
    filters: tuple[tuple[str, str], ...]
    since: int


class Achievement(Struct, frozen=True):
    """A goal a user completes once, for ever.

    ``metric_value`` is in micro-units. ``user_attributes`` and ``event_attributes`` hold
    ``(attribute id, value)`` pairs. ``updated`` and ``created`` are Unix milliseconds.
    """

    number: int
    id: bytes
    name: str
    description: str | None
    trigger: Trigger
    status: Status
    key: str | None
    badge: Badge | None
    user_attributes: tuple[tuple[bytes, str], ...]
    event_attributes: tuple[tuple[bytes, str], ...]
    metric: int | None
    metric_value: int | None
    measure: int | None
    streak_length: int | None
    anniversary_years: int | None
    achievement_ids: tuple[bytes, ...]
    created: int
    updated: int
    archived: bool = False


class ApiKey(Struct, frozen=True):
    """A key as stored: its secret only as a SHA-256 digest of the whole key text."""

    id: bytes
    environment: int
    kind: KeyKind
    prefix: str
    digest: bytes
    tenant: str
    user_id: str | None
    created: int
    name: str = ""


class Backdate(Struct, frozen=True):
    """A background settling of every user to environment version ``version``, with its progress."""

    id: bytes
    environment: int
    version: int
    cursor: bytes
    done: int
    total: int
    completions: int
    created: int
    finished: int | None = None


class Definitions(Struct, frozen=True):
    """Everything of one environment that the rulebook is compiled from, read in one go.

    ``more`` holds the definitions that are kept as whole documents: points, leaderboards, tenants
    and webhooks (see ``of``). ``owners`` names the seal of the tenant a definition belongs to, by its
    id; what is not in it is shared.
    """

    environment: Environment
    metrics: tuple[Metric, ...]
    attributes: tuple[Attribute, ...]
    measures: tuple[Measure, ...]
    achievements: tuple[Achievement, ...]
    more: tuple[Definition, ...] = ()
    owners: dict[bytes, str] = {}

    def seen_by(self, tenant: str) -> "Definitions":
        """Give what counts in one tenant: what all share, and its own. ``SHARED`` gives the shared alone.

        Measures are mere tallies: a metric's are all counted for everybody whom the metric counts for.
        """
        owners = self.owners
        if not owners:
            return self
        seen = (SHARED, tenant)
        metrics = tuple(each for each in self.metrics if owners.get(each.id, SHARED) in seen)
        numbers = {each.number for each in metrics}
        more = tuple(each for each in self.more if owners.get(each.id, SHARED) in seen)
        return Definitions(
            environment=_environment_of(self.environment, more),
            metrics=metrics,
            attributes=tuple(each for each in self.attributes if owners.get(each.id, SHARED) in seen),
            measures=tuple(each for each in self.measures if each.metric in numbers),
            achievements=tuple(each for each in self.achievements if owners.get(each.id, SHARED) in seen),
            more=more,
            owners={one: owner for one, owner in owners.items() if owner == tenant},
        )

    def of(self, kind: type[D]) -> tuple[D, ...]:
        """Give the definitions of one kind, archived ones included, by number."""
        return tuple(each for each in self.more if type(each) is kind)


def _environment_of(environment: Environment, more: tuple[Definition, ...]) -> Environment:
    """Give the environment with a tenant's own settings; two switches are never a tenant's."""
    own = next((each.settings for each in more if type(each) is TenantSettings), None)
    if own is None:
        return environment
    common = environment.settings
    settings = replace(own, strict_idempotency=common.strict_idempotency, multi_tenancy=common.multi_tenancy)
    return replace(environment, settings=settings)
