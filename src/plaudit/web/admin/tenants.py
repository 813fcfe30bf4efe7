"""The doors of tenants: customers of a team, sealed from one another.

Refuses to need a tenant itself: these calls are about the whole environment.
"""

import asyncio

from plaudit.model.ids import uuid_text
from plaudit.model.tenants import Tenant
from plaudit.operations.edit_tenants import (
    TenantDraft,
    TenantPatch,
    create_tenants,
    delete_tenants,
    update_tenants,
)
from plaudit.web.admin.reading import (
    IDS,
    PAGE,
    ItemReader,
    deleted_answer,
    find_one,
    ids_of,
    page_of,
    renew,
    whole_editor_of,
)
from plaudit.web.admin.shapes import AdminTenant, CreatedTenants, Deleted, UpdatedTenants
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import time_text

NOTICED = 0.75
"""Seconds after which every process has noticed a change; they look every half a second."""

_drafts = ItemReader(TenantDraft)
_patches = ItemReader(TenantPatch)


@operation("List tenants", {200: list[AdminTenant]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the tenants, the oldest first."""
    return as_json([tenant_of(tenant) for tenant in page_of(call, await _tenants(call))])


@operation("Get a tenant", {200: AdminTenant}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one tenant by its id."""
    return as_json(tenant_of(find_one(call, await _tenants(call), "tenant")))


@operation(
    "Create tenants",
    {201: CreatedTenants, 200: CreatedTenants},
    body=list[TenantDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 tenants. Other ids in ``Tenant-ID`` are refused."""
    read = _drafts.read(call.body)
    edited = await create_tenants(whole_editor_of(call), read.items)
    await _renew(call)
    made = CreatedTenants([tenant_of(each) for each in edited.done], edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Update tenants",
    {200: UpdatedTenants},
    body=list[TenantPatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Change customer ids and names of 1 to 100 tenants; their users stay with them."""
    read = _patches.read(call.body)
    edited = await update_tenants(whole_editor_of(call), read.items)
    await _renew(call)
    return as_json(UpdatedTenants([tenant_of(each) for each in edited.done], edited.issues + read.warnings))


@operation("Delete tenants", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Archive 1 to 100 tenants by id: nobody is let in any more; the data of their users is kept."""
    edited = await delete_tenants(whole_editor_of(call), ids_of(call))
    await _renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def tenant_of(it: Tenant) -> AdminTenant:
    """Give a tenant as the Admin API shows it."""
    return AdminTenant(
        uuid_text(it.id), it.key, it.name, it.status, time_text(it.created), time_text(it.updated)
    )


async def _tenants(call: Call) -> list[Tenant]:
    definitions = await call.context.store.catalog.definitions(call.caller.environment)
    return [tenant for tenant in definitions.of(Tenant) if not tenant.archived]


async def _renew(call: Call) -> None:
    """Let tenants in and out at once, here and (on PostgreSQL) in every other process, before the answer.

    A process that still knew a customer id of yesterday would keep users under the wrong seal.
    """
    await renew(call)
    await call.context.keyring.refresh()
    if not call.context.settings.is_sqlite:
        await asyncio.sleep(NOTICED)
