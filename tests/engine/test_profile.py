"""Profiles and anniversaries: what a patch changes, and when years are complete."""

import pytest
from tests.engine.lives import ADA, DAY, at, day

from plaudit.engine.anniversaries import anniversary_day, instant, next_instant, years_at
from plaudit.engine.profile import apply
from plaudit.model.commands import NOTHING, UserPatch

NOON = at("2025-04-02T12:00:00")


def born(now=NOON, **fields):
    return apply(None, ADA, UserPatch(**fields), now, 5).user


def patched(user, now=NOON + 1, **fields):
    return apply(user, ADA, UserPatch(**fields), now, 9)


def test_a_user_is_born_settled_and_with_a_first_anniversary():
    profile = apply(None, ADA, NOTHING, NOON, 5)
    user = profile.user
    assert (profile.created, profile.changed, profile.dated, profile.moved) == (True, True, False, False)
    assert (user.id, user.created, user.updated, user.seq, user.settled) == ("ada", NOON, NOON, 0, 5)
    assert (user.subscribe_to_emails, user.attributes, user.device_tokens) == (True, {}, ())
    assert user.anniversary_at == at("2026-04-02T00:00:00")


def test_fields_sent_are_updated_and_fields_not_sent_are_kept():
    user = born(email="ada@example.org", name="Ada", tz="Europe/London", device_tokens=("a",))
    after = patched(user, name="Ada L.", email=None).user
    assert (after.name, after.email, after.tz, after.device_tokens) == (
        "Ada L.",
        None,
        "Europe/London",
        ("a",),
    )
    assert (after.updated, after.created, after.settled) == (NOON + 1, NOON, 5)


def test_updated_moves_only_when_something_changed():
    user = born(name="Ada", attributes={"plan": "pro"})
    for fields in (
        {},
        {"name": "Ada"},
        {"attributes": {"plan": "pro"}},
        {"tz": None},
        {"device_tokens": None},
    ):
        profile = patched(user, **fields)
        assert (profile.user, profile.changed) == (user, False)
    assert apply(user, ADA, NOTHING, NOON + 1, 9).user is user


def test_attributes_merge_key_by_key():
    user = born(attributes={"plan": "pro", "team": "red"})
    profile = patched(user, attributes={"team": "blue"})
    assert profile.user.attributes == {"plan": "pro", "team": "blue"}
    assert profile.attributes == ("team",)
    assert user.attributes == {"plan": "pro", "team": "red"}


def test_no_emails_means_no_email_is_kept():
    user = patched(born(email="ada@example.org"), subscribe_to_emails=False).user
    assert (user.email, user.subscribe_to_emails) == (None, False)
    assert born(email="ada@example.org", subscribe_to_emails=False).email is None
    assert patched(user, email="a@b.c", subscribe_to_emails=True).user.email == "a@b.c"


def test_clearing_the_zone_moves_the_user_to_utc():
    profile = patched(born(tz="Asia/Tokyo"), tz=None)
    assert profile.user.tz is None
    assert profile.moved
    assert profile.dated


def test_tokens_are_replaced_or_cleared():
    user = born(device_tokens=("a", "b"))
    assert patched(user, device_tokens=("c",)).user.device_tokens == ("c",)
    assert patched(user, device_tokens=None).user.device_tokens == ()


def test_the_anniversary_follows_sign_up_date_and_zone():
    user = born(sign_up_date=day("2020-05-10"), tz="America/New_York")
    assert user.anniversary_at == at("2025-05-10T00:00:00", "America/New_York")
    moved = patched(user, tz="Asia/Tokyo").user
    assert moved.anniversary_at == at("2025-05-10T00:00:00", "Asia/Tokyo")
    assert patched(moved, sign_up_date=day("2021-06-01")).user.anniversary_at == at(
        "2025-06-01T00:00:00", "Asia/Tokyo"
    )
    assert patched(moved, sign_up_date=None).user.anniversary_at == at("2026-04-02T00:00:00", "Asia/Tokyo")


def test_the_day_of_creation_is_the_local_one():
    user = born(now=at("2025-04-02T20:00:00"), tz="Asia/Tokyo")
    assert user.anniversary_at == at("2026-04-03T00:00:00", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("base", "years", "expected"),
    [
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2023-02-28", 1, "2024-02-28"),
        ("2024-12-31", 1, "2025-12-31"),
    ],
)
def test_leap_days_are_kept_on_the_28th_in_common_years(base, years, expected):
    assert anniversary_day(day(base), years) == day(expected)


@pytest.mark.parametrize(
    ("now", "years"),
    [
        ("2024-02-29T12:00:00", 0),
        ("2025-02-27T23:59:59", 0),
        ("2025-02-28T00:00:00", 1),
        ("2028-02-28T23:59:59", 3),
        ("2028-02-29T00:00:00", 4),
    ],
)
def test_years_are_complete_at_local_midnight(now, years):
    user = born(now=at("2024-02-29T12:00:00"))
    assert years_at(user, at(now)) == years
    assert next_instant(user, at(now)) == instant(user, years + 1) > at(now)


def test_a_sign_up_date_to_come_has_no_years_yet():
    user = born(sign_up_date=day("2027-01-01"))
    assert years_at(user, NOON) == 0
    assert user.anniversary_at == at("2028-01-01T00:00:00")


def test_no_anniversary_lies_beyond_the_calendar():
    user = born(sign_up_date=day("9999-01-01"))
    assert user.anniversary_at is None
    assert years_at(user, NOON + DAY) == 0
