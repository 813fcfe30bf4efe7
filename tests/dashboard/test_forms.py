"""What the server refuses is said beside its field, and nothing typed is lost."""

import pytest
from playwright.async_api import expect

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]


async def beside(tab, label):
    """Give the sentence that stands beside a field."""
    field = tab.page.get_by_label(label, exact=True)
    await expect(field).to_have_attribute("aria-invalid", "true")
    described = (await field.get_attribute("aria-describedby")).split()[0]
    return await tab.page.locator(f"[id='{described}']").inner_text()


async def test_a_metric_with_a_bad_key(stage, tab_of):
    place, world = stage.new_place()
    tab = await tab_of()
    await tab.open(f"/e/{place}/metrics")
    await tab.page.get_by_role("button", name="New metric").first.click()
    await tab.page.get_by_label("Name", exact=True).fill("Lessons completed")
    await tab.page.get_by_label("Key", exact=True).fill("lessons completed!")
    await tab.page.get_by_label("Unit", exact=True).fill("lessons")
    await tab.page.get_by_role("button", name="Create the metric").click()
    assert "key" in (await beside(tab, "Key")).lower()
    await expect(tab.page.get_by_label("Name", exact=True)).to_have_value("Lessons completed")
    await expect(tab.page.get_by_label("Unit", exact=True)).to_have_value("lessons")
    await tab.page.get_by_label("Key", exact=True).fill("lessons")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_text("The metric was created.")).to_be_visible()
    assert [each["key"] for each in world.read("/admin/v1/metrics")] == ["lessons"]
    world.close()
