"""Where people are let in: by the cookie of their session, against calls from other sites, by their role.

Refuses keys: a call with an ``X-API-KEY`` header never comes here, or its cookie counts for nothing.
"""

from collections.abc import Mapping
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from plaudit.config import Settings
from plaudit.model.catalog import KeyKind
from plaudit.model.errors import Code, PlauditError
from plaudit.model.members import SERVER, Role
from plaudit.operations.sessions import TOUCH, csrf_of, digest_of, holds
from plaudit.web.auth import API_KEY, Caller, Visit
from plaudit.web.context import Context
from plaudit.web.cookies import is_secure, session_id

BACKGROUND = b"background"
"""A header by which a page says that it asks by itself, so that nobody counts as active."""

_READING = frozenset({"GET", "HEAD"})
_OWN_SITES = frozenset({b"same-origin", b"none"})

Headers = Mapping[bytes, bytes]


async def admit_anyone(context: Context, scope: Scope, headers: Headers) -> Caller:
    """Let anybody in, members as such; but nobody who was sent by another site.

    Raises:
        PlauditError: ``FORBIDDEN_ORIGIN``.
    """
    if scope["method"] not in _READING:
        refuse_other_sites(context.settings, headers)
    visit = None if API_KEY in headers else await find_visit(context, scope, headers)
    return _person(visit)


async def admit_person(context: Context, scope: Scope, headers: Headers, role: Role | None) -> Caller:
    """Let a member in for a call about people, which no key may make.

    Raises:
        PlauditError: ``PEOPLE_ONLY``, or as ``admit_member``.
    """
    if API_KEY in headers:
        await context.keyring.admit(headers)
        raise PlauditError(Code.PEOPLE_ONLY)
    return _person(await _checked(context, scope, headers, role))


async def admit_member(context: Context, scope: Scope, headers: Headers, role: Role | None) -> Caller:
    """Let a member in, where an admin key would be let in too.

    Raises:
        PlauditError: ``MISSING_KEY`` (there is no cookie either), ``SESSION_OVER``, ``FORBIDDEN_ORIGIN``,
            ``FORBIDDEN_CSRF``, ``FORBIDDEN_ROLE`` or ``UNKNOWN_ENVIRONMENT``.
    """
    if session_id(headers, secure=is_secure(context.settings, scope)) is None:
        raise PlauditError(Code.MISSING_KEY)
    visit = await _checked(context, scope, headers, role)
    return await context.keyring.visitor(headers, visit)


async def find_visit(context: Context, scope: Scope, headers: Headers) -> Visit | None:
    """Give the session whose cookie a request carries, if it still holds."""
    text = session_id(headers, secure=is_secure(context.settings, scope))
    if text is None:
        return None
    found = await context.store.members.session(digest_of(text))
    if found is None or not holds(found[0], context.clock()):
        return None
    return Visit(text, *found)


def refuse_other_sites(settings: Settings, headers: Headers) -> None:
    """Refuse what a page of another site makes a browser send.

    Raises:
        PlauditError: ``FORBIDDEN_ORIGIN``.
    """
    if headers.get(b"sec-fetch-site", b"none") not in _OWN_SITES:
        raise PlauditError(Code.FORBIDDEN_ORIGIN)
    origin = headers.get(b"origin")
    if origin is None:
        return
    came_from = urlsplit(origin.decode("latin-1")).netloc.lower()
    own = {
        headers.get(b"host", b"").decode("latin-1").lower(),
        urlsplit(settings.base_url or "").netloc.lower(),
    }
    if not came_from or came_from not in own:
        raise PlauditError(Code.FORBIDDEN_ORIGIN)


def address_of(scope: Scope, headers: Headers) -> str:
    """Give the network address a call came from: what the proxy says, if a near one handed the call on."""
    client = scope.get("client")
    near = str(client[0]) if client else "unknown"
    told = headers.get(b"x-forwarded-for", b"").decode("latin-1").rpartition(",")[2].strip()
    try:
        return str(ip_address(told)) if told and ip_address(near).is_private else near
    except ValueError:
        return near


async def _checked(context: Context, scope: Scope, headers: Headers, role: Role | None) -> Visit:
    reading = scope["method"] in _READING
    if not reading:
        refuse_other_sites(context.settings, headers)
    visit = await find_visit(context, scope, headers)
    if visit is None:
        raise PlauditError(Code.SESSION_OVER)
    if not reading and not compare_digest(headers.get(b"x-csrf-token", b""), csrf_of(visit.id).encode()):
        raise PlauditError(Code.FORBIDDEN_CSRF)
    needed = role or (Role.VIEWER if reading else Role.EDITOR)
    if not visit.member.role.covers(needed):
        raise PlauditError(Code.FORBIDDEN_ROLE, needed=needed.value, role=visit.member.role.value)
    await _touch(context, visit, headers)
    return visit


async def _touch(context: Context, visit: Visit, headers: Headers) -> None:
    now = context.clock()
    if now - visit.session.seen >= TOUCH and BACKGROUND not in headers:
        async with context.store.members.desk() as desk:
            await desk.touch(visit.session, now)


def _person(visit: Visit | None) -> Caller:
    name = "anybody" if visit is None else visit.member.email
    return Caller(SERVER, KeyKind.APPLICATION, None, None, name, visit=visit)
