"""Passwords: which ones are accepted, and their Argon2id hashes, made beside the event loop.

Refuses more than two hashes at a time: each takes 46 MiB, and logging in must not fill the memory.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from plaudit.model.errors import Code, PlauditError

SHORTEST, LONGEST = 12, 256
"""Characters of a password."""

AT_ONCE = 2
"""Hashes that are made at the same time."""

MOST_WAITING = 32
"""Attempts that may wait for their hash; more are asked to come again."""

FEWEST_DIFFERENT = 5
"""Different characters a password has at least."""

FEWEST_OWN = 6
"""Characters a password has at least beside common words, rows of keys and repetitions."""

_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1, hash_len=32, salt_len=16)

NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$UkvSecQCAWjFd/Ib3aGhpg$FIJwpcJScLROHr/Upl4J57bgV+z5i1bKUg++ftrewY4"
"""A hash of no password, so that an unknown e-mail address takes as long as a known one."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
)
_ROW_LENGTH = 4
_COMMON = re.compile(
    r"password|passwort|passw0rd|p@ssw0rd|motdepasse|letmein|welcome|willkommen|administrator|admin|iloveyou"
    r"|princess|sunshine|football|baseball|superman|batman|dragon|monkey|shadow|master|charlie|michael|trustno"
    r"|changeme|default|secret|login|plaudit|company|summer|winter|spring|autumn|qwerty|azerty|starwars|pokemon"
    r"|1q2w3e4r5t6y|1q2w3e4r|1qaz2wsx3edc|1qaz2wsx|zaq12wsx|[0-9]{4,}|(.)\1{2,}"
)


def fault_of(password: str, *known: str) -> str | None:
    """Say why a password is not accepted; None if it is.

    Args:
        password: as it was typed.
        known: what guessers try first, such as the e-mail address.
    """
    text = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(text) <= LONGEST:
        return f"password must be {SHORTEST} to {LONGEST} characters long, such as four words"
    own = text.casefold()
    for word in (part for each in known for part in re.split(r"[\W_]+", each.casefold())):
        if len(word) >= _ROW_LENGTH:
            own = own.replace(word, "")
    own = _COMMON.sub("", own)
    for row in _ROWS:
        own = _without_row(_without_row(own, row), row[::-1])
    if len(own) < FEWEST_OWN or len(set(own)) < FEWEST_DIFFERENT:
        return "password must not be made of common words, your name, rows of keys or repetitions"
    return None


def _without_row(text: str, row: str) -> str:
    for length in range(len(row), _ROW_LENGTH - 1, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], "")
    return text


class Passwords:
    """Makes and checks hashes, at most two at a time."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Give the Argon2id hash of a password.

        Raises:
            PlauditError: ``BUSY``: too many wait.
        """
        return await self._in_turn(_hash, password)

    async def matches(self, hash: str | None, password: str) -> bool:
        """Tell whether a password is the one of a hash; without a hash it takes as long to say no.

        Raises:
            PlauditError: ``BUSY``: too many wait.
        """
        same = await self._in_turn(_verify, password[: LONGEST + 1], hash or NOBODY)
        return same == "yes" and hash is not None

    async def _in_turn(self, work: Callable[..., str], *given: str) -> str:
        if self._waiting >= MOST_WAITING:
            raise PlauditError(Code.BUSY, seconds="2")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work, *given)
        finally:
            self._waiting -= 1


def _hash(password: str) -> str:
    return _HASHER.hash(unicodedata.normalize("NFKC", password))


def _verify(password: str, hash: str) -> str:
    try:
        _HASHER.verify(hash, unicodedata.normalize("NFKC", password))
    except (Argon2Error, InvalidHashError):
        return "no"
    return "yes"
