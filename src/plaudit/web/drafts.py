"""The bodies of the Application API as typed structs, and how they become patches of the model.

Refuses guesses: a zone is an IANA name, a date is a date, a time is in the past.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from plaudit.engine.periods import is_zone, local_day, zone_of
from plaudit.model.commands import NOTHING, UserPatch
from plaudit.model.dates import read_time
from plaudit.model.errors import PlauditError
from plaudit.web.decode import Number, decode, inspect, is_plain
from plaudit.web.errors import invalid

SKEW = 60_000
"""Milliseconds a caller's clock may be ahead of ours; such times count as now."""

LONGEST_TEXT = 1024
"""Most bytes of a text such as a name or an attribute value."""

MOST_KEYS = 64
"""Most attributes of one user or event, and most device tokens."""

FIRST_YEAR = 1900
"""Earliest year of a sign-up date."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FAR_EAST = timedelta(hours=14)

Text = Annotated[str, Meta(extra_json_schema={"maxLength": LONGEST_TEXT})]


class UpdatedUser(Struct, kw_only=True, rename="camel"):
    """An object with editable user fields. Fields that are not sent are kept as they are."""

    email: Annotated[Text | None | UnsetType, Meta(description="The user's email address.")] = UNSET
    name: Annotated[Text | None | UnsetType, Meta(description="The name to call the user by.")] = UNSET
    tz: Annotated[
        Text | None | UnsetType, Meta(description="The user's time zone, an IANA name such as Europe/London.")
    ] = UNSET
    sign_up_date: Annotated[
        Text | None | UnsetType,
        Meta(description="The day the user signed up, as YYYY-MM-DD. Anniversaries are counted from it."),
    ] = UNSET
    device_tokens: Annotated[
        list[Text] | None | UnsetType, Meta(description="The user's device tokens, for push notifications.")
    ] = UNSET
    subscribe_to_emails: Annotated[
        bool | None | UnsetType,
        Meta(description="Whether the user wants emails. With false, no email address is kept."),
    ] = UNSET
    attributes: Annotated[
        dict[str, Text] | None | UnsetType,
        Meta(description="User attributes by key. The keys must have been declared."),
    ] = UNSET


class UpsertedUser(UpdatedUser, kw_only=True, rename="camel"):
    """An object with editable user fields, and the id it is about."""

    id: Annotated[str, Meta(description="The user's id in your database: 1 to 255 bytes.")]


class EventDraft(Struct, rename="camel"):
    """A metric event: who did how much of it, when, and in which circumstances."""

    user: UpsertedUser
    value: Annotated[Number, Meta(description="What to add to the user's total; negative to take away.")]
    attributes: Annotated[
        dict[str, Text] | None | UnsetType,
        Meta(description="Event attributes by key. The keys must have been declared."),
    ] = UNSET
    timestamp: Annotated[
        str | None | UnsetType,
        Meta(
            description="When it happened, as RFC 3339, in the past. Without it the event happens now.",
            extra_json_schema={"format": "date-time"},
        ),
    ] = UNSET


class CompletionDraft(Struct, rename="camel"):
    """Who completed an achievement."""

    user: UpsertedUser


event_decoder = Decoder(EventDraft)
completion_decoder = Decoder(CompletionDraft)
updated_decoder = Decoder(UpdatedUser)
upserted_decoder = Decoder(UpsertedUser)


def read_event(body: bytes) -> EventDraft:
    """Decode a metric event, looking closely only at bodies that are not plain.

    Raises:
        PlauditError: the body is malformed or invalid.
    """
    draft = decode(body, event_decoder)
    if not is_plain(body, colons_of_event(draft)):
        inspect(body)
    return draft


def colons_of_event(draft: EventDraft) -> int:
    """Count the fields and keys of an event, for ``is_plain``."""
    count = 2 + _colons_of_user(draft.user)
    if draft.attributes is not UNSET:
        count += 1 + len(draft.attributes or ())
    if draft.timestamp is not UNSET:
        count += 1 + (draft.timestamp.count(":") if draft.timestamp else 0)
    return count


def _colons_of_user(user: UpsertedUser) -> int:
    count = (
        1
        + (user.email is not UNSET)
        + (user.name is not UNSET)
        + (user.tz is not UNSET)
        + (user.sign_up_date is not UNSET)
        + (user.device_tokens is not UNSET)
        + (user.subscribe_to_emails is not UNSET)
    )
    return count if user.attributes is UNSET else count + 1 + len(user.attributes or ())


def patch_of(user: UpdatedUser, now: int, at: str = "") -> UserPatch:
    """Give the fields sent as a patch of the user.

    Args:
        user: the decoded fields; null for a switch or for attributes counts as not sent.
        now: the clock reading, in Unix milliseconds.
        at: what comes before a field's name in a refusal, such as ``"user."``.

    Raises:
        PlauditError: ``INVALID_BODY``, naming the field.
    """
    if _is_silent(user):
        return NOTHING
    subscribe = UNSET if user.subscribe_to_emails is None else user.subscribe_to_emails
    return UserPatch(
        email=None if subscribe is False else _text(user.email, f"{at}email"),
        name=_text(user.name, f"{at}name"),
        tz=_zone(user.tz, f"{at}tz"),
        sign_up_date=_sign_up_date(user, now, f"{at}signUpDate"),
        device_tokens=_tokens(user.device_tokens, f"{at}deviceTokens"),
        subscribe_to_emails=subscribe,
        attributes=UNSET if not user.attributes else pairs(user.attributes, f"{at}attributes"),
    )


def _is_silent(user: UpdatedUser) -> bool:
    return (
        user.attributes is UNSET
        and user.tz is UNSET
        and user.email is UNSET
        and user.name is UNSET
        and user.sign_up_date is UNSET
        and user.device_tokens is UNSET
        and user.subscribe_to_emails is UNSET
    )


def pairs(attributes: dict[str, str], name: str) -> dict[str, str]:
    """Give attributes as they are, if their values are short and clean.

    Raises:
        PlauditError: ``INVALID_BODY``, naming the attribute.
    """
    if len(attributes) > MOST_KEYS:
        raise invalid(f"{name} must have at most {MOST_KEYS} keys")
    for key, value in attributes.items():
        check_text(value, f"{name}.{key[:64]}")
    return attributes


def check_text(text: str, name: str) -> str:
    """Give a text as it is, if it is short and has no NUL, which a database cannot keep.

    Raises:
        PlauditError: ``INVALID_BODY``.
    """
    if len(text) > LONGEST_TEXT // 4 and len(text.encode()) > LONGEST_TEXT:
        raise invalid(f"{name} must be at most {LONGEST_TEXT} bytes long")
    if "\0" in text:
        raise invalid(f"{name} must not contain the character NUL")
    return text


def _text(text: str | None | UnsetType, name: str) -> str | None | UnsetType:
    return check_text(text, name) if isinstance(text, str) else text


def _tokens(tokens: list[str] | None | UnsetType, name: str) -> tuple[str, ...] | None | UnsetType:
    if not isinstance(tokens, list):
        return tokens
    if len(tokens) > MOST_KEYS:
        raise invalid(f"{name} must have at most {MOST_KEYS} items")
    return tuple(check_text(token, name) for token in tokens)


def _zone(tz: str | None | UnsetType, name: str) -> str | None | UnsetType:
    if isinstance(tz, str) and not is_zone(tz):
        raise invalid(f"{name} must be an IANA time zone such as Europe/London, not '{tz[:64]}'")
    return tz


def _sign_up_date(user: UpdatedUser, now: int, name: str) -> int | None | UnsetType:
    """Read the date, which must not be after today where the user is (or anywhere, without a zone)."""
    if not isinstance(user.sign_up_date, str):
        return user.sign_up_date
    day = _day(user.sign_up_date, name)
    here = _EPOCH + _MILLISECOND * now
    today = local_day(now, zone_of(user.tz)) if isinstance(user.tz, str) else (here + _FAR_EAST).toordinal()
    if day > today:
        raise invalid(f"{name} must not be after today")
    return day


def _day(text: str, name: str) -> int:
    try:
        found = read_time(text).date()
    except (ValueError, OverflowError):
        found = date.min
    if found.year < FIRST_YEAR:
        raise invalid(f"{name} must be a date as YYYY-MM-DD, not before {FIRST_YEAR}")
    return found.toordinal()


def instant(text: str | None | UnsetType, now: int, name: str = "timestamp") -> int:
    """Read an event time into Unix milliseconds: RFC 3339, UTC where it names no offset, ``now`` if not sent.

    Raises:
        PlauditError: ``INVALID_BODY``: it is no time, before 1970, or more than 60 s ahead of our clock.
    """
    if not isinstance(text, str):
        return now
    try:
        at = (read_time(text) - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError):
        raise _bad_instant(text, name) from None
    if at < 0:
        raise invalid(f"{name} must not be before 1970-01-01")
    if at > now + SKEW:
        raise invalid(f"{name} must not be in the future")
    return min(at, now)


def _bad_instant(text: str, name: str) -> PlauditError:
    return invalid(f"{name} must be a time in RFC 3339 such as 2026-01-31T12:00:00Z, not '{text[:64]}'")
