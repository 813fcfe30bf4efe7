"""Standings kept in memory: never stale, and bounded."""

from plaudit.jobs.expire_streaks import expire_streaks
from plaudit.web.known import KnownStandings

HOUR = 3_600_000


class Counting:
    """The ledger of a house, counting how often a whole standing is read."""

    def __init__(self, ledger) -> None:
        self.ledger = ledger
        self.readings = 0
        self.stamps = 0
        self.moment, self.counts = ledger.moment, ledger.counts

    async def stamp(self, who, frequency):
        self.stamps += 1
        return await self.ledger.stamp(who, frequency)

    async def view(self, who, depth):
        self.readings += 1
        return await self.ledger.view(who, depth)


async def read(house, known, ledger, now=None, user="ada"):
    caller = await house.context.keyring.admit({b"x-api-key": house.key.encode()})
    book = await house.context.rulebooks.get(house.environment)
    at = house.context.clock() if now is None else now
    texts, _ = await known.read(ledger, book, caller.identity(user), at, incomplete=True)
    return texts


async def test_a_standing_is_read_once_until_something_changes_it(house):
    await house.make("achievements", name="Day", trigger="streak", streakLength=3, status="active")
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    event = {"user": {"id": "ada"}, "value": 1}
    await house.http.post("/v1/metrics/words/event", json=event)
    known, ledger = KnownStandings(), Counting(house.context.store.ledger)
    first = await read(house, known, ledger)
    assert await read(house, known, ledger) == first
    assert ledger.readings == 1
    for method, path, body in (
        ("POST", "/v1/metrics/words/event", event),
        ("POST", "/v1/achievements/hi/complete", {"user": {"id": "ada"}}),
        ("PATCH", "/v1/users/ada", {"name": "Ada"}),
        ("PATCH", "/v1/users/ada/preferences", {"streak": {"enabled": False}}),
    ):
        await house.http.request(method, path, json=body)
        readings = ledger.readings
        await read(house, known, ledger)
        assert ledger.readings == readings + 1, path


async def test_while_nobody_writes_not_even_the_stamp_is_read(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    await house.http.post("/v1/users", json={"id": "ada"})
    known, ledger = KnownStandings(), Counting(house.context.store.ledger)
    for _ in range(3):
        await read(house, known, ledger)
    assert (ledger.stamps, ledger.readings) == (1, 1)
    await house.http.post("/v1/users", json={"id": "ben"})
    await read(house, known, ledger)
    assert (ledger.stamps, ledger.readings) == (2, 1)


async def test_what_others_have_earned_is_counted_at_once(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    for user in ("ada", "ben"):
        await house.http.post("/v1/achievements/hi/complete", json={"user": {"id": user}})
        (hi,) = (await house.http.get("/v1/users/ada/achievements")).json()
        (of_all,) = (await house.http.get("/v1/achievements")).json()
        assert hi["completions"] == of_all["completions"] == (1 if user == "ada" else 2)


async def test_a_streak_that_is_lost_by_time_alone_is_not_shown_as_kept(house):
    await house.make("achievements", name="Day", trigger="streak", streakLength=3, status="active")
    await house.http.post("/v1/metrics/words/event", json={"user": {"id": "ada"}, "value": 1})
    known, ledger = KnownStandings(), Counting(house.context.store.ledger)
    ((_, kept),) = await read(house, known, ledger)
    ((_, lost),) = await read(house, known, ledger, house.context.clock() + 72 * HOUR)
    assert '"current":1' in kept
    assert '"current":0' in lost


async def test_a_streak_that_freezes_bridge_is_read_anew_until_its_misses_are_written_down(house):
    freezes = {"startCount": 1, "maxCount": 3}
    await house.http.patch("/admin/v1/streaks/settings", json={"freezes": freezes})
    await house.make("achievements", name="Day", trigger="streak", streakLength=3, status="active")
    await house.http.post("/v1/metrics/words/event", json={"user": {"id": "ada"}, "value": 1})
    known, ledger = KnownStandings(), Counting(house.context.store.ledger)
    now = house.context.clock()
    ((_, bridged),) = await read(house, known, ledger, now + 48 * HOUR)
    ((_, lost),) = await read(house, known, ledger, now + 96 * HOUR)
    assert '"current":1' in bridged
    assert '"current":0' in lost
    await expire_streaks(
        house.context.store, house.context.rulebooks, lambda: now + 96 * HOUR, house.context.new_id
    )
    readings = ledger.readings
    for _ in range(3):
        assert (await read(house, known, ledger, now + 97 * HOUR))[0][1] == lost
    assert ledger.readings == readings + 1


async def test_a_standing_pushed_out_while_its_stamp_is_read_is_answered_all_the_same(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    for user in ("ada", "ben"):
        await house.http.post("/v1/users", json={"id": user})
    known, ledger = KnownStandings(most=1), Counting(house.context.store.ledger)
    first = await read(house, known, ledger)
    await house.http.post("/v1/users", json={"id": "eve"})
    stamp = ledger.stamp

    async def slow_stamp(who, frequency):
        found = await stamp(who, frequency)
        if who.user_id == "ada":
            await read(house, known, ledger, user="ben")
        return found

    ledger.stamp = slow_stamp
    assert await read(house, known, ledger) == first


async def test_memory_is_bounded_and_the_newest_stay(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    known, ledger = KnownStandings(most=0), Counting(house.context.store.ledger)
    await house.http.post("/v1/users", json={"id": "ada"})
    for _ in range(2):
        assert len(await read(house, known, ledger)) == 1
    assert ledger.readings == 2
