"""The doors of streak care: freezes given, pauses made and taken back, streaks restored and reset.

Refuses a request only when it is no list or too long; what cannot be done for one user becomes an issue.
"""

from collections.abc import Callable
from typing import Annotated

from msgspec import UNSET, Meta, Struct
from msgspec.json import Decoder

from plaudit.model.commands import (
    EndPause,
    GrantFreeze,
    PauseStreak,
    ResetStreak,
    RestoreStreak,
    StreakCommand,
)
from plaudit.model.dates import read_day
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.state import Identity
from plaudit.operations.care_streaks import Cared, care, refused
from plaudit.operations.edit_batch import MOST_ITEMS, Issue, field_in
from plaudit.web.admin.reading import IDS, deleted_answer, ids_of
from plaudit.web.admin.shapes import (
    AdminStreakPause,
    CreatedFreezes,
    CreatedPauses,
    Deleted,
    ResetStreaks,
    RestoredStreaks,
)
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.ids import check_id
from plaudit.web.shape_parts import DateText
from plaudit.web.texts import day_text

ERRORS = (400, 413, 415, 422, 503)

_HUNDRED = Meta(min_length=1, max_length=MOST_ITEMS)


class FreezeDraft(Struct, rename="camel"):
    """A user to give one freeze to."""

    user_id: str


class FreezesBody(Struct):
    """1 to 100 freezes to give; a user may be named more than once."""

    freezes: Annotated[list[FreezeDraft], _HUNDRED]


class PauseDraft(Struct, rename="camel"):
    """Days to pause a user's streaks on, first to last."""

    user_id: str
    start: DateText
    end: DateText


class PausesBody(Struct):
    """1 to 100 pauses to make."""

    pauses: Annotated[list[PauseDraft], _HUNDRED]


class UserDraft(Struct):
    """A user that is meant."""

    id: str


class UsersBody(Struct):
    """1 to 100 users."""

    users: Annotated[list[UserDraft], _HUNDRED]


_freezes, _pauses, _users = Decoder(FreezesBody), Decoder(PausesBody), Decoder(UsersBody)

Make = Callable[[bytes, Identity], StreakCommand]


@operation(
    "Create streak freezes",
    {201: CreatedFreezes, 200: CreatedFreezes},
    body=FreezesBody,
    errors=ERRORS,
    audience=Audience.ADMIN,
)
async def give_freezes(call: Call) -> Answer:
    """Give users streak freezes, one each time they are named, up to the maximum."""
    drafts = read_body(call.body, _freezes).freezes
    cared = await _care(call, [(each.user_id, _plain(call, GrantFreeze)) for each in drafts])
    return as_json(CreatedFreezes(cared.issues), 201 if cared.done else 200)


@operation(
    "Create streak pauses",
    {201: CreatedPauses, 200: CreatedPauses},
    body=PausesBody,
    errors=ERRORS,
    audience=Audience.ADMIN,
)
async def make_pauses(call: Call) -> Answer:
    """Pause users' streaks: a period touched by a pause needs no events. Pauses do not overlap."""
    drafts = read_body(call.body, _pauses).pauses
    cared = await _care(call, [(each.user_id, _pausing(call, each)) for each in drafts])
    made = [_pause_of(each) for each in cared.done if isinstance(each, PauseStreak)]
    return as_json(CreatedPauses(made, cared.issues), 201 if made else 200)


@operation("Delete streak pauses", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete_pauses(call: Call) -> Answer:
    """Take 1 to 100 pauses back by id. What they have bridged stays bridged."""
    ids = {text: uuid_bytes(text) for text in ids_of(call)}
    owners = await call.context.store.ledger.pause_owners([raw for raw in ids.values() if raw is not None])
    gone: list[bytes] = []
    issues: list[Issue] = []
    for text, raw in ids.items():
        problem = await _end(call, raw, None if raw is None else owners.get(raw))
        if problem is None and raw is not None:
            gone.append(raw)
        else:
            issues.append(Issue("error", problem or "", id=text))
    return deleted_answer(gone, issues)


@operation(
    "Restore streaks",
    {201: RestoredStreaks, 200: RestoredStreaks},
    body=UsersBody,
    errors=ERRORS,
    audience=Audience.ADMIN,
)
async def restore(call: Call) -> Answer:
    """Restore users' streaks to the longest of the last 90 days.

    Weekly streaks are restored to the longest of this year, monthly ones of this year and the last.
    """
    drafts = read_body(call.body, _users).users
    cared = await _care(call, [(each.id, _plain(call, RestoreStreak)) for each in drafts])
    restored = [each.who.user_id for each in cared.done]
    return as_json(RestoredStreaks(restored, cared.issues), 201 if restored else 200)


@operation("Reset streaks", {200: ResetStreaks}, body=UsersBody, errors=ERRORS, audience=Audience.ADMIN)
async def reset(call: Call) -> Answer:
    """Set users' streaks to zero; what they do from then on begins new ones."""
    drafts = read_body(call.body, _users).users
    cared = await _care(call, [(each.id, _plain(call, ResetStreak)) for each in drafts])
    return as_json(ResetStreaks([each.who.user_id for each in cared.done], cared.issues))


async def _care(call: Call, asked: list[tuple[str, Make]]) -> Cared:
    _ = call.caller.sealed_tenant
    return await care(
        call.context.turnstile.submit_each, [_item(call, user_id, make) for user_id, make in asked]
    )


def _item(call: Call, user_id: str, make: Make) -> StreakCommand | Issue:
    try:
        who = call.caller.identity(check_id(user_id, "userId"))
        return make(call.context.new_id(call.now), who)
    except PlauditError as error:
        why = error.words.get("why", error.sentence)
        return Issue("error", why, user_id=user_id, field=field_in(why) or UNSET)


def _plain(call: Call, command: type[GrantFreeze | RestoreStreak | ResetStreak]) -> Make:
    return lambda name, who: command(name, who, call.now, actor=call.caller.prefix)


def _pausing(call: Call, draft: PauseDraft) -> Make:
    def make(name: bytes, who: Identity) -> StreakCommand:
        first, last = _day(draft.start, "start"), _day(draft.end, "end")
        if last < first:
            raise PlauditError(Code.INVALID_BODY, why="end must be on or after start")
        return PauseStreak(name, who, call.now, first, last, actor=call.caller.prefix)

    return make


def _day(text: str, name: str) -> int:
    found = read_day(text)
    if found is None:
        raise PlauditError(Code.INVALID_BODY, why=f"{name} must be a date as YYYY-MM-DD")
    return found.toordinal()


async def _end(call: Call, pause: bytes | None, owner: Identity | None) -> str | None:
    """Take a pause back; gives what kept it from being taken back."""
    if pause is None:
        return "id must be a valid UUID"
    caller = call.caller
    if owner is None or (owner.environment, owner.tenant) != (caller.environment, caller.sealed_tenant):
        return Code.UNKNOWN_PAUSE.value.rstrip(".")
    try:
        name = call.context.new_id(call.now)
        await call.context.turnstile.submit(EndPause(name, owner, call.now, pause, actor=caller.prefix))
    except PlauditError as error:
        if error.code is not Code.UNKNOWN_PAUSE:
            raise
        return refused(owner.user_id, error).message
    return None


def _pause_of(made: PauseStreak) -> AdminStreakPause:
    return AdminStreakPause(
        uuid_text(made.id), made.who.user_id, day_text(made.first), day_text(made.last), "active"
    )
