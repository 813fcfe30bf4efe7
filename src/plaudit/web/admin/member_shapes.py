"""What the calls about members and sessions read and answer, as types.

Refuses behaviour. A token is a field only where it is shown once.
"""

from typing import Annotated

from msgspec import Meta, Struct

from plaudit.model.members import Role
from plaudit.web.admin.shapes import Uuid
from plaudit.web.shape_parts import TimeText

Password = Annotated[str, Meta(description="12 to 256 characters that guessers do not try first.")]
Token = Annotated[str, Meta(description="What the one-time link holds after its #.")]


class LoginDraft(Struct):
    """An e-mail address and a password."""

    email: str
    password: str


class SetupDraft(Struct):
    """The first owner, and the token that the server printed when it started."""

    token: Token
    email: str
    name: str
    password: Password


class AcceptDraft(Struct):
    """The token of an invitation, and the password that is chosen."""

    token: Token
    password: Password


class PasswordDraft(Struct):
    """The password so far, and the new one."""

    current: str
    password: Password


class MemberDraft(Struct):
    """Somebody to invite."""

    email: str
    name: str
    role: Role


class SessionMember(Struct):
    """Who is logged in."""

    id: Uuid
    email: str
    name: str
    role: Role


class SessionEnvironment(Struct):
    """An environment the member may work in, by the ``Environment`` header."""

    id: Uuid
    key: str
    name: str


class SessionState(Struct, rename="camel"):
    """Whether somebody is logged in, and what the dashboard needs to begin.

    ``csrfToken`` goes into the ``X-CSRF-Token`` header of every call that is no GET.
    """

    setup_needed: bool
    member: SessionMember | None
    csrf_token: str | None
    environments: list[SessionEnvironment]
    multi_tenancy: bool


class AdminMember(Struct, rename="camel"):
    """A person with access to the dashboard; ``invited`` until a password is chosen."""

    id: Uuid
    email: str
    name: str
    role: Role
    created: TimeText
    last_seen: TimeText | None
    invited: bool


class MemberList(Struct):
    """Every member, the oldest first."""

    data: list[AdminMember]


class InvitedMember(Struct, rename="camel"):
    """A member, and the link by which it chooses its password within 72 hours; shown this once."""

    member: AdminMember
    invite_url: str
