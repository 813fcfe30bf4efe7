"""Searching users by a part of their id, name or e-mail address, whatever its case, in short stretches.

Refuses an index of its own, which every birth would pay for: the one users are listed by is read through.
"""

from collections.abc import Awaitable, Callable

from plaudit.model.ids import subject_key
from plaudit.model.state import Identity
from plaudit.storage.rows import Row

STRETCH = 5000
"""Users that one statement looks through; others are served between two of them."""

LAST = "\U0010ffff"
"""A text after every id, by the last code point, which is no character."""

Read = Callable[[str, Row], Awaitable[list[Row]]]
"""Runs a named statement with its bindings."""


async def search_users(
    read: Read, scope: tuple[int, str], sought: str, after: str, limit: int
) -> list[Identity]:
    """Give a page of the users whose id, name or e-mail address contains a text, by id.

    Args:
        read: runs ``users_end`` and ``users_sought``.
        scope: environment and tenant.
        sought: the text, in any case.
        after: the id the page begins after, ``""`` to begin.
        limit: the most users to give.
    """
    environment, tenant = scope
    pattern, folded = like_of(sought), sought.casefold()
    found: list[Identity] = []
    while len(found) < limit and after != LAST:
        ends = await read("users_end", (*scope, after, STRETCH - 1))
        until = ends[0][0] if ends else LAST
        for user_id, name, email in await read("users_sought", (*scope, after, until, pattern)):
            if any(folded in text.casefold() for text in (user_id, name, email) if text is not None):
                subject = subject_key(environment, tenant, user_id)
                found.append(Identity(subject, environment, tenant, user_id))
        after = until
    return found[:limit]


def like_of(sought: str) -> str:
    """Give the pattern of a text for LIKE, which knows the cases of ASCII letters only: others may be any."""
    return f"%{''.join(_part(character) for character in sought)}%"


def _part(character: str) -> str:
    if character in "%_\\":
        return f"\\{character}"
    return character if character.isascii() else "_"
