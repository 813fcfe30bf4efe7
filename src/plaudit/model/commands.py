"""What a caller asks to be done to one user: the drafts that travel through the turnstile.

A command carries every fact that is not in the database: the clock reading (``now``) and the id.
"""

from msgspec import UNSET, Struct, UnsetType

from plaudit.model.preferences import PreferencesPatch
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


class RecordEvent(Struct, frozen=True, gc=False, omit_defaults=True):
    """A metric event: ``id`` becomes the event id, ``at`` is its event time (``now`` if not sent).

    What is not sent stays out of its encoding too, so that ``NOTHING`` is still itself when it is decoded.
    """

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


class KeepStreak(Struct, frozen=True, gc=False):
    """Let the time up to ``now`` pass for a user's streaks: bridged, lost, freezes earned."""

    id: bytes
    who: Identity
    now: int
    user: UserPatch = NOTHING


class GrantFreeze(Struct, frozen=True, gc=False):
    """Give a user one more streak freeze."""

    id: bytes
    who: Identity
    now: int
    user: UserPatch = NOTHING
    actor: str | None = None


class PauseStreak(Struct, frozen=True, gc=False):
    """Pause a user's streaks from day ``first`` to day ``last`` (ordinals); ``id`` names the pause."""

    id: bytes
    who: Identity
    now: int
    first: int
    last: int
    user: UserPatch = NOTHING
    actor: str | None = None


class EndPause(Struct, frozen=True, gc=False):
    """Take a streak pause back."""

    id: bytes
    who: Identity
    now: int
    pause: bytes
    user: UserPatch = NOTHING
    actor: str | None = None


class RestoreStreak(Struct, frozen=True, gc=False):
    """Restore a user's streak to the longest of the restore window."""

    id: bytes
    who: Identity
    now: int
    user: UserPatch = NOTHING
    actor: str | None = None


class ResetStreak(Struct, frozen=True, gc=False):
    """Set a user's streaks to zero."""

    id: bytes
    who: Identity
    now: int
    user: UserPatch = NOTHING
    actor: str | None = None


class SetPreferences(Struct, frozen=True, gc=False):
    """Change some of a user's preferences."""

    id: bytes
    who: Identity
    now: int
    change: PreferencesPatch
    user: UserPatch = NOTHING


StreakCommand = (
    KeepStreak | GrantFreeze | PauseStreak | EndPause | RestoreStreak | ResetStreak | SetPreferences
)
"""What is done to a known user's streaks and preferences; ``actor`` is the asking admin's key prefix."""


class PassTime(Struct, frozen=True, gc=False):
    """Time triggers of points that fell due for a user: ``(trigger number, instant in Unix ms)``."""

    id: bytes
    who: Identity
    now: int
    dues: tuple[tuple[int, int], ...]
    user: UserPatch = NOTHING


class RevokeCompletion(Struct, frozen=True, gc=False):
    """Completions an admin takes back, the one asked for first, by ``(achievement number, completion id)``.

    ``returns`` is what they brought of points, as ``(system, trigger, points)``; ``actor`` is who asks.
    """

    id: bytes
    who: Identity
    now: int
    completions: tuple[tuple[int, bytes], ...]
    returns: tuple[tuple[int, int, int], ...]
    actor: str
    user: UserPatch = NOTHING


class GrantCompletion(Struct, frozen=True, gc=False):
    """An achievement, by its number, that an admin gives a user who exists; ``actor`` is who gives it."""

    id: bytes
    who: Identity
    now: int
    achievement: int
    actor: str
    user: UserPatch = NOTHING


Command = (
    GrantCompletion
    | RevokeCompletion
    | RecordEvent
    | CompleteAchievement
    | IdentifyUser
    | PassTime
    | StreakCommand
)
