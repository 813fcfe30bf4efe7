"""Profiles: how the user fields sent with a call change a user's row.

Refuses validation: which zone names and attribute keys are allowed is decided before.
"""

from msgspec import UNSET, Struct
from msgspec.structs import replace

from plaudit.engine.anniversaries import next_instant
from plaudit.model.commands import NOTHING, UserPatch
from plaudit.model.state import Identity, UserState


class Profile(Struct, frozen=True):
    """A user after a patch.

    ``attributes`` names the attribute keys that changed, ``dated`` tells that the sign-up date or
    the zone did, which anniversaries follow; ``moved`` that the zone of an existing user did.
    """

    user: UserState
    created: bool = False
    changed: bool = False
    attributes: tuple[str, ...] = ()
    dated: bool = False
    moved: bool = False


def apply(user: UserState | None, who: Identity, patch: UserPatch, now: int, version: int) -> Profile:
    """Apply a patch: fields sent are updated, fields not sent are kept, attributes merge key by key.

    A user is born settled to the rulebook's ``version``. ``updated`` moves only when something
    really changed. ``subscribe_to_emails=False`` forgets the stored email.
    """
    if user is None:
        return _born(who, patch, now, version)
    if patch is NOTHING:
        return Profile(user)
    after = _patched(user, patch)
    if after == user:
        return Profile(user)
    return _changed(user, after, now)


def _born(who: Identity, patch: UserPatch, now: int, version: int) -> Profile:
    user = UserState(
        id=who.user_id,
        email=None,
        name=None,
        tz=None,
        sign_up_date=None,
        device_tokens=(),
        subscribe_to_emails=True,
        attributes={},
        created=now,
        updated=now,
        seq=0,
        settled=version,
        anniversary_at=None,
    )
    if patch is not NOTHING:
        user = _patched(user, patch)
    user = replace(user, anniversary_at=next_instant(user, now))
    dated = user.sign_up_date is not None
    return Profile(user, created=True, changed=True, attributes=tuple(user.attributes), dated=dated)


def _changed(user: UserState, after: UserState, now: int) -> Profile:
    keys = tuple(k for k, v in after.attributes.items() if user.attributes.get(k) != v)
    moved = after.tz != user.tz
    dated = moved or after.sign_up_date != user.sign_up_date
    due = next_instant(after, now) if dated else user.anniversary_at
    look = now if moved and after.letter_at is not None else after.letter_at
    after = replace(after, updated=now, anniversary_at=due, letter_at=look)
    return Profile(after, changed=True, attributes=keys, dated=dated, moved=moved)


def _patched(user: UserState, patch: UserPatch) -> UserState:
    attributes = user.attributes
    if patch.attributes is not UNSET:
        attributes = {**attributes, **patch.attributes}
    email = user.email if patch.email is UNSET else patch.email
    return replace(
        user,
        email=None if patch.subscribe_to_emails is False else email,
        name=user.name if patch.name is UNSET else patch.name,
        tz=user.tz if patch.tz is UNSET else patch.tz,
        sign_up_date=user.sign_up_date if patch.sign_up_date is UNSET else patch.sign_up_date,
        device_tokens=user.device_tokens if patch.device_tokens is UNSET else patch.device_tokens or (),
        subscribe_to_emails=(
            user.subscribe_to_emails if patch.subscribe_to_emails is UNSET else patch.subscribe_to_emails
        ),
        attributes=attributes,
    )
