"""What the server refuses is said beside its field, and nothing typed is lost."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect
from tests.dashboard.browser import DESKTOP, PHONE
from tests.dashboard.conftest import tabs
from tests.dashboard.forms import ELSEWHERE, FORMS
from tests.tidy.house import ROOT

from plaudit.model.members import Role

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]

SOURCES = ROOT / "dashboard/src"


async def test_every_form_is_tried():
    """A file with a form stands in the list, or is tried elsewhere."""
    known = {each.file for each in FORMS} | ELSEWHERE.keys()
    held = {
        str(file.relative_to(SOURCES)).removeprefix("pages/").removesuffix(".tsx")
        for file in SOURCES.rglob("*.tsx")
        if re.search(r"<Form\b", file.read_text()) and not file.name.endswith(".test.tsx")
    }
    assert held == known


class Place:
    """An environment with little in it, and the ids in it."""

    def __init__(self, key, world):
        self.key, self.world = key, world
        world.metric("pages")
        made = world.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp"}])
        self.points = made.json()["created"][0]["id"]
        freezes = {"startCount": 0, "maxCount": 2}
        changed = world.http.patch("/admin/v1/streaks/settings", json={"freezes": freezes})
        assert changed.status_code == 200, changed.text
        for user in ("ada", "ben"):
            world.event(1, user, metric="pages")


@pytest.fixture(scope="module")
def place(stage):
    key, world = stage.new_place()
    yield Place(key, world)
    world.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def one_tab(browser, stage, place):
    """One tab for all forms: each is a page away, without a load."""
    async with tabs(browser) as opened:
        tab = await opened(stage.server.base, stage.cookie(Role.OWNER))
        tab.context.set_default_timeout(4000)
        await tab.open(f"/e/{place.key}/audit")
        yield tab


@pytest.mark.parametrize("form", FORMS, ids=str)
async def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(form, place, one_tab):
    tab, page = one_tab, one_tab.page
    await tab.go(f"/e/{place.key}/nowhere")
    await tab.go(f"/e/{place.key}{form.path.format(points=place.points)}")
    for name in form.open:
        await page.get_by_role("button", name=name).or_(page.get_by_role("menuitem", name=name)).first.click()
    within = page.get_by_role("dialog").last if form.open else page.get_by_role("main")
    for label, text in form.choose.items():
        await within.get_by_label(label, exact=True).select_option(text)
    for label, text in form.typed.items():
        await within.get_by_label(label, exact=True).fill(text)
    await within.get_by_role("button", name=form.submit, exact=True).click()
    assert len(await beside(within, form.wrong)) > 15
    await expect(within.get_by_label(form.wrong, exact=True)).to_be_focused()
    for label, text in form.typed.items():
        await expect(within.get_by_label(label, exact=True)).to_have_value(text)
    if form is next(each for each in FORMS if each.file == form.file):
        assert await tab.judge() == []


async def test_an_invitation_with_a_short_password(stage, new_tab):
    person = {"email": "short@example.com", "name": "Short", "role": "viewer"}
    link = stage.owner.post("/members", person).json()["inviteUrl"]
    tab = await new_tab(stage.server.base)
    await tab.open(link)
    await tab.page.get_by_label("Your new password").fill("short")
    await tab.page.get_by_role("button", name="Accept the invitation").click()
    assert "12" in await beside(tab.page, "Your new password")
    await expect(tab.page.get_by_label("Your new password")).to_have_value("short")


async def test_what_is_gone_meanwhile_is_told_beside_the_only_field(place, tab_of):
    """A form of one field: whatever the server refuses is about it."""
    goal = place.world.goal(place.world.metric("chapters"), 9, name="Far away")
    tab = await tab_of()
    await tab.open(f"/e/{place.key}/users/ada")
    await tab.page.get_by_role("button", name="More that can be done").click()
    await tab.page.get_by_role("menuitem", name="Grant an achievement").click()
    item = [{"id": goal, "status": "inactive"}]
    assert place.world.http.patch("/admin/v1/achievements", json=item).json()["issues"] == []
    await tab.page.get_by_role("button", name="Grant it").click()
    assert "inactive" in await beside(tab.page, "Achievement")


async def beside(within, label):
    """Give the sentence that stands beside a field."""
    field = within.get_by_label(label, exact=True)
    await expect(field).to_have_attribute("aria-invalid", "true")
    described = (await field.get_attribute("aria-describedby")).split()[0]
    return await within.locator(f"[id='{described}']").inner_text()


async def test_a_metric_with_a_bad_key(stage, tab_of):
    place, world = stage.new_place()
    tab = await tab_of()
    await tab.open(f"/e/{place}/metrics")
    await tab.page.get_by_role("button", name="New metric").first.click()
    await tab.page.get_by_label("Name", exact=True).fill("Lessons completed")
    await tab.page.get_by_label("Key", exact=True).fill("lessons completed!")
    await tab.page.get_by_label("Unit", exact=True).fill("lessons")
    await tab.page.get_by_role("button", name="Create the metric").click()
    assert "key" in (await beside(tab.page, "Key")).lower()
    await expect(tab.page.get_by_label("Name", exact=True)).to_have_value("Lessons completed")
    await expect(tab.page.get_by_label("Unit", exact=True)).to_have_value("lessons")
    await tab.page.get_by_label("Key", exact=True).fill("lessons")
    await tab.page.keyboard.press("Enter")
    await expect(tab.page.get_by_text("The metric was created.")).to_be_visible()
    assert [each["key"] for each in world.read("/admin/v1/metrics")] == ["lessons"]
    world.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_message_never_covers_what_saves(size, place, tab_of):
    tab = await tab_of(viewport=size)
    page = tab.page
    await tab.open(f"/e/{place.key}/streaks")
    save = page.get_by_role("button", name="Save", exact=True)
    await save.click()
    await expect(page.get_by_text("The streak settings were saved.").last).to_be_visible()
    for height in ("document.body.scrollHeight", "0", "document.body.scrollHeight"):
        await page.evaluate(f"() => window.scrollTo(0, {height})")
        await expect_clear(page, save)
    await tab.go(f"/e/{place.key}/metrics")
    await page.get_by_role("button", name="New metric").first.click()
    await expect(page.get_by_text("The streak settings were saved.").last).to_be_visible()
    await expect_clear(page, page.get_by_role("button", name="Create the metric"))


async def expect_clear(page, button):
    """Expect that no message stands over a button."""
    await page.wait_for_timeout(250)
    ours = await button.bounding_box()
    theirs = [await each.bounding_box() for each in await page.get_by_role("button", name="Dismiss").all()]
    assert theirs
    for box in theirs:
        apart = box["y"] > ours["y"] + ours["height"] or box["y"] + box["height"] < ours["y"]
        assert apart, (ours, box)
