"""The people of the dashboard: members, their roles, their sessions, and one-time links.

Refuses secrets: session ids and tokens are known by their SHA-256, passwords by their Argon2id hash.
"""

from enum import StrEnum

from msgspec import Struct

SERVER = 0
"""The environment number under which the audit log keeps what concerns the whole server."""


class Role(StrEnum):
    """What a member may do: everything; all but members, keys and environments; or only look."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role may do what ``needed`` may."""
        return _RANKS[self] >= _RANKS[needed]


_RANKS = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


class Member(Struct, frozen=True):
    """A person with access to the dashboard; ``email`` is in lower case and unique.

    ``password`` is an Argon2id hash, or None until the invitation is accepted. Times are Unix ms.
    """

    id: bytes
    email: str
    name: str
    role: Role
    password: str | None
    created: int
    seen: int | None = None


class Session(Struct, frozen=True):
    """A login: the SHA-256 of its id, whose it is, and when it began and was last used (Unix ms)."""

    digest: bytes
    member: bytes
    created: int
    seen: int


class Link(Struct, frozen=True):
    """A one-time link by the SHA-256 of its token: an invitation of a member, or (None) the set-up."""

    digest: bytes
    member: bytes | None
    until: int
