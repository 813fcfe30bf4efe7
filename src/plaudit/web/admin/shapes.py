"""What the Admin API answers with, as types: for encoding, and for the reference.

Refuses behaviour. Fields that are ``UNSET`` are left out of the JSON; None is written as null.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.catalog import AttributeType, EvaluationMode, Frequency, Status, Trigger
from plaudit.model.settings import AggregationPeriod, Font
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_batch import Issue
from plaudit.operations.edit_metrics import UnitType
from plaudit.web.decode import Number
from plaudit.web.shape_parts import DateText, TimeText

TenantStatus = Annotated[str, Meta(extra_json_schema={"enum": ["active", "archived"]})]
Uuid = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]
Issues = Annotated[list[Issue], Meta(description="What kept items from being done, and what was ignored.")]


class AdminMetric(Struct, rename="camel"):
    """A metric."""

    id: Uuid
    name: str
    key: str
    unit_type: UnitType
    units: str


class AdminAttribute(Struct):
    """A declared attribute of users or events."""

    id: Uuid
    name: str
    key: str
    type: AttributeType


class AdminBadge(Struct):
    """A badge by its absolute address."""

    url: str


class BackdateProgress(Struct):
    """How far the back-dating of an achievement is; left out when none is running."""

    percent: float
    finished: bool


class AdminAchievement(Struct, kw_only=True, rename="camel"):
    """An achievement. Fields of another trigger are left out."""

    id: Uuid
    name: str
    description: str | None
    trigger: Trigger
    status: Status
    badge: AdminBadge | None
    user_attributes: list[AttributeFilter]
    key: str | UnsetType = UNSET
    metric_id: Uuid | UnsetType = UNSET
    metric_value: Number | UnsetType = UNSET
    event_attributes: list[AttributeFilter] | UnsetType = UNSET
    streak_length: int | UnsetType = UNSET
    anniversary_years: int | UnsetType = UNSET
    achievement_ids: list[str] | UnsetType = UNSET
    backdate: BackdateProgress | UnsetType = UNSET


class CreatedMetrics(Struct):
    """The metrics created, and the issues by index."""

    created: list[AdminMetric]
    issues: Issues


class UpdatedMetrics(Struct):
    """The metrics as they are now, and the issues by id."""

    updated: list[AdminMetric]
    issues: Issues


class CreatedAttributes(Struct):
    """The attributes declared, and the issues by index."""

    created: list[AdminAttribute]
    issues: Issues


class UpdatedAttributes(Struct):
    """The attributes as they are now, and the issues by id."""

    updated: list[AdminAttribute]
    issues: Issues


class CreatedAchievements(Struct):
    """The achievements created, and the issues by index."""

    created: list[AdminAchievement]
    issues: Issues


class UpdatedAchievements(Struct):
    """The achievements as they are now, and the issues by id."""

    updated: list[AdminAchievement]
    issues: Issues


class Removed(Struct):
    """Something that was deleted."""

    id: Uuid


class Deleted(Struct):
    """What was deleted, and the issues by id."""

    deleted: list[Removed]
    issues: Issues


class CreatedKey(Struct, rename="camel"):
    """A new application key. ``key`` is shown this once and cannot be read again."""

    id: Uuid
    user_id: str
    key: str
    prefix: str


class CreatedKeys(Struct):
    """The keys created, and the issues by index."""

    created: list[CreatedKey]
    issues: Issues


class AdminTenant(Struct, rename="camel"):
    """A tenant; ``customerId`` is what callers send in ``Tenant-ID``."""

    id: Uuid
    customer_id: str
    name: str
    status: TenantStatus
    created: TimeText
    updated: TimeText


class CreatedTenants(Struct):
    """The tenants created, and the issues by index."""

    created: list[AdminTenant]
    issues: Issues


class UpdatedTenants(Struct):
    """The tenants updated, and the issues by id."""

    updated: list[AdminTenant]
    issues: Issues


class AdminImage(Struct):
    """An image by its address."""

    url: str


class AdminBranding(Struct, rename="camel"):
    """How messages to users look."""

    app_name: str
    app_url: str
    brand_color: str
    font: Font
    logo: AdminImage | None
    app_icon: AdminImage | None


class AdminExperimentation(Struct, rename="camel"):
    """The percentage of new users in the control group, and the days that count as activation."""

    control_ratio: int
    user_activation_window: int


class AdminSettings(Struct, rename="camel"):
    """Branding, experimentation and the period of recaps of the environment."""

    branding: AdminBranding
    experimentation: AdminExperimentation
    aggregation_period: AggregationPeriod


class AdminBackdate(Struct, rename="camel"):
    """A back-dating of every user to one version of the definitions, and how far it is."""

    id: Uuid
    version: int
    status: Annotated[str, Meta(extra_json_schema={"enum": ["waiting", "running", "finished"]})]
    done: Annotated[int, Meta(description="Users looked at.")]
    total: Annotated[int, Meta(description="Users there are.")]
    percent: float
    completions: Annotated[int, Meta(description="Achievements completed silently so far.")]
    created: TimeText
    finished: TimeText | None


class AdminStreakMetric(Struct):
    """A metric that counts toward the streak, and the change of it that a period needs."""

    key: str
    threshold: Number


class AdminFreezes(Struct, rename="camel"):
    """How freezes are held and earned; the earning fields are null when none are earned."""

    start_count: Annotated[int, Meta(description="Freezes that new users start with.")]
    max_count: Annotated[int, Meta(description="Most freezes a user can hold.")]
    auto_earn_interval: Annotated[int | None, Meta(description="Days between freezes that are earned.")]
    auto_earn_amount: Annotated[int | None, Meta(description="Freezes earned each time.")]


class AdminStreakPause(Struct, rename="camel"):
    """Days on which a user's streaks need no events."""

    id: Uuid
    user_id: str
    start: DateText
    end: DateText
    status: Annotated[str, Meta(extra_json_schema={"enum": ["active", "archived"]})]


class CreatedFreezes(Struct):
    """What kept freezes from being given, by user."""

    issues: Issues


class CreatedPauses(Struct):
    """The pauses made, and the issues by user."""

    created: list[AdminStreakPause]
    issues: Issues


class RestoredStreaks(Struct, rename="camel"):
    """The users whose streaks were restored, and the issues by user."""

    restored_users: list[str]
    issues: Issues


class ResetStreaks(Struct, rename="camel"):
    """The users whose streaks were set to zero, and the issues by user."""

    reset_users: list[str]
    issues: Issues


class AdminStreakSettings(Struct, rename="camel"):
    """How streaks are counted. ``freezes`` is null while they are off."""

    frequency: Frequency
    evaluation_mode: EvaluationMode
    customization_enabled: bool
    days_off: list[int]
    metrics: list[AdminStreakMetric]
    freezes: AdminFreezes | None
    week_start: Annotated[str, Meta(extra_json_schema={"enum": ["monday", "sunday"]})]


class Accepted(Struct):
    """How many events of a batch are evaluated and durable."""

    accepted: int


class UploadedBadge(Struct):
    """A badge as it is stored: pressed anew, under the SHA-256 of its bytes."""

    url: str
    hash: str
    width: int
    height: int
    type: str
