"""Tenants: customers of a team that share its definitions and see nothing of each other's users."""

from msgspec import Struct


class Tenant(Struct, frozen=True, tag=True, tag_field="kind"):
    """A tenant; ``key`` is what callers send in ``Tenant-ID``. ``status`` is active or archived.

    ``seal`` is the name its users are kept under: the first key, so that another key moves nobody.
    """

    number: int
    id: bytes
    key: str
    name: str
    status: str
    created: int
    updated: int
    archived: bool = False
    seal: str = ""
