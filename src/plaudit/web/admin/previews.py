"""The doors of dry runs: what an edit or an event would cause, with the rules of the real one.

Refuses to store anything.
"""

from contextlib import suppress

from msgspec import UNSET, Raw, ValidationError
from msgspec.json import Decoder, encode

from plaudit.operations.edit_achievement_drafts import AchievementDraft, AchievementPatch
from plaudit.operations.preview_achievement import Place, preview_achievement
from plaudit.web.admin.insight_shapes import AchievementOwner
from plaudit.web.admin.preview_shapes import AchievementForecast, AchievementTrial
from plaudit.web.admin.reading import ItemReader, Items, editor_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.errors import invalid
from plaudit.web.texts import time_text

_trials = Decoder(AchievementTrial)
_fields = Decoder(dict[str, Raw])
_drafts = ItemReader(AchievementDraft)
_patches = ItemReader(AchievementPatch)


@operation(
    "Try an achievement",
    {200: AchievementForecast},
    body=AchievementTrial,
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def of_achievement(call: Call) -> Answer:
    """Tell who would get an achievement the moment it is saved; nothing is stored.

    A call looks at some hundreds of users. Send the cursor it answers to look at the next ones.
    """
    trial = read_body(call.body, _trials)
    read, place = _item_of(trial), _place_of(trial)
    found = await preview_achievement(editor_of(call), call.caller.sealed_tenant, read.items[0], place)
    return as_json(
        AchievementForecast(
            issues=found.issues + read.warnings,
            done=found.place.done,
            total=found.total,
            users=found.place.users,
            sample=[AchievementOwner(it.user_id, it.name, time_text(it.at)) for it in found.sample],
            cursor=None if found.following is None else _cursor_of(found.following),
        )
    )


def _item_of(trial: AchievementTrial) -> Items[AchievementDraft] | Items[AchievementPatch]:
    raw = bytes(trial.achievement)
    if not isinstance(trial.id, str):
        return _drafts.read(b"[" + raw + b"]")
    with suppress(ValidationError):  # what is no object is left to the reader, which says so
        raw = encode(_fields.decode(raw) | {"id": Raw(encode(trial.id))})
    return _patches.read(b"[" + raw + b"]")


def _cursor_of(place: Place) -> str:
    return f"{place.done}.{place.users}.{place.subject.hex()}"


def _place_of(trial: AchievementTrial) -> Place:
    if trial.cursor is None or trial.cursor is UNSET:
        return Place()
    try:
        done, users, subject = trial.cursor.split(".")
        return Place(bytes.fromhex(subject), int(done), int(users))
    except ValueError:
        raise invalid("cursor must be the cursor of the answer before") from None
