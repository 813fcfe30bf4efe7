"""The demo's people: for every hash a name that can be read, and the zone its commits speak of.

The names are invented and stable; the zones are an approximation from UTC offsets.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from plaudit.demo.contributions import Contribution

FIRST = (
    "Amber Ardent Bold Brave Bright Brisk Calm Candid Clever Cobalt Copper Coral Crimson Curious Daring Deft "
    "Eager Early Fair Fleet Frank Gentle Gilded Glad Golden Grand Happy Hardy Honest Humble Indigo Ivory "
    "Jolly Keen Kind Lively Loyal Lucid Lucky Mellow Merry Mighty Mild Misty Modest Nimble Noble Olive "
    "Patient Plucky Polite Prompt Proud Quick Quiet Rapid Ruby Sage Serene Silver Steady Sunny Swift Witty"
).split()

SECOND = (
    "Albatross Avocet Badger Beaver Bison Bittern Bobcat Caribou Condor Coyote Crane Curlew Dolphin "
    "Dormouse Dove Dunlin Eagle Egret Eider Elk Falcon Ferret Finch Fox Gannet Gecko Gibbon Goldfinch "
    "Goshawk Grebe Grouse Hare Harrier Hawk Hedgehog Heron Hoopoe Ibex Ibis Jackdaw Jay Kestrel "
    "Kingfisher Kite Lapwing Lark Lemur Linnet Lynx Magpie Manatee Marmot Marten Merlin Mole Moose "
    "Narwhal Newt Nightjar Ocelot Oriole Osprey Otter Owl Panda Pelican Petrel Pika Pipit Plover Puffin "
    "Quail Raven Redstart Robin Sable Seal Shearwater Siskin Skylark Sparrow Starling Stoat Stork Swallow "
    "Swan Swift Tanager Tern Thrush Toucan Turnstone Vole Wagtail Walrus Warbler Waxwing Weasel Wren"
).split()

ZONES = (
    "Europe/London Europe/Berlin America/Los_Angeles America/New_York America/Chicago America/Denver "
    "Europe/Helsinki Europe/Moscow Asia/Kolkata Asia/Shanghai Asia/Tokyo America/Sao_Paulo Australia/Sydney "
    "Australia/Brisbane Pacific/Auckland Asia/Dubai Asia/Tashkent Asia/Dhaka Asia/Bangkok America/Halifax "
    "America/Bogota America/Phoenix Africa/Lagos Africa/Nairobi Asia/Tehran Asia/Kabul Asia/Kathmandu "
    "Asia/Yangon Australia/Adelaide America/Caracas America/Anchorage Pacific/Honolulu America/Noronha "
    "Pacific/Noumea Etc/UTC"
).split()
"""Zones an offset may stand for, likeliest first: the first that fits most commits is taken."""


NOON = time(12)


class Person(Struct, frozen=True):
    """A contributor: what is sent with their first event."""

    id: str
    name: str
    zone: str
    first_day: int
    first_project: str


def people_of(rows: Iterable[Contribution]) -> dict[str, Person]:
    """Give every contributor, in the order of their first commits."""
    commits: dict[str, list[Contribution]] = {}
    for row in rows:
        commits.setdefault(row.author, []).append(row)
    taken: set[str] = set()
    return {author: _person(author, own, taken) for author, own in commits.items()}


def _person(author: str, own: list[Contribution], taken: set[str]) -> Person:
    zone = zone_of([row.at for row in own])
    first = own[0].at.astimezone(ZoneInfo(zone)).date()
    return Person(author, _name(author, taken), zone, first.toordinal(), own[0].project)


def _name(author: str, taken: set[str]) -> str:
    """Turn a hash into two words; whoever comes later to the same two words gets the next free ones."""
    place = int(author, 16)
    while True:
        place %= len(FIRST) * len(SECOND)
        name = f"{FIRST[place % len(FIRST)]} {SECOND[place // len(FIRST)]}"
        if name not in taken:
            taken.add(name)
            return name
        place += 1


def zone_of(moments: list[datetime]) -> str:
    """Guess the zone somebody lives in from the UTC offsets of their commits."""
    fits: Counter[str] = Counter()
    for moment in moments:
        fits.update(_zones_at(_minutes(moment), moment.date()))
    return max(ZONES, key=lambda zone: fits[zone])


@cache
def _zones_at(minutes: int, day: date) -> tuple[str, ...]:
    """Give the zones whose clocks are this many minutes from UTC at noon of a day."""
    noon = datetime.combine(day, NOON)
    return tuple(
        zone for zone in _zones_with(minutes) if _minutes(noon.replace(tzinfo=ZoneInfo(zone))) == minutes
    )


@cache
def _zones_with(minutes: int) -> tuple[str, ...]:
    """Give the zones whose clocks were this many minutes from UTC in any quarter of the demo's years."""
    return tuple(zone for zone in ZONES if minutes in _offsets_of(zone))


@cache
def _offsets_of(zone: str) -> frozenset[int]:
    years, months = range(2005, 2027), (1, 4, 7, 10)
    return frozenset(
        _minutes(datetime(year, month, 15, 12, tzinfo=ZoneInfo(zone))) for year in years for month in months
    )


def _minutes(moment: datetime) -> int:
    offset = moment.utcoffset()
    return round(offset.total_seconds() / 60) if offset else 0
