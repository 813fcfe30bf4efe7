"""The doors of sessions: the set-up, logging in and out, invitations, one's own password.

Refuses API keys: these calls are about people.
"""

import secrets

from msgspec.json import Decoder

from plaudit.model.ids import uuid_text
from plaudit.model.members import Role
from plaudit.operations import manage_members, sessions
from plaudit.operations.sessions import Desks, Login, csrf_of
from plaudit.web.admin.member_shapes import (
    AcceptDraft,
    LoginDraft,
    PasswordDraft,
    SessionEnvironment,
    SessionMember,
    SessionState,
    SetupDraft,
)
from plaudit.web.answers import JSON_HEADERS, Answer, Headers, as_json
from plaudit.web.auth import ENVIRONMENT, Visit
from plaudit.web.cookies import clear_cookie, is_secure, session_id, set_cookie
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.lobby import address_of

BAD_INPUT = (400, 403, 413, 415, 422, 429, 503)

_login = Decoder(LoginDraft)
_setup = Decoder(SetupDraft)
_accept = Decoder(AcceptDraft)
_password = Decoder(PasswordDraft)


@operation("Get the session", {200: SessionState}, errors=(422,), audience=Audience.ANYONE)
async def get(call: Call) -> Answer:
    """Tell whether the server is set up, who is logged in, and where that member may work."""
    if call.caller.visit is not None:
        return await _state(call, call.caller.visit)
    if session_id(call.headers, secure=_secure(call)) is not None:
        return await _state(call, None, (clear_cookie(secure=_secure(call)),))
    return await _state(call, None)


@operation(
    "Set up the server",
    {201: SessionState},
    body=SetupDraft,
    errors=(*BAD_INPUT, 409),
    audience=Audience.ANYONE,
)
async def set_up(call: Call) -> Answer:
    """Make the first owner, once, with the token that the server printed when it started."""
    draft = read_body(call.body, _setup)
    new_id = call.context.new_id
    login = await manage_members.set_up(
        desks_of(call), draft.token, draft.email, draft.name, draft.password, new_id
    )
    return await _begun(call, login)


@operation("Log in", {201: SessionState}, body=LoginDraft, errors=(*BAD_INPUT, 401), audience=Audience.ANYONE)
async def log_in(call: Call) -> Answer:
    """Begin a session. Its id is in a cookie that scripts cannot read; it ends after 30 unused minutes."""
    draft = read_body(call.body, _login)
    old = session_id(call.headers, secure=_secure(call))
    return await _begun(call, await sessions.log_in(desks_of(call), draft.email, draft.password, old))


@operation(
    "Accept an invitation", {201: SessionState}, body=AcceptDraft, errors=BAD_INPUT, audience=Audience.ANYONE
)
async def accept(call: Call) -> Answer:
    """Choose a password with the token of an invitation, and begin a session."""
    draft = read_body(call.body, _accept)
    return await _begun(call, await manage_members.accept(desks_of(call), draft.token, draft.password))


@operation("Log out", {204: None}, errors=(422, 503), audience=Audience.ANYONE)
async def log_out(call: Call) -> Answer:
    """End the session; without one nothing is to be done."""
    visit = call.caller.visit
    if visit is not None:
        await sessions.log_out(desks_of(call), visit.member, visit.session.digest, everywhere=False)
    return _empty(clear_cookie(secure=_secure(call)))


@operation("Log out everywhere", {204: None}, errors=(422, 503), audience=Audience.MEMBERS, role=Role.VIEWER)
async def log_out_everywhere(call: Call) -> Answer:
    """End every session of the member who is logged in."""
    visit = visit_of(call)
    await sessions.log_out(desks_of(call), visit.member, visit.session.digest, everywhere=True)
    return _empty(clear_cookie(secure=_secure(call)))


@operation(
    "Change your password",
    {204: None},
    body=PasswordDraft,
    errors=BAD_INPUT,
    audience=Audience.MEMBERS,
    role=Role.VIEWER,
)
async def change_password(call: Call) -> Answer:
    """Change the password of the member who is logged in; its other sessions end."""
    draft, visit = read_body(call.body, _password), visit_of(call)
    digest = visit.session.digest
    await sessions.change_password(desks_of(call), visit.member, digest, draft.current, draft.password)
    return _empty()


def visit_of(call: Call) -> Visit:
    """Give the session of a call that only members make."""
    if call.caller.visit is None:
        raise RuntimeError("A call of members was let in without a session.")
    return call.caller.visit


def desks_of(call: Call) -> Desks:
    """Give what the acts of sessions need."""
    context = call.context
    address = address_of(call.scope, call.headers)
    return Desks(context.store.members, context.passwords, call.now, secrets.token_bytes, address)


async def _begun(call: Call, login: Login) -> Answer:
    visit = Visit(login.id, login.session, login.member)
    return await _state(call, visit, (set_cookie(login.id, secure=_secure(call)),), status=201)


async def _state(call: Call, visit: Visit | None, extra: Headers = (), status: int = 200) -> Answer:
    if visit is None:
        told = SessionState(not await call.context.store.members.all(), None, None, [], multi_tenancy=False)
    else:
        told = await _inside(call, visit)
    body = as_json(told).body
    return Answer(status, body, (*JSON_HEADERS, *extra))


async def _inside(call: Call, visit: Visit) -> SessionState:
    it = visit.member
    places = await call.context.keyring.environments()
    key = call.headers.get(ENVIRONMENT, b"").decode("latin-1")
    here = next((each for each in places if key in {"", each.key}), None)
    return SessionState(
        setup_needed=False,
        member=SessionMember(uuid_text(it.id), it.email, it.name, it.role),
        csrf_token=csrf_of(visit.id),
        environments=[SessionEnvironment(uuid_text(each.id), each.key, each.name) for each in places],
        multi_tenancy=here is not None and here.settings.multi_tenancy,
    )


def _empty(*headers: tuple[bytes, bytes]) -> Answer:
    return Answer(204, b"", (*JSON_HEADERS, *headers))


def _secure(call: Call) -> bool:
    return is_secure(call.context.settings, call.scope)
