"""Anniversaries come at each user's local midnight, by the job alone, once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from plaudit.jobs.keep_anniversaries import keep_anniversaries

ZONE = "America/New_York"


async def run_at(house, at: datetime) -> int:
    context = house.context
    return await keep_anniversaries(
        context.store, context.rulebooks, lambda: int(at.timestamp() * 1000), context.new_id
    )


async def test_an_anniversary_comes_at_local_midnight_and_once(house):
    one = await house.make(
        "achievements", name="One year", trigger="anniversary", anniversaryYears=1, status="active"
    )
    both = await house.make(
        "achievements", name="All", trigger="achievement", achievementIds=[one], status="active"
    )
    today = datetime.now(ZoneInfo(ZONE)).date()
    tomorrow = today + timedelta(days=1)
    signed_up = date(tomorrow.year - 1, tomorrow.month, min(tomorrow.day, 28))
    comes = datetime(signed_up.year + 1, signed_up.month, signed_up.day, tzinfo=ZoneInfo(ZONE))
    if comes.date() <= today:  # the 29th to the 31st: one month later the same is true
        signed_up += timedelta(days=31)
        comes = datetime(signed_up.year + 1, signed_up.month, signed_up.day, tzinfo=ZoneInfo(ZONE))
    await house.http.post("/v1/users", json={"id": "ada", "tz": ZONE, "signUpDate": signed_up.isoformat()})
    assert (await house.http.get("/v1/users/ada/achievements")).json() == []
    assert await run_at(house, comes - timedelta(seconds=1)) == 0
    assert await run_at(house, comes) == 1
    assert await run_at(house, comes + timedelta(hours=1)) == 0
    earned = (await house.http.get("/v1/users/ada/achievements")).json()
    assert {item["id"]: item["achievedAt"] for item in earned} == {
        one: comes.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        both: comes.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    assert [item["completions"] for item in earned] == [1, 1]
