"""A ranking in memory against a plain list that is sorted: whatever comes and goes, it says the same."""

from bisect import bisect_left
from random import Random

import pytest

from plaudit.model.leaderboards import place_of, score_at
from plaudit.storage import ranked
from plaudit.storage.ranked import Ranked


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of four to eight entries, two counted together, so that every test divides and joins them."""
    for name, value in {"MOST": 8, "FEW": 3, "SPAN": 2}.items():
        monkeypatch.setattr(ranked, name, value)


def key(random: Random, spread: int) -> bytes:
    """An entry with few different scores and times, so that many are equal."""
    low = -(2**53) if spread > 100 else 0
    late = min(spread, 2**46)
    return place_of(random.randint(low, spread), random.randint(-late, late), random.randbytes(1).ljust(16))


def test_a_place_sorts_by_score_then_time_then_member():
    random = Random(1)
    edges = (-(2**62), -(2**53), -1, 0, 1, 2**53, 2**62)
    times = (-62_135_596_800_000, -1, 0, 1, 1_900_000_000_000)
    entries = [(score, at, random.randbytes(16)) for score in edges for at in times for _ in range(3)]
    random.shuffle(entries)
    places = {place_of(*entry): entry for entry in entries}
    assert [places[place] for place in sorted(places)] == sorted(
        entries, key=lambda entry: (-entry[0], *entry[1:])
    )
    assert all((score_at(place), place[-16:]) == (it[0], it[2]) for place, it in places.items())


def agrees(it: Ranked, plain: list[bytes]) -> bool:
    counted = [len(block) for block in it._blocks]
    assert it._sizes == counted
    assert it._sums == [sum(counted[n : n + 2]) for n in range(0, len(counted), 2)]
    assert len(it._bounds) == len(counted) - 1
    return it.part(0, len(plain) + 1) == plain and len(it) == len(plain)


@pytest.mark.parametrize("spread", [0, 1, 3, 2**53])
@pytest.mark.parametrize("seed", range(5))
def test_it_says_what_a_sorted_list_says(seed, spread):
    random, it, plain = Random(seed), Ranked(7), []
    for step in range(1200):
        one = random.choice(plain) if plain and random.random() < 0.3 else key(random, spread)
        place = bisect_left(plain, one)
        there = plain[place : place + 1] == [one]
        assert it.ahead(one) == place
        assert (one in it) is there
        if random.random() < (0.65 if step % 400 < 250 else 0.2):
            it.add(one)
            plain[place : place + there] = [one]
        else:
            it.remove(one)
            del plain[place : place + there]
        if step % 20 == 0:
            skip, limit = random.randint(0, 50), random.randint(0, 20)
            assert it.part(skip, limit) == plain[skip : skip + limit]
            assert agrees(it, plain)
    for one in plain:
        it.remove(one)
    assert agrees(it, [])


def test_blocks_that_empty_join_their_neighbours():
    it = Ranked(1)
    keys = [place_of(-n, 0, bytes(16)) for n in range(200)]
    for one in keys:
        it.add(one)
    assert len(it._blocks) > 20
    for one in keys[3:-3]:
        it.remove(one)
    assert len(it._blocks) == 2  # three and three make more than half a block
    assert it.part(0, 9) == keys[:3] + keys[-3:]


def test_what_is_there_comes_once_and_what_is_not_there_does_not_go():
    it, one = Ranked(1), place_of(5, 3, b"m".ljust(16))
    it.remove(one)
    it.add(one)
    it.add(one)
    assert len(it) == 1
    it.remove(one)
    it.remove(one)
    assert len(it) == 0
