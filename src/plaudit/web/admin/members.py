"""The doors of members, which only owners open.

Refuses API keys, and to show an invitation's link a second time.
"""

import secrets

from msgspec.json import Decoder

from plaudit.model.actions import Author
from plaudit.model.ids import uuid_text
from plaudit.model.members import Member, Role
from plaudit.operations import manage_members
from plaudit.operations.manage_members import Invited, MemberPatch
from plaudit.web.admin.member_shapes import AdminMember, InvitedMember, MemberDraft, MemberList
from plaudit.web.answers import JSON_HEADERS, Answer, as_json
from plaudit.web.decode import read_body
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import time_text

BAD_INPUT = (400, 413, 415, 422, 503)

_draft = Decoder(MemberDraft)
_patch = Decoder(MemberPatch)


@operation("List members", {200: MemberList}, audience=Audience.MEMBERS, role=Role.OWNER)
async def list_all(call: Call) -> Answer:
    """List everybody with access to the dashboard, the oldest first."""
    return as_json(MemberList([_told(each) for each in await call.context.store.members.all()]))


@operation(
    "Invite a member",
    {201: InvitedMember},
    body=MemberDraft,
    errors=(*BAD_INPUT, 409),
    audience=Audience.MEMBERS,
    role=Role.OWNER,
)
async def create(call: Call) -> Answer:
    """Make a member, and the one-time link by which it chooses a password within 72 hours."""
    draft, context = read_body(call.body, _draft), call.context
    invited = await manage_members.invite(
        context.store.members,
        _author(call),
        draft.email,
        draft.name,
        draft.role,
        context.new_id,
        secrets.token_bytes,
    )
    return _invited(call, invited)


@operation(
    "Invite a member again",
    {201: InvitedMember},
    errors=(404, 422, 503),
    audience=Audience.MEMBERS,
    role=Role.OWNER,
)
async def invite(call: Call) -> Answer:
    """Make a new one-time link for a member, such as one who forgot the password; older links end."""
    members = call.context.store.members
    invited = await manage_members.invite_again(members, _author(call), call.path["id"], secrets.token_bytes)
    return _invited(call, invited)


@operation(
    "Update a member",
    {200: AdminMember},
    body=MemberPatch,
    errors=(*BAD_INPUT, 404, 409),
    audience=Audience.MEMBERS,
    role=Role.OWNER,
)
async def update(call: Call) -> Answer:
    """Change a member's name or role. The last owner who can log in stays one."""
    patch = read_body(call.body, _patch)
    members = call.context.store.members
    return as_json(_told(await manage_members.change_member(members, _author(call), call.path["id"], patch)))


@operation(
    "Delete a member", {204: None}, errors=(404, 409, 422, 503), audience=Audience.MEMBERS, role=Role.OWNER
)
async def delete(call: Call) -> Answer:
    """Delete a member; its sessions end at once. The last owner who can log in stays."""
    await manage_members.remove_member(call.context.store.members, _author(call), call.path["id"])
    return Answer(204, b"", JSON_HEADERS)


def _author(call: Call) -> Author:
    return Author(call.caller.prefix, call.now)


def _invited(call: Call, it: Invited) -> Answer:
    return as_json(InvitedMember(_told(it.member), f"{call.base_url}/invite#{it.token}"), 201)


def _told(it: Member) -> AdminMember:
    return AdminMember(
        id=uuid_text(it.id),
        email=it.email,
        name=it.name,
        role=it.role,
        created=time_text(it.created),
        last_seen=None if it.seen is None else time_text(it.seen),
        invited=it.password is None,
    )
