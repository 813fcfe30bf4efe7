"""What the calls about environments and keys read and answer, as types.

Refuses behaviour. A key's text is a field only where it is shown once.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from plaudit.model.catalog import KeyKind
from plaudit.web.admin.people_shapes import Cursor
from plaudit.web.admin.shapes import Uuid
from plaudit.web.shape_parts import TimeText


class AdminEnvironment(Struct, rename="camel"):
    """An environment. The lowest priority comes first."""

    id: Uuid
    name: str
    key: str
    priority: int
    multi_tenancy: bool
    strict_idempotency: bool


class CreatedEnvironment(AdminEnvironment, rename="camel"):
    """A new environment; a program gets its first admin key too, shown this once."""

    admin_key: str | None


class ApiKeyDraft(Struct):
    """A key to make. Application keys are made at ``/application-api-keys``."""

    kind: Literal["admin"] = "admin"
    name: str = ""


class AdminApiKey(Struct, rename="camel"):
    """A key; its text is shown only when it is made. An application key acts for one user."""

    id: Uuid
    kind: KeyKind
    prefix: str
    name: str
    user_id: str | None
    tenant_id: str | None
    created: TimeText


class ApiKeyPage(Struct):
    """A page of keys, the newest first."""

    data: list[AdminApiKey]
    cursor: Cursor


class CreatedApiKey(AdminApiKey, rename="camel"):
    """A key and its text, which is shown this once."""

    key: Annotated[str, Meta(description="Store it before you close the answer.")]
