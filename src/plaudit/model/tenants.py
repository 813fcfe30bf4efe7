"""Tenants: customers of a team that share its definitions and see nothing of each other's users."""

from collections.abc import Iterable

from msgspec import Struct

Seals = dict[str, str] | None
"""The seals of the tenants that are let in, by customer id; None where every id is its own seal."""


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


def seals_of(tenants: Iterable[Tenant]) -> Seals:
    """Give the seals of an environment's tenants.

    As long as none was ever made, each ``Tenant-ID`` is a tenant of its own; from the first one on
    only those that were made, and are not archived, are let in.
    """
    known = list(tenants)
    return {tenant.key: tenant.seal for tenant in known if not tenant.archived} if known else None
