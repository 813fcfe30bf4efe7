"""What a caller asks to be done to one user: the drafts that travel through the turnstile.

A command carries every fact that is not in the database: the clock reading (``now``) and the id.
"""

from msgspec import UNSET, Struct, UnsetType

from plaudit.model.state import Identity


class UserPatch(Struct, frozen=True, gc=False):
    """User fields sent with a call: fields not sent (``UNSET``) are kept as they are.

    ``sign_up_date`` is an ordinal day. Zone names are IANA names, checked at the door.
    """

    email: str | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    tz: str | None | UnsetType = UNSET
    sign_up_date: int | None | UnsetType = UNSET
    device_tokens: tuple[str, ...] | None | UnsetType = UNSET
    subscribe_to_emails: bool | UnsetType = UNSET
    attributes: dict[str, str] | UnsetType = UNSET


NOTHING = UserPatch()


class RecordEvent(Struct, frozen=True, gc=False):
    """A metric event: ``id`` becomes the event id, ``at`` is its event time (``now`` if not sent)."""

    id: bytes
    who: Identity
    now: int
    metric: str
    value: int
    at: int
    user: UserPatch = NOTHING
    attributes: dict[str, str] = {}
    key: str | None = None


class CompleteAchievement(Struct, frozen=True, gc=False):
    """Completion of an achievement with trigger ``api``, asked for by its key."""

    id: bytes
    who: Identity
    now: int
    achievement: str
    user: UserPatch = NOTHING


class IdentifyUser(Struct, frozen=True, gc=False):
    """Creation or change of a user. ``must_exist`` makes an unknown user a refusal (PATCH)."""

    id: bytes
    who: Identity
    now: int
    user: UserPatch = NOTHING
    must_exist: bool = False


Command = RecordEvent | CompleteAchievement | IdentifyUser
