"""The port of the dashboard's people, and the desk where they are changed, the same on both databases.

Refuses rules: who may do what, and how long things hold, is decided by the acts.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from plaudit.model.actions import Action
from plaudit.model.members import Link, Member, Role, Session
from plaudit.storage.rows import Row

Run = Callable[[str, Row], Awaitable[Sequence[Row]]]
"""Runs a named statement with its bindings and gives its rows."""

Tell = Callable[[Sequence[Action]], Awaitable[None]]
"""Writes actions at the end of the audit logs."""


class Members(Protocol):
    """Members, sessions, links and attempts to log in."""

    def desk(self) -> AbstractAsyncContextManager["Desk"]:
        """Open a change: commits when left, rolls back on any exception; one at a time.

        Raises:
            Unavailable: the database cannot be written.
            Conflict: an e-mail address is taken.
        """
        ...

    async def all(self) -> list[Member]:
        """Read every member, the oldest first."""
        ...

    async def find(self, email: str) -> Member | None:
        """Read the member with this e-mail address, which is in lower case."""
        ...

    async def session(self, digest: bytes) -> tuple[Session, Member] | None:
        """Read a session and whose it is, whether or not it still holds."""
        ...


class Desk:
    """An open change of members; nobody else changes them until it is left."""

    def __init__(self, run: Run, tell: Tell) -> None:
        """Work inside a transaction that is open."""
        self._run = run
        self.tell = tell

    async def all(self) -> list[Member]:
        """Read every member, the oldest first."""
        return [member(row) for row in await self._run("members", ())]

    async def add(self, it: Member) -> None:
        """Insert a member."""
        await self._run(
            "insert_member", (it.id, it.email, it.name, it.role.value, it.password, it.created, it.seen)
        )

    async def save(self, it: Member) -> None:
        """Change a member's name, role, password and when it was last here."""
        await self._run("save_member", (it.id, it.name, it.role.value, it.password, it.seen))

    async def remove(self, id: bytes) -> None:
        """Delete a member, its sessions and its links."""
        await self.end_sessions(id)
        await self._run("delete_links_of", (id,))
        await self._run("delete_member", (id,))

    async def begin_session(self, it: Session) -> None:
        """Insert a session."""
        await self._run("insert_session", (it.digest, it.member, it.created, it.seen))
        await self._run("touch_member", (it.member, it.seen))

    async def touch(self, it: Session, now: int) -> None:
        """Keep that a session and its member were here."""
        await self._run("touch_session", (it.digest, now))
        await self._run("touch_member", (it.member, now))

    async def end_session(self, digest: bytes) -> None:
        """Delete a session."""
        await self._run("delete_session", (digest,))

    async def end_sessions(self, member: bytes, but: bytes = b"") -> None:
        """Delete the sessions of a member, all but one if its digest is given."""
        await self._run("delete_sessions_of", (member, but))

    async def put_link(self, it: Link) -> None:
        """Insert a one-time link; it takes the place of others to the same end."""
        if it.member is None:
            await self._run("delete_setup_links", ())
        else:
            await self._run("delete_links_of", (it.member,))
        await self._run("insert_link", (it.digest, it.member, it.until))

    async def take_link(self, digest: bytes, now: int) -> Link | None:
        """Read a link that still holds and delete all to the same end; None if it does not."""
        found = await self._run("link", (digest, now))
        if not found:
            return None
        link = Link(*found[0])
        if link.member is None:
            await self._run("delete_setup_links", ())
        else:
            await self._run("delete_links_of", (link.member,))
        return link

    async def attempts_until(self, source: bytes) -> int:
        """Read when the last attempt from a source will be forgotten (Unix ms); 0 if there is none."""
        found = await self._run("login_until", (source,))
        return int(found[0][0]) if found else 0

    async def note_attempt(self, source: bytes, until: int) -> None:
        """Keep an attempt from a source."""
        await self._run("put_login_until", (source, until))

    async def forgive(self, source: bytes) -> None:
        """Forget the attempts from a source."""
        await self._run("forgive_login", (source,))

    async def prune(self, now: int, created: int, seen: int) -> None:
        """Delete links and attempts that are over by ``now``, and sessions begun or used before."""
        await self._run("prune_sessions", (created, seen))
        await self._run("prune_links", (now,))
        await self._run("prune_logins", (now,))


def member(row: Row) -> Member:
    """Read a row of ``members``."""
    return Member(row[0], row[1], row[2], Role(row[3]), *row[4:])


def session(row: Row) -> tuple[Session, Member]:
    """Read a row of ``session``."""
    return Session(*row[:4]), member(row[4:])
