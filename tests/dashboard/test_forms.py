"""What the server refuses is said beside its field, and nothing typed is lost."""

import pytest
from msgspec import Struct
from playwright.async_api import expect

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]

BAD_KEY = "not a key!"


class Form(Struct, frozen=True):
    """A form with one mistake: how it is opened, what is typed, and the field that is wrong."""

    path: str
    opener: str | None
    typed: dict[str, str]
    submit: str
    wrong: str


FORMS = (
    Form("/metrics", "New metric", {"Name": "Lessons", "Key": BAD_KEY}, "Create the metric", "Key"),
    Form("/attributes", "New attribute", {"Name": "Plan", "Key": BAD_KEY}, "Create the attribute", "Key"),
    Form("/points", "New points system", {"Name": "Gems", "Key": BAD_KEY}, "Create the system", "Key"),
    Form(
        "/leaderboards", "New leaderboard", {"Name": "Top", "Key": BAD_KEY}, "Create the leaderboard", "Key"
    ),
    Form(
        "/environments", "New environment", {"Name": "Staging", "Key": BAD_KEY}, "Make the environment", "Key"
    ),
    Form("/webhooks", "New endpoint", {"Address": "ftp://example.com"}, "Add the endpoint", "Address"),
    Form("/members", "Invite", {"Name": "Ann", "E-mail": "nobody"}, "Make the invitation", "E-mail"),
    Form("/achievements/new", None, {"Description": "Well done."}, "Create the achievement", "Name"),
    Form(
        "/achievements/new",
        None,
        {"Name": "Reader", "Total to reach": "-3"},
        "Create the achievement",
        "Total to reach",
    ),
)


@pytest.fixture(scope="module")
def place(stage):
    """An environment in which nothing is."""
    key, world = stage.new_place()
    world.metric("pages")
    yield key
    world.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.path} {form.wrong}")
async def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(form, place, tab_of):
    tab = await tab_of()
    await tab.open(f"/e/{place}{form.path}")
    page = tab.page
    if form.opener is not None:
        await page.get_by_role("button", name=form.opener).first.click()
    if form.wrong == "Total to reach":
        await page.get_by_label("Metric", exact=True).select_option("Pages")
    for label, text in form.typed.items():
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_role("button", name=form.submit).click()
    assert len(await beside(tab, form.wrong)) > 15
    await expect(page.get_by_label(form.wrong, exact=True)).to_be_focused()
    for label, text in form.typed.items():
        await expect(page.get_by_label(label, exact=True)).to_have_value(text)
    assert await tab.judge() == []


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
