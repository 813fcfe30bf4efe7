"""The doors of an environment's settings: branding, experimentation, the period of recaps.

Refuses to move users already born between the groups of an experiment.
"""

from msgspec.json import Decoder

from plaudit.model.catalog import EnvironmentSettings
from plaudit.operations.edit_batch import Invalid
from plaudit.operations.edit_settings import SettingsPatch, edit_settings
from plaudit.web.admin.reading import definitions_of, editor_of, renew
from plaudit.web.admin.shapes import AdminBranding, AdminExperimentation, AdminImage, AdminSettings
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.errors import invalid

_decoder = Decoder(SettingsPatch)


@operation("Get the settings", {200: AdminSettings}, audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get branding, experimentation and the period of recaps."""
    definitions = await definitions_of(call)
    return as_json(settings_of(definitions.environment.settings))


@operation(
    "Update the settings",
    {200: AdminSettings},
    body=SettingsPatch,
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Change the fields that are sent. ``controlRatio`` decides about users born from now on."""
    patch = read_body(call.body, _decoder)
    try:
        settings = await edit_settings(editor_of(call), patch)
    except Invalid as reason:
        raise invalid(str(reason)) from None
    await renew(call)
    return as_json(settings_of(settings))


def settings_of(it: EnvironmentSettings) -> AdminSettings:
    """Give settings as the Admin API shows them."""
    look, trial = it.branding, it.experimentation
    return AdminSettings(
        AdminBranding(
            look.app_name,
            look.app_url,
            look.brand_color,
            look.font,
            _image(look.logo),
            _image(look.app_icon),
        ),
        AdminExperimentation(trial.control_ratio, trial.activation_window),
        it.aggregation_period,
    )


def _image(url: str | None) -> AdminImage | None:
    return None if url is None else AdminImage(url)
