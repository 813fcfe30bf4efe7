"""The doors of streak settings.

Refuses to count anew what has counted: settings hold from now on.
"""

from collections.abc import Iterable

from msgspec.json import Decoder

from plaudit.model.catalog import FreezeSettings, Metric, StreakSettings
from plaudit.operations.edit_batch import Invalid
from plaudit.operations.edit_streak_settings import WEEK_STARTS, StreakSettingsPatch, edit_streak_settings
from plaudit.web.admin.reading import definitions_of, editor_of, renew
from plaudit.web.admin.shapes import AdminFreezes, AdminStreakMetric, AdminStreakSettings
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.errors import invalid
from plaudit.web.texts import exact

_decoder = Decoder(StreakSettingsPatch)
_WEEK_NAMES = {weekday: name for name, weekday in WEEK_STARTS.items()}


@operation("Get the streak settings", {200: AdminStreakSettings}, audience=Audience.ADMIN)
async def get_streaks(call: Call) -> Answer:
    """Get how streaks are counted in this environment."""
    definitions = await definitions_of(call)
    return as_json(settings_of(definitions.environment.settings.streaks, definitions.metrics))


@operation(
    "Update the streak settings",
    {200: AdminStreakSettings},
    body=StreakSettingsPatch,
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update_streaks(call: Call) -> Answer:
    """Change how streaks are counted, from now on. Fields not sent are kept.

    Periods that have counted stay counted. Another frequency than daily clears ``daysOff``.
    """
    patch = read_body(call.body, _decoder)
    try:
        settings, bench = await edit_streak_settings(editor_of(call), patch)
    except Invalid as reason:
        raise invalid(str(reason)) from None
    await renew(call)
    return as_json(settings_of(settings, bench.metrics.values()))


def settings_of(it: StreakSettings, metrics: Iterable[Metric]) -> AdminStreakSettings:
    """Give streak settings as the Admin API shows them."""
    keys = {metric.number: metric.key for metric in metrics}
    return AdminStreakSettings(
        frequency=it.frequency,
        evaluation_mode=it.mode,
        customization_enabled=it.customization_enabled,
        days_off=list(it.days_off),
        metrics=[AdminStreakMetric(keys[each.metric], exact(each.threshold)) for each in it.metrics],
        freezes=None if it.freezes is None else _freezes_of(it.freezes),
        week_start=_WEEK_NAMES[it.week_start],
    )


def _freezes_of(it: FreezeSettings) -> AdminFreezes:
    return AdminFreezes(it.start, it.most, it.interval, it.amount)
