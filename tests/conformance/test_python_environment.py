"""The published Python client drives tenants, settings and environments."""

from secrets import token_hex

import pytest
from tests.conformance.clients import call, client_for
from tests.conftest import Worlds
from tests.support.world import World, eventually, refused
from trophy import (
    CreateTenantRequestItem,
    UpdateAdminSettingsBranding,
    UpdateAdminSettingsBrandingAppIcon,
    UpdateAdminSettingsBrandingLogo,
    UpdateAdminSettingsExperimentation,
    UpdateTenantRequestItem,
)
from trophy.errors import NotFoundError

from plaudit.model.catalog import EnvironmentSettings

MISSING = "550e8400-e29b-41d4-a716-446655440999"


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_tenants(kind: str, worlds: Worlds) -> None:
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.metric("words")
    tenants = client_for(kind, world).admin.tenants
    answer = await call(
        tenants.create,
        request=[
            CreateTenantRequestItem(customer_id="acme", name="Acme Corp"),
            CreateTenantRequestItem(customer_id="globex", name="Globex Inc"),
            CreateTenantRequestItem(customer_id="acme", name="Acme Again"),
            CreateTenantRequestItem(customer_id=" ", name="Nobody"),
        ],
    )
    acme, globex = answer.created
    assert (acme.customer_id, acme.name, acme.status) == ("acme", "Acme Corp", "active")
    assert acme.created == acme.updated
    assert [(issue.index, issue.severity) for issue in answer.issues] == [(2, "error"), (3, "error")]
    assert [each.customer_id for each in await call(tenants.list)] == ["acme", "globex"]
    assert [each.customer_id for each in await call(tenants.list, limit=1, skip=1)] == ["globex"]
    assert world.event(5, headers={"Tenant-ID": "acme"}).status_code == 201
    changed = await call(
        tenants.update,
        request=[
            UpdateTenantRequestItem(id=acme.id, customer_id="acme-2", name="Acme"),
            UpdateTenantRequestItem(id=globex.id),
            UpdateTenantRequestItem(id=MISSING, name="Nobody"),
        ],
    )
    assert [(each.customer_id, each.name) for each in changed.updated] == [("acme-2", "Acme")]
    assert [issue.id for issue in changed.issues] == [globex.id, MISSING]
    assert await call(tenants.get, acme.id) == changed.updated[0]
    assert world.event(2, headers={"Tenant-ID": "acme-2"}).json()["total"] == 7
    turned_away(world, "acme")
    gone = await call(tenants.delete, ids=[acme.id, MISSING])
    assert [each.id for each in gone.deleted] == [acme.id]
    assert [issue.id for issue in gone.issues] == [MISSING]
    with pytest.raises(NotFoundError):
        await call(tenants.get, acme.id)
    turned_away(world, "acme-2")


def turned_away(world: World, tenant: str) -> None:
    """Check that a tenant is let in no more, once every worker process has noticed (half a second)."""
    tried = {"Tenant-ID": tenant}
    assert eventually(lambda: all(world.event(2, headers=tried).status_code == 422 for _ in range(8)))
    refused(world.event(2, headers=tried), 422, tenant)


async def test_settings(kind: str, world: World) -> None:
    settings = client_for(kind, world).admin.settings
    before = await call(settings.get)
    assert (before.experimentation.control_ratio, before.aggregation_period) == (0, "weekly")
    assert (before.branding.logo, before.branding.app_icon) == (None, None)
    after = await call(
        settings.update,
        branding=UpdateAdminSettingsBranding(
            app_name="Words",
            app_url="https://words.example.com",
            brand_color="#1a2b3c",
            font="BOOK_SANS",
            logo=UpdateAdminSettingsBrandingLogo(url="https://cdn.example.com/logo.png"),
            app_icon=UpdateAdminSettingsBrandingAppIcon(url="https://cdn.example.com/icon.png"),
        ),
        experimentation=UpdateAdminSettingsExperimentation(control_ratio=10, user_activation_window=14),
        aggregation_period="monthly",
    )
    assert await call(settings.get) == after
    look = after.branding
    assert (look.app_name, look.app_url, look.brand_color, look.font) == (
        "Words",
        "https://words.example.com",
        "#1a2b3c",
        "BOOK_SANS",
    )
    assert (look.logo.url, look.app_icon.url) == (
        "https://cdn.example.com/logo.png",
        "https://cdn.example.com/icon.png",
    )
    assert (after.experimentation.control_ratio, after.experimentation.user_activation_window) == (10, 14)
    assert after.aggregation_period == "monthly"
    kept = await call(settings.update, experimentation=UpdateAdminSettingsExperimentation(control_ratio=100))
    assert (kept.branding, kept.experimentation.user_activation_window) == (look, 14)
    world.event(1)
    user = await call(client_for(kind, world).users.get, "ada")
    assert user.control is True


async def test_environments(kind: str, world: World) -> None:
    environments = client_for(kind, world).admin.environments
    before = await call(environments.list)
    made = [
        world.http.post("/admin/v1/environments", json={"key": f"{name}-{kind}-{token_hex(4)}", "name": name})
        for name in ("Staging", "Trial")
    ]
    staging, trial = (answer.json() for answer in made)
    listed = await call(environments.list)
    assert listed[: len(before)] == before
    assert [(each.name, each.key, each.priority) for each in listed[len(before) :]] == [
        ("Staging", staging["key"], staging["priority"]),
        ("Trial", trial["key"], trial["priority"]),
    ]
    assert staging["priority"] < trial["priority"]
    assert [each.priority for each in listed] == sorted(each.priority for each in listed)
