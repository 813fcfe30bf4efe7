"""The exam on streak care: what a user holds, pauses, and who is due."""

from msgspec.structs import replace
from tests.storage.people import ALL, DAY, NOON, a_streak, an_id, birth, move, person, read, write

from plaudit.model.catalog import EvaluationMode, Frequency, StreakMetric
from plaudit.model.outcome import PauseWrite, StreakWrite
from plaudit.model.preferences import Channel, Notification, Preferences, StreakPreferences
from plaudit.model.state import StreakPause
from plaudit.model.tally import Tally

OWN = Preferences(
    {Notification.RECAP: (Channel.EMAIL,), Notification.STREAK_REMINDER: ()},
    StreakPreferences(False, EvaluationMode.ALL, (StreakMetric(1, 5),), (0, 6)),
)
HELD = {
    "freezes": 2,
    "freezes_granted": 5,
    "freezes_at": NOON + 9,
    "paused_until": DAY + 3,
    "preferences": OWN,
}


async def test_what_a_user_holds_reads_back(store, ada, ben):
    await write(store, users=[birth(ada, **HELD), birth(ben)])
    found = (await read(store, ada)).user
    assert (found.freezes, found.freezes_granted, found.freezes_at, found.paused_until) == (
        2,
        5,
        NOON + 9,
        DAY + 3,
    )
    assert found.preferences == OWN
    plain = (await read(store, ben)).user
    assert (plain.freezes, plain.freezes_at, plain.paused_until, plain.preferences) == (0, None, None, None)
    await write(store, users=[replace(move(ben, profile=True), user=replace(plain, **HELD))])
    assert (await read(store, ben)).user == replace(plain, **HELD)


async def test_many_users_are_read_alike(store, ada, ben):
    await write(store, users=[birth(ada, **HELD), birth(ben, **HELD)])
    both = await store.ledger.view([ada, ben], None)
    assert [each.user for each in both] == [(await read(store, each)).user for each in (ada, ben)]


async def test_pauses_are_read_with_the_periods_until_they_are_taken_back(store, ada, ben):
    late = StreakPause(an_id("late"), DAY + 9, DAY + 12)
    soon = StreakPause(an_id("soon"), DAY, DAY + 3)
    writes = [PauseWrite(ada.subject, late), PauseWrite(ada.subject, soon)]
    await write(store, users=[birth(ada), birth(ben)], pauses=writes)
    assert (await read(store, ada)).details.pauses == (soon, late)
    assert (await read(store, ben)).details.pauses == ()
    await write(store, pauses=[PauseWrite(ada.subject, replace(late, archived=True))])
    assert (await read(store, ada)).details.pauses == (soon,)
    (shallow,) = await store.ledger.view([ada], replace(ALL, periods=False))
    assert shallow.details.pauses == ()


async def test_the_owners_of_pauses_are_found_by_id(store, ada, ben, cleo):
    mine, theirs = an_id("mine"), an_id("theirs")
    await write(
        store,
        users=[birth(ada), birth(ben), birth(cleo)],
        pauses=[
            PauseWrite(ada.subject, StreakPause(mine, DAY, DAY)),
            PauseWrite(cleo.subject, StreakPause(theirs, DAY, DAY)),
        ],
    )
    assert await store.ledger.pause_owners([mine, theirs, an_id("nobody's")]) == {mine: ada, theirs: cleo}
    assert await store.ledger.pause_owners([]) == {}


async def test_streaks_are_due_once_they_have_expired_and_until_their_loss_is_noticed(store, here, ada, ben):
    lapsed, alive = a_streak(), replace(a_streak(), expires_at=NOON + 1000)
    dora = person(here.number, "dora")
    lost = Tally(streaks={Frequency.DAILY: replace(lapsed, lost=True)})
    await write(
        store,
        users=[birth(ada), birth(ben), birth(dora, lost)],
        streaks=[
            StreakWrite(ada.subject, Frequency.DAILY, lapsed),
            StreakWrite(ada.subject, Frequency.WEEKLY, lapsed),
            StreakWrite(ben.subject, Frequency.DAILY, alive),
            StreakWrite(dora.subject, Frequency.DAILY, replace(lapsed, lost=True)),
        ],
    )
    assert await store.ledger.streaks_due(lapsed.expires_at - 1, 9) == []
    assert await store.ledger.streaks_due(lapsed.expires_at, 9) == [ada]
    assert await store.ledger.streaks_due(NOON + 1000, 9) == [ada, ben]
    assert (await read(store, dora)).streaks == {Frequency.DAILY: replace(lapsed, lost=True)}


async def test_users_are_due_when_freezes_are_earned(store, ada, ben):
    await write(store, users=[birth(ada, freezes_at=NOON), birth(ben)])
    assert await store.ledger.streaks_due(NOON - 1, 9) == []
    assert await store.ledger.streaks_due(NOON, 9) == [ada]
