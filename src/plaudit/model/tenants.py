"""Tenants: customers of a team, sealed from one another: in their users, and in definitions of their own."""

from collections.abc import Iterable

from msgspec import Struct

Seals = dict[str, str]
"""The seals of the tenants that are let in, by customer id."""

SHARED = ""
"""The owner of what all tenants of an environment share, and of everything where there are none."""


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
    """Give the seals of an environment's tenants that were made and are not archived."""
    return {tenant.key: tenant.seal for tenant in tenants if not tenant.archived}
