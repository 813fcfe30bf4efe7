"""Checks that no entry of an audit log was changed, taken out or put in: its hashes are chained.

Refuses to repair.
"""

from plaudit.model.actions import FIRST, link
from plaudit.model.members import SERVER
from plaudit.storage.port import Catalog

PAGE = 500


async def verify_actions(catalog: Catalog) -> list[str]:
    """Give one sentence per environment (0 is the server) whose audit log is not the chain it was."""
    drifts = []
    for number in (SERVER, *[each.number for each in await catalog.environments()]):
        broken = await _broken(catalog, number)
        if broken is not None:
            drifts.append(f"environment {number}: entry {broken} of the audit log is not as it was written")
    return drifts


async def _broken(catalog: Catalog, environment: int) -> int | None:
    number, before = 0, FIRST
    while page := await catalog.actions_after(environment, number, PAGE):
        for entry in page:
            number += 1
            if entry.number != number or entry.hash != link(before, number, entry.action):
                return number
            before = entry.hash
    return None
