"""User fields, dates and times as they are sent, and as they are kept."""

from datetime import UTC, date, datetime

import pytest
from msgspec import UNSET, convert

from plaudit.model.commands import NOTHING, UserPatch
from plaudit.model.errors import PlauditError
from plaudit.web.drafts import UpdatedUser, instant, patch_of

NOW = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000)


def patch(**fields):
    return patch_of(convert(fields, UpdatedUser), NOW, "user.")


def test_nothing_sent_changes_nothing():
    assert patch() is NOTHING


def test_fields_sent_are_kept_and_null_empties_them():
    assert patch(email="a@b.c", name=None, tz="Asia/Kathmandu", deviceTokens=["x"]) == UserPatch(
        email="a@b.c", name=None, tz="Asia/Kathmandu", device_tokens=("x",)
    )


def test_null_for_a_switch_or_for_attributes_means_not_sent():
    sent = patch(subscribeToEmails=None, attributes=None, name="Ada")
    assert (sent.subscribe_to_emails, sent.attributes) == (UNSET, UNSET)


def test_whoever_wants_no_emails_has_no_address_kept():
    sent = patch(subscribeToEmails=False, email="a@b.c")
    assert (sent.subscribe_to_emails, sent.email) == (False, None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"tz": "Mars/Olympus"}, "The field user.tz must be an IANA time zone"),
        ({"tz": ""}, "user.tz"),
        ({"name": "a\0b"}, "user.name must not contain the character NUL"),
        ({"name": "ü" * 600}, "user.name must be at most 1024 bytes long"),
        ({"attributes": {"plan": "a\0"}}, "user.attributes.plan must not contain"),
        ({"attributes": {str(n): "x" for n in range(65)}}, "user.attributes must have at most 64 keys"),
        ({"deviceTokens": ["x"] * 65}, "user.deviceTokens must have at most 64 items"),
        ({"signUpDate": "2026-02-30"}, "user.signUpDate must be a date as YYYY-MM-DD"),
        ({"signUpDate": "1899-12-31"}, "not before 1900"),
        ({"signUpDate": "2026-11-26"}, "user.signUpDate must not be after today"),
        ({"signUpDate": "2026-11-25", "tz": "UTC"}, "after today"),
    ],
)
def test_a_field_that_cannot_be_is_named(fields, words):
    with pytest.raises(PlauditError) as refused:
        patch(**fields)
    assert words in refused.value.sentence


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-02-29", date(2020, 2, 29)),
        ("2020-02-29T23:30:00-05:00", date(2020, 3, 1)),
        ("2020-02-29T23:30:00", date(2020, 2, 29)),
    ],
)
def test_a_sign_up_date_is_a_day_and_a_time_is_its_utc_day(text, day):
    assert patch(signUpDate=text).sign_up_date == day.toordinal()


def test_tomorrow_is_today_in_the_far_east():
    assert (
        patch(signUpDate="2026-11-25", tz="Pacific/Kiritimati").sign_up_date == date(2026, 11, 25).toordinal()
    )
    assert patch(signUpDate="2026-11-25").sign_up_date == date(2026, 11, 25).toordinal()


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T10:00:00Z", "2026-11-24T10:00:00", "2026-11-24T15:45:00+05:45", "2026-11-24 10:00:00Z"],
)
def test_a_time_is_utc_unless_it_names_a_zone(text):
    assert instant(text, NOW) == NOW - 2 * 3_600_000


def test_milliseconds_are_kept_exactly():
    assert instant("2026-11-24T10:00:00.123456Z", NOW) == NOW - 2 * 3_600_000 + 123


def test_no_time_is_now_and_a_minute_ahead_counts_as_now():
    assert instant(UNSET, NOW) == instant(None, NOW) == instant("2026-11-24T12:01:00Z", NOW) == NOW


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-24T12:01:01Z", "must not be in the future"),
        ("1969-12-31T23:59:59Z", "must not be before 1970"),
        ("yesterday", "must be a time in RFC 3339"),
        ("", "must be a time"),
        ("9999-12-31T23:59:59-12:00", "must be a time"),
        ("0001-01-01T00:00:00+12:00", "must be a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused(text, words):
    with pytest.raises(PlauditError) as refused:
        instant(text, NOW)
    assert f"The field timestamp {words}" in refused.value.sentence
