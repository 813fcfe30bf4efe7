"""Hashes as OWASP asks for them, as many at a time as memory allows, and no sooner told for strangers."""

import asyncio
import time
from statistics import median

import pytest
from argon2 import extract_parameters

from plaudit.model.errors import Code, PlauditError
from plaudit.operations import passwords
from plaudit.operations.passwords import AT_ONCE, MOST_WAITING, NOBODY, Passwords, fault_of

GOOD = "four little otters sing"


async def test_hashes_take_46_mib_once():
    made = await Passwords().hash(GOOD)
    told = extract_parameters(made)
    assert (told.type.name, told.memory_cost, told.time_cost, told.parallelism) == ("ID", 46 * 1024, 1, 1)
    assert extract_parameters(NOBODY) == told


async def test_the_same_letters_written_otherwise_are_the_same_password():
    desk = Passwords()
    made = await desk.hash("Übergrößenträger schläft")
    assert await desk.matches(made, "U\u0308bergro\u0308ßentra\u0308ger schla\u0308ft")
    assert not await desk.matches(made, "Übergrößenträger schlaft")


async def test_nobody_has_no_password():
    desk = Passwords()
    for guess in ("", GOOD, NOBODY):
        assert not await desk.matches(None, guess)
    assert not await desk.matches("no hash at all", GOOD)


async def test_an_unknown_address_takes_as_long_as_a_known_one():
    desk = Passwords()
    made = await desk.hash(GOOD)
    times = {made: [], None: []}
    for _ in range(15):
        for known, taken in times.items():
            began = time.process_time()  # other work on the machine takes none of it
            await desk.matches(known, "a wrong guess of mine")
            taken.append(time.process_time() - began)
    known, unknown = median(times[made]), median(times[None])
    assert abs(known - unknown) < 0.25 * known


async def test_few_are_hashed_at_a_time_and_the_queue_ends(monkeypatch):
    working, most = 0, 0

    def slow(*_):
        nonlocal working, most
        working += 1
        most = max(most, working)
        time.sleep(0.02)
        working -= 1
        return "no"

    monkeypatch.setattr(passwords, "_verify", slow)
    desk = Passwords()
    asked = [desk.matches(None, "guess") for _ in range(MOST_WAITING + 8)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, PlauditError)]
    assert most == AT_ONCE
    assert len(refused) == 8
    assert {each.code for each in refused} == {Code.BUSY}


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "passwordpassword",
        "P@ssw0rd12345678",
        "qwertyuiopasdfgh",
        "poiuytrewqlkjhgf",
        "abcdefghijklmnop",
        "123412341234",
        "ada.lovelace.ada",
        "lovelace12345",
        "letmein-welcome-1",
    ],
)
def test_what_guessers_try_first_is_no_password(password):
    assert fault_of(password, "ada.lovelace@example.com", "Ada Lovelace")


@pytest.mark.parametrize(
    "password", [GOOD, "Kx7!pq9-Vm2w", "дождь идёт за окном", "correct horse battery staple"]
)
def test_other_passwords_are_accepted(password):
    assert fault_of(password, "ada.lovelace@example.com", "Ada Lovelace") is None
