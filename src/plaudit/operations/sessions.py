"""The acts of sessions: logging in and out, and which session still holds.

Refuses to tell whether an e-mail address is known: by its sentence, by its status and by its time.
"""

from collections.abc import Callable
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from plaudit.model.actions import Action
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_text
from plaudit.model.members import SERVER, Member, Session
from plaudit.operations.passwords import Passwords, fault_of
from plaudit.storage.members_port import Desk, Members
from plaudit.storage.rows import to_json

IDLE = 30 * 60_000
"""Milliseconds after which an unused session is over."""

ABSOLUTE = 12 * 3_600_000
"""Milliseconds after which any session is over."""

TOUCH = 60_000
"""Milliseconds between two notes of a session's use."""

TOKEN_BYTES = 32
"""Random bytes of a session's id, and of a link's token."""


class Limit(Struct, frozen=True):
    """How many attempts may come at once, and how long each counts (ms)."""

    burst: int
    every: int


BY_EMAIL = Limit(10, 30_000)
BY_ADDRESS = Limit(50, 6_000)


class Desks(Struct, frozen=True):
    """What these acts need: the members, the hashes, the one clock reading, randomness, and who asks."""

    members: Members
    passwords: Passwords
    now: int
    random: Callable[[int], bytes]
    address: str


class Login(Struct, frozen=True):
    """A session that has begun, and its id as the cookie carries it."""

    id: str
    session: Session
    member: Member


def digest_of(text: str) -> bytes:
    """Give the SHA-256 by which a session or a link is known."""
    return sha256(text.encode()).digest()


def csrf_of(id: str) -> str:
    """Give the token that calls of a session have to carry: whoever cannot read the cookie cannot know it."""
    return sha256(b"csrf:" + id.encode()).hexdigest()


def normal_email(text: str) -> str:
    """Give an e-mail address as it is compared."""
    return text.strip().casefold()


def holds(session: Session, now: int) -> bool:
    """Tell whether a session still holds."""
    return now - session.seen < IDLE and now - session.created < ABSOLUTE


async def log_in(desks: Desks, email: str, password: str, old: str | None) -> Login:
    """Begin a session; one that the same browser had before ends.

    Raises:
        PlauditError: ``WRONG_LOGIN``, ``THROTTLED`` or ``BUSY``.
    """
    email = normal_email(email)
    await let_attempt(desks, email)
    member = await desks.members.find(email)
    if not await desks.passwords.matches(None if member is None else member.password, password):
        async with desks.members.desk() as desk:
            target = "unknown" if member is None else uuid_text(member.id)
            await desk.tell([_told(desks, "anybody", "refuse-login", target)])
        raise PlauditError(Code.WRONG_LOGIN)
    async with desks.members.desk() as desk:
        if member is None or member not in await desk.all():  # changed or gone meanwhile
            raise PlauditError(Code.WRONG_LOGIN)
        await desk.forgive(_source("email", email))
        if old is not None:
            await desk.end_session(digest_of(old))
        return await begin(desk, desks, member, "login")


async def begin(desk: Desk, desks: Desks, member: Member, why: str) -> Login:
    """Begin a session of a member inside an open change."""
    text = desks.random(TOKEN_BYTES).hex()
    session = Session(digest_of(text), member.id, desks.now, desks.now)
    await desk.begin_session(session)
    await desk.tell([_told(desks, member.email, why, uuid_text(member.id))])
    return Login(text, session, replace(member, seen=desks.now))


async def log_out(desks: Desks, member: Member, digest: bytes, *, everywhere: bool) -> None:
    """End a session, or every session of its member."""
    async with desks.members.desk() as desk:
        if everywhere:
            await desk.end_sessions(member.id)
        else:
            await desk.end_session(digest)
        verb = "logout-everywhere" if everywhere else "logout"
        await desk.tell([_told(desks, member.email, verb, uuid_text(member.id))])


async def change_password(desks: Desks, member: Member, digest: bytes, current: str, new: str) -> None:
    """Change a member's password; its other sessions end.

    Raises:
        PlauditError: ``WRONG_CURRENT``, ``INVALID_BODY``, ``THROTTLED`` or ``BUSY``.
    """
    await let_attempt(desks, member.email)
    if not await desks.passwords.matches(member.password, current):
        raise PlauditError(Code.WRONG_CURRENT)
    hashed = await accepted(desks, new, member.email, member.name)
    async with desks.members.desk() as desk:
        found = next((each for each in await desk.all() if each.id == member.id), None)
        if found is None:
            raise PlauditError(Code.SESSION_OVER)
        await desk.save(replace(found, password=hashed))
        await desk.end_sessions(member.id, but=digest)
        await desk.forgive(_source("email", member.email))
        await desk.tell([_told(desks, member.email, "change-password", uuid_text(member.id))])


async def accepted(desks: Desks, password: str, *known: str) -> str:
    """Give the hash of a new password.

    Raises:
        PlauditError: ``INVALID_BODY``: it would be guessed; or ``BUSY``.
    """
    fault = fault_of(password, *known)
    if fault is not None:
        raise PlauditError(Code.INVALID_BODY, why=f"The field {fault}")
    return await desks.passwords.hash(password)


async def let_attempt(desks: Desks, email: str | None = None) -> None:
    """Count an attempt before anything is hashed for it, by network address and by e-mail address.

    Raises:
        PlauditError: ``THROTTLED``: too many came before it.
    """
    sources = [(_source("address", desks.address), BY_ADDRESS)]
    if email is not None:
        sources.append((_source("email", email), BY_EMAIL))
    async with desks.members.desk() as desk:
        counted = []
        for source, limit in sources:
            until = max(await desk.attempts_until(source), desks.now) + limit.every
            wait = until - desks.now - limit.burst * limit.every
            if wait > 0:
                raise PlauditError(Code.THROTTLED, seconds=str(-(-wait // 1000)))
            counted.append((source, until))
        for source, until in counted:
            await desk.note_attempt(source, until)


def _source(kind: str, text: str) -> bytes:
    return sha256(f"{kind}:{text}".encode(errors="surrogatepass")).digest()[:16]


def _told(desks: Desks, actor: str, verb: str, target: str) -> Action:
    return Action(SERVER, desks.now, actor, verb, f"member:{target}", to_json({"address": desks.address}))
