"""The act on the settings of an environment: branding, experiments, the period of recaps.

Refuses to move users already born between the groups of an experiment: only new ones follow the ratio.
"""

import re
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import EnvironmentSettings
from plaudit.model.settings import PERCENT, AggregationPeriod, Branding, Experimentation, Font
from plaudit.operations.edit_batch import Editor, Invalid, clean, sent

V = TypeVar("V")

LONGEST_WINDOW = 365
"""Most days after a user's first event that count as activation."""

LONGEST_ADDRESS = 2000

_COLOR = re.compile(
    r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"
    r"|rgb\(\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*){2}\)"
    r"|rgba\(\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*){2},\s*(?:0|1|0?\.\d+|1\.0+|0\.0+)\s*\)"
)
_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}]+")


class ImageDraft(Struct):
    """An image by its address."""

    url: str


class BrandingPatch(Struct, kw_only=True, rename="camel"):
    """Branding to change; fields not sent are kept, a null image is cleared."""

    app_name: str | None | UnsetType = UNSET
    app_url: str | None | UnsetType = UNSET
    brand_color: str | None | UnsetType = UNSET
    font: Font | None | UnsetType = UNSET
    logo: ImageDraft | None | UnsetType = UNSET
    app_icon: ImageDraft | None | UnsetType = UNSET


class ExperimentationPatch(Struct, kw_only=True, rename="camel"):
    """Experiment settings to change; fields not sent are kept."""

    control_ratio: int | None | UnsetType = UNSET
    user_activation_window: int | None | UnsetType = UNSET


class SettingsPatch(Struct, kw_only=True, rename="camel"):
    """A change of an environment's settings; fields not sent are kept."""

    branding: BrandingPatch | None | UnsetType = UNSET
    experimentation: ExperimentationPatch | None | UnsetType = UNSET
    aggregation_period: AggregationPeriod | None | UnsetType = UNSET


async def edit_settings(editor: Editor, patch: SettingsPatch) -> EnvironmentSettings:
    """Change settings; gives them as they are afterwards.

    Raises:
        Invalid: the settings cannot be used; nothing was changed.
    """
    async with editor.edit() as edit:
        before = edit.definitions.environment.settings
        after = plan_settings(before, patch)
        if after != before:
            await edit.put_settings(after)
    return after


def plan_settings(before: EnvironmentSettings, patch: SettingsPatch) -> EnvironmentSettings:
    """Give the settings after a patch.

    Raises:
        Invalid: naming the field.
    """
    return replace(
        before,
        branding=_branding(before.branding, patch.branding or BrandingPatch()),
        experimentation=_experimentation(
            before.experimentation, patch.experimentation or ExperimentationPatch()
        ),
        aggregation_period=sent(patch.aggregation_period or UNSET, before.aggregation_period),
    )


def _branding(before: Branding, patch: BrandingPatch) -> Branding:
    name = sent(_given(patch.app_name), before.app_name)
    color = sent(_given(patch.brand_color), before.brand_color)
    if not _COLOR.fullmatch(color):
        raise Invalid("branding.brandColor must be #RGB, #RRGGBB, rgb(r,g,b) or rgba(r,g,b,a)")
    return Branding(
        app_name=clean(name, "branding.appName", least=0),
        app_url=_address(sent(_given(patch.app_url), before.app_url), "branding.appUrl"),
        brand_color=color,
        font=sent(_given(patch.font), before.font),
        logo=_image(patch.logo, before.logo, "branding.logo.url"),
        app_icon=_image(patch.app_icon, before.app_icon, "branding.appIcon.url"),
    )


def _experimentation(before: Experimentation, patch: ExperimentationPatch) -> Experimentation:
    ratio = sent(_given(patch.control_ratio), before.control_ratio)
    window = sent(_given(patch.user_activation_window), before.activation_window)
    if not 0 <= ratio <= PERCENT:
        raise Invalid(f"experimentation.controlRatio must be a percentage from 0 to {PERCENT}")
    if not 1 <= window <= LONGEST_WINDOW:
        raise Invalid(f"experimentation.userActivationWindow must be 1 to {LONGEST_WINDOW} days")
    return Experimentation(ratio, window)


def _image(patch: ImageDraft | None | UnsetType, before: str | None, field: str) -> str | None:
    if isinstance(patch, ImageDraft):
        return _address(patch.url, field) or None
    return before if isinstance(patch, UnsetType) else None


def _address(text: str, field: str) -> str:
    if text and (len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text)):
        raise Invalid(f"{field} must be an http or https address")
    return text


def _given(value: V | None | UnsetType) -> V | UnsetType:
    return UNSET if value is None else value
