"""How soon each page of the dashboard shows something, and all of it: `python -m benchmarks.pages`.

Loads the demo (with `postgres`, there), sends its commits again until there are 300,000 events of 3,159
users, and opens every page in Chromium with nothing cached. Refuses kindness: the browser shares the server's
processors.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import suppress
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from statistics import median

from msgspec import Struct
from playwright.async_api import Browser
from tests.dashboard.browser import DESKTOP, QUIET, chromium
from tests.dashboard.test_pages import PAGES, first_of
from tests.support.members import Person, member_of
from tests.support.server import Server, on

from benchmarks.world import progress
from plaudit.demo.contributions import contributions
from plaudit.model.members import Role
from plaudit.web.cookies import NAME

MOST_SECONDS = 1.0
"""Until a page shows its first content."""

DEMO = {"Environment": "demo"}
MORE = 205_000
"""Events sent once the demo's 95,099 are there."""

BATCH = 1_000

FIRST = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


class Opened(Struct, frozen=True):
    """One load of a page: milliseconds from its address until its first content, and until all of it."""

    first: float
    whole: float


def main() -> int:
    """Measure and print; gives 1 when a page was too slow."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("database", nargs="?", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--turns", type=int, default=5, help="loads of each page (default: 5)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="plaudit-pages-") as folder:
        server = on(asked.database, Path(folder))
        loaded = server.run("demo")
        if loaded.returncode:
            print(loaded.stderr, file=sys.stderr)
            return loaded.returncode
        with server:
            found = asyncio.run(_measure(server, asked.turns))
    return _tell(found)


def _send_more(owner: Person) -> None:
    """Send the demo's commits again, an hour later each time, until there are events enough."""
    rounds = (
        {
            "key": key,
            "user": {"id": each.author},
            "value": value,
            "timestamp": (each.at + timedelta(hours=turn)).isoformat(),
        }
        for turn in count(1)
        for each in contributions()
        for key, value in (("commits", 1), ("lines-added", each.lines_added), ("files-touched", each.files))
    )
    for sent in range(0, MORE, BATCH):
        answer = owner.ask("POST", "/metrics/events", json=list(islice(rounds, BATCH)), headers=DEMO)
        if answer.is_error:
            raise RuntimeError(answer.text)
        progress("more events", sent + BATCH, MORE)


async def _measure(server: Server, turns: int) -> dict[str, list[Opened]]:
    owner = await asyncio.to_thread(member_of, server, Role.OWNER)
    await asyncio.to_thread(_send_more, owner)
    cookie = {"name": NAME, "value": owner.http.cookies[NAME], "url": server.base}

    def read(path: str) -> object:
        return _read(owner, path.removeprefix("/admin/v1"))

    addresses: dict[str, str] = {}
    for path in PAGES:
        with suppress(IndexError):  # of what the demo has none of, there is no page to open
            addresses[path] = "/e/demo" + first_of(path, read)
    found: dict[str, list[Opened]] = {path: [] for path in addresses}
    async with chromium() as browser:
        for turn in range(turns):
            for path, address in addresses.items():
                found[path].append(await _open(browser, server.base + address, cookie))
            progress("pages opened, turns", turn + 1, turns)
    owner.close()
    return found


def _read(owner: Person, path: str) -> object:
    answer = owner.get(path, headers=DEMO)
    if answer.is_error:
        raise RuntimeError(answer.text)
    found: object = answer.json()
    return found


async def _open(browser: Browser, address: str, cookie: dict[str, str]) -> Opened:
    context = await browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    try:
        await context.add_cookies([cookie])
        page = await context.new_page()
        await page.goto(address, wait_until="commit")
        await page.wait_for_function(QUIET, polling=10)
        whole = await page.evaluate("() => performance.now()")
        await page.wait_for_function(FIRST)
        return Opened(await page.evaluate(FIRST), whole)
    finally:
        await context.close()


def _tell(found: dict[str, list[Opened]]) -> int:
    print("\n| page | first content, median ms | worst | whole page, median ms | worst |")
    print("|---|--:|--:|--:|--:|")
    for path, loads in sorted(found.items(), key=lambda each: -median(load.first for load in each[1])):
        first, whole = [load.first for load in loads], [load.whole for load in loads]
        figures = (median(first), max(first), median(whole), max(whole))
        print(f"| `{path}` | " + " | ".join(f"{each:.0f}" for each in figures) + " |")
    slow = [path for path, loads in found.items() if max(each.first for each in loads) > 1000 * MOST_SECONDS]
    for path in slow:
        print(f"Later than {MOST_SECONDS:g} s: {path}", file=sys.stderr)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
