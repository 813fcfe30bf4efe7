"""The doors of dry runs: what an edit or an event would cause, with the rules of the real one.

Refuses to store anything.
"""

from contextlib import suppress

from msgspec import UNSET, Raw, ValidationError
from msgspec.json import Decoder, encode

from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.points_rules import SystemRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import uuid_text
from plaudit.operations.edit_achievement_drafts import AchievementDraft, AchievementPatch
from plaudit.operations.preview_achievement import Place, preview_achievement
from plaudit.operations.preview_points import TriggerPreview, preview_points
from plaudit.web.admin.dossier import event_of
from plaudit.web.admin.insight_shapes import AchievementOwner
from plaudit.web.admin.points_parts import system_rule
from plaudit.web.admin.preview_shapes import (
    AchievementForecast,
    AchievementTrial,
    PointsForecast,
    PointsStanding,
    PointsTrial,
    TriggerForecast,
)
from plaudit.web.admin.reading import ItemReader, Items, editor_of
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.errors import invalid
from plaudit.web.fragments import fragments_of
from plaudit.web.ids import check_id
from plaudit.web.points_texts import PointsTexts, boost_of
from plaudit.web.texts import time_text

_trials = Decoder(AchievementTrial)
_events = Decoder(PointsTrial)
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


@operation(
    "Try an event's points",
    {200: PointsForecast},
    body=PointsTrial,
    errors=(400, 404, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def of_points(call: Call) -> Answer:
    """Tell what points an event would bring in a system, trigger by trigger; nothing is stored.

    An event that would be refused is refused here with the same sentence.
    """
    trial, context = read_body(call.body, _events), call.context
    rulebook = await call.rulebook()
    system = system_rule(call, rulebook)
    newborn = not isinstance(trial.user_id, str)
    command = _event_of(call, trial)
    found = await preview_points(context.store, rulebook, system, command, newborn=newborn)
    texts = fragments_of(rulebook, call.base_url).points
    day = local_day(call.now, zone_of(found.tz))
    return as_json(
        PointsForecast(
            _standing(system, texts, found.before),
            _standing(system, texts, found.after),
            found.after - found.before,
            [_forecast(rulebook, texts, it, day) for it in found.triggers],
        )
    )


def _event_of(call: Call, trial: PointsTrial) -> RecordEvent:
    name = trial.user_id
    user = check_id(name, "userId") if isinstance(name, str) else uuid_text(call.context.new_id(call.now))
    return event_of(call, call.caller.identity(user), trial)


def _standing(system: SystemRule, texts: PointsTexts, total: int) -> PointsStanding:
    level = system.level_of(total)
    return PointsStanding(total, None if level is None else texts.level(level))


def _forecast(rulebook: Rulebook, texts: PointsTexts, it: TriggerPreview, day: int) -> TriggerForecast:
    known = {} if rulebook.points is None else rulebook.points.boosts
    boosts = [boost_of(known[number], day) for number in it.boosts if number in known]
    return TriggerForecast(texts.trigger(it.rule), it.awarded, boosts)
