"""The acts on tenants: create, rename, archive.

Refuses to move users: a tenant keeps the seal its users were kept under when its customer id changes.
"""

import unicodedata
from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import Definitions
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.tenants import Tenant
from plaudit.operations.edit_batch import Edited, Editor, Invalid, Unreadable, clean, each, sent

LONGEST_ID = 255
"""Most bytes of a customer id, as of every id in a header."""


class TenantDraft(Struct, rename="camel"):
    """A tenant to create; ``customerId`` is your own id for it, as it will be sent in ``Tenant-ID``."""

    customer_id: str
    name: str


class TenantPatch(Struct, rename="camel"):
    """A change of the tenant with this ``id``; its users stay with it under another customer id."""

    id: str
    customer_id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


async def create_tenants(editor: Editor, items: Sequence[TenantDraft | Unreadable]) -> Edited[Tenant]:
    """Create tenants; nobody else is let in."""
    async with editor.edit() as edit:
        shelf = Shelf(edit.definitions)

        async def create(draft: TenantDraft) -> Tenant:
            tenant = shelf.plan(draft, await edit.next_number("document"), editor)
            await edit.put_document(tenant)
            shelf.keep(tenant)
            return tenant

        return await each(items, create)


async def update_tenants(editor: Editor, items: Sequence[TenantPatch | Unreadable]) -> Edited[Tenant]:
    """Change customer ids and names of tenants."""
    async with editor.edit() as edit:
        shelf = Shelf(edit.definitions)

        async def update(patch: TenantPatch) -> Tenant:
            tenant = shelf.change(patch, editor.now)
            await edit.put_document(tenant)
            shelf.keep(tenant)
            return tenant

        return await each(items, update)


async def delete_tenants(editor: Editor, ids: Sequence[str]) -> Edited[Tenant]:
    """Archive tenants: nobody is let in any more, and what is kept of their users stays."""
    async with editor.edit() as edit:
        shelf = Shelf(edit.definitions)

        async def delete(id: str) -> Tenant:
            tenant = replace(shelf.find(id), archived=True, status="archived", updated=editor.now)
            await edit.put_document(tenant)
            shelf.keep(tenant)
            return tenant

        return await each(ids, delete)


class Shelf:
    """The tenants of an environment while they are edited; archived ones keep their seals."""

    def __init__(self, definitions: Definitions) -> None:
        """Lay out what stands at the start of the edit."""
        self._all = {tenant.id: tenant for tenant in definitions.of(Tenant)}

    def keep(self, tenant: Tenant) -> None:
        """Take a new or changed tenant onto the shelf."""
        self._all[tenant.id] = tenant

    def find(self, id: str) -> Tenant:
        """Find a tenant that is not archived by the text of its id.

        Raises:
            Invalid: it is no UUID, or there is none.
        """
        raw = uuid_bytes(id)
        if raw is None:
            raise Invalid("id must be a valid UUID")
        found = self._all.get(raw)
        if found is None or found.archived:
            raise Invalid("Tenant not found by ID", "id")
        return found

    def plan(self, draft: TenantDraft, number: int, editor: Editor) -> Tenant:
        """Give the tenant a draft describes.

        Raises:
            Invalid: the draft cannot be used.
        """
        key = self._free(draft.customer_id, None)
        new = editor.new_id(editor.now)
        seals = {tenant.seal for tenant in self._all.values()}
        seal = key if key not in seals else uuid_text(new)
        name = clean(draft.name, "name")
        return Tenant(number, new, key, name, "active", editor.now, editor.now, seal=seal)

    def change(self, patch: TenantPatch, now: int) -> Tenant:
        """Give a tenant as it is after a patch.

        Raises:
            Invalid: the patch cannot be used.
        """
        tenant = self.find(patch.id)
        if patch.customer_id is UNSET and patch.name is UNSET:
            raise Invalid("Send customerId or name, or leave the tenant out")
        key = tenant.key if patch.customer_id is UNSET else self._free(patch.customer_id, tenant.id)
        name = clean(sent(patch.name, tenant.name), "name")
        return replace(tenant, key=key, name=name, updated=now)

    def _free(self, key: str, owner: bytes | None) -> str:
        if not _can_be_sent(key):
            raise Invalid(
                f"customerId must be 1 to {LONGEST_ID} bytes long, without control characters, spaces at its "
                "ends or characters that are not in Unicode normal form C"
            )
        if any(t.key == key and t.id != owner and not t.archived for t in self._all.values()):
            raise Invalid(f'Customer ID "{key}" already exists in this environment', "customerId")
        return key


def _can_be_sent(key: str) -> bool:
    """Tell whether a customer id can be sent as ``Tenant-ID`` (as ``web/ids.py`` reads it)."""
    return (
        0 < len(key.encode(errors="replace")) <= LONGEST_ID
        and key == key.strip()
        and unicodedata.is_normalized("NFC", key)
        and not any(unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for each in key)
    )
