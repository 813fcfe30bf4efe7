"""The acts on members: the first owner, invitations, roles, and leaving.

Refuses to leave the server without an owner.
"""

import re
from collections.abc import Callable, Mapping

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.actions import Action, Author
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.members import SERVER, Link, Member, Role
from plaudit.operations.edit_batch import Invalid, clean
from plaudit.operations.sessions import (
    TOKEN_BYTES,
    Desks,
    Login,
    accepted,
    begin,
    digest_of,
    let_attempt,
    normal_email,
)
from plaudit.storage.members_port import Desk, Members
from plaudit.storage.rows import to_json

INVITED = 72 * 3_600_000
"""Milliseconds for which an invitation holds."""

SETUP_HOLDS = 365 * 24 * 3_600_000
"""Milliseconds for which the link to the set-up holds; every start without members makes a new one."""

_EMAIL = re.compile(r"[^@\s\x00-\x20\x7f]{1,64}@[^@\s\x00-\x20\x7f]{1,189}")


class Invited(Struct, frozen=True):
    """A member, and the token of the link by which it chooses its password, shown this once."""

    member: Member
    token: str


class MemberPatch(Struct):
    """What an owner may change of a member."""

    name: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET


async def offer_setup(members: Members, now: int, random: Callable[[int], bytes]) -> str | None:
    """Make a new token for the set-up of the first owner, or None when there are members already."""
    if await members.all():
        return None
    token = random(TOKEN_BYTES).hex()
    async with members.desk() as desk:
        if await desk.all():
            return None
        await desk.put_link(Link(digest_of(token), None, now + SETUP_HOLDS))
    return token


async def set_up(
    desks: Desks, token: str, email: str, name: str, password: str, new_id: Callable[[int], bytes]
) -> Login:
    """Make the first owner and begin its session.

    Raises:
        PlauditError: ``SETUP_DONE``, ``WRONG_LINK``, ``INVALID_BODY``, ``THROTTLED`` or ``BUSY``.
    """
    if await desks.members.all():
        raise PlauditError(Code.SETUP_DONE)
    draft = _draft(email, name, Role.OWNER, desks.now, new_id)
    await let_attempt(desks)
    hashed = await accepted(desks, password, draft.email, draft.name)
    async with desks.members.desk() as desk:
        if await desk.all():
            raise PlauditError(Code.SETUP_DONE)
        link = await desk.take_link(digest_of(token), desks.now)
        if link is None or link.member is not None:
            raise PlauditError(Code.WRONG_LINK)
        owner = replace(draft, password=hashed)
        await desk.add(owner)
        return await begin(desk, desks, owner, "set-up")


async def accept(desks: Desks, token: str, password: str) -> Login:
    """Let an invited member choose its password, and begin its session; its other sessions end.

    Raises:
        PlauditError: ``WRONG_LINK``, ``INVALID_BODY``, ``THROTTLED`` or ``BUSY``.
    """
    await let_attempt(desks)
    hashed = await accepted(desks, password)
    async with desks.members.desk() as desk:
        link = await desk.take_link(digest_of(token), desks.now)
        found = None if link is None else next((m for m in await desk.all() if m.id == link.member), None)
        if found is None:
            raise PlauditError(Code.WRONG_LINK)
        member = replace(found, password=hashed)
        await desk.save(member)
        await desk.end_sessions(member.id)
        return await begin(desk, desks, member, "accept-invitation")


async def invite(
    members: Members,
    by: Author,
    email: str,
    name: str,
    role: Role,
    new_id: Callable[[int], bytes],
    random: Callable[[int], bytes],
) -> Invited:
    """Make a member who has yet to choose a password.

    Raises:
        PlauditError: ``INVALID_BODY`` or ``MEMBER_EXISTS``.
    """
    member = _draft(email, name, role, by.now, new_id)
    async with members.desk() as desk:
        if any(each.email == member.email for each in await desk.all()):
            raise PlauditError(Code.MEMBER_EXISTS, email=member.email)
        await desk.add(member)
        await desk.tell([_told(by, "create", member, {"email": member.email, "role": role.value})])
        return await _linked(desk, member, by.now, random)


async def invite_again(members: Members, by: Author, id: str, random: Callable[[int], bytes]) -> Invited:
    """Give a member a new link to choose a password by; the old password holds until it is used.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``.
    """
    async with members.desk() as desk:
        member = await _found(desk, id)
        await desk.tell([_told(by, "invite", member, {})])
        return await _linked(desk, member, by.now, random)


async def change_member(members: Members, by: Author, id: str, patch: MemberPatch) -> Member:
    """Change a member's name and role; its sessions go on with the new role.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``, ``INVALID_BODY`` or ``LAST_OWNER``.
    """
    async with members.desk() as desk:
        member = await _found(desk, id)
        name = member.name if isinstance(patch.name, UnsetType) else _name(patch.name)
        role = member.role if isinstance(patch.role, UnsetType) else patch.role
        if role is not Role.OWNER:
            await _keep_an_owner(desk, member)
        changed = replace(member, name=name, role=role)
        if changed == member:
            return member
        await desk.save(changed)
        told = {"role": {"from": member.role.value, "to": role.value}} if role is not member.role else {}
        await desk.tell([_told(by, "change", changed, told)])
        return changed


async def remove_member(members: Members, by: Author, id: str) -> None:
    """Delete a member; its sessions end at once.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE`` or ``LAST_OWNER``.
    """
    async with members.desk() as desk:
        member = await _found(desk, id)
        await _keep_an_owner(desk, member)
        await desk.remove(member.id)
        await desk.tell([_told(by, "delete", member, {"email": member.email})])


async def _keep_an_owner(desk: Desk, leaving: Member) -> None:
    """Refuse to lose the last owner who can log in."""
    others = [m for m in await desk.all() if m.id != leaving.id and m.role is Role.OWNER]
    if leaving.role is Role.OWNER and not any(other.password is not None for other in others):
        raise PlauditError(Code.LAST_OWNER)


async def _linked(desk: Desk, member: Member, now: int, random: Callable[[int], bytes]) -> Invited:
    token = random(TOKEN_BYTES).hex()
    await desk.put_link(Link(digest_of(token), member.id, now + INVITED))
    return Invited(member, token)


async def _found(desk: Desk, id: str) -> Member:
    raw = uuid_bytes(id)
    found = next((each for each in await desk.all() if each.id == raw), None)
    if found is None:
        raise PlauditError(Code.UNKNOWN_RESOURCE, kind="member", id=id[:80])
    return found


def _draft(email: str, name: str, role: Role, now: int, new_id: Callable[[int], bytes]) -> Member:
    plain = normal_email(email)
    if not _EMAIL.fullmatch(plain) or not plain.isprintable():
        raise PlauditError(Code.INVALID_BODY, why="The field email must be an e-mail address")
    return Member(new_id(now), plain, _name(name), role, None, now)


def _name(text: str) -> str:
    try:
        return clean(text.strip(), "name", 100)
    except Invalid as reason:
        raise PlauditError(Code.INVALID_BODY, why=f"The field {reason}") from None


def _told(by: Author, verb: str, member: Member, detail: Mapping[str, object]) -> Action:
    return Action(SERVER, by.now, by.actor, verb, f"member:{uuid_text(member.id)}", to_json(detail))
