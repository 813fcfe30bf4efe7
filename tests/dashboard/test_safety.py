"""Nothing secret is left in the browser, and no name becomes a program."""

import json

import pytest
from playwright.async_api import expect
from tests.dashboard.test_pages import EVERYWHERE
from tests.support.world import World, event

from plaudit.model.members import Role

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]

EVIL = "<img src=x onerror=\"window.hacked='yes'\">"
HARMED = "() => 'hacked' in window || document.querySelector('[onerror]') !== null"
HARMLESS = {"plaudit.theme", "react-router-scroll-positions"}


async def test_the_browser_keeps_nothing_but_the_theme_and_where_one_was(stage, tab_of):
    tab = await tab_of()
    await tab.open("/e/demo/metrics")
    for path in EVERYWHERE:
        await tab.go(f"/e/demo{path}")
    assert set().union(*await kept(tab)) <= HARMLESS
    assert await tab.page.evaluate("async () => (await indexedDB.databases()).length") == 0


async def test_a_new_key_is_shown_once_and_kept_nowhere(stage, tab_of):
    place, world = stage.new_place()
    tab = await tab_of()
    await tab.open(f"/e/{place}/keys")
    await tab.page.get_by_role("button", name="New key").first.click()
    await tab.page.get_by_label("Name", exact=True).fill("The shop's server")
    await tab.page.get_by_role("button", name="Make the key").click()
    shown = await tab.page.get_by_role("dialog").locator("code").inner_text()
    assert World(stage.server, shown).read("/admin/v1/metrics") == []
    await tab.page.get_by_role("button", name="I have it").click()
    await expect(tab.page.get_by_role("main").get_by_text("The shop's server")).to_be_visible()
    assert shown not in await tab.page.content() + json.dumps(await kept(tab))
    world.close()


async def kept(tab):
    """Give what the browser keeps for this site."""
    return json.loads(
        await tab.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    )


async def test_the_policy_lets_no_program_into_the_page(tab_of):
    tab = await tab_of()
    await tab.open("/e/demo/metrics")
    await tab.page.evaluate(
        """(evil) => {
          const script = document.createElement('script');
          script.textContent = "window.hacked = 'yes'";
          document.head.append(script);
          document.getElementById('main').insertAdjacentHTML('beforeend', evil);
        }""",
        EVIL,
    )
    await tab.page.wait_for_timeout(100)
    assert await tab.page.evaluate("() => 'hacked' in window") is False


async def test_names_are_shown_as_they_were_typed(stage, tab_of):
    place, world = stage.new_place(EVIL)
    metric = world.metric("words", name=EVIL)
    world.goal(metric, 1, name=EVIL, description=EVIL)
    answer = world.send(event(2, EVIL, profile={"name": EVIL}))
    assert answer.status_code == 201, answer.text
    tab = await tab_of(Role.OWNER)
    await tab.open(f"/e/{place}/metrics")
    for path in EVERYWHERE:
        await tab.go(f"/e/{place}{path}")
        assert await tab.page.evaluate(HARMED) is False, path
        if path in {"/metrics", "/users", "/achievements"}:
            await expect(tab.page.get_by_role("main").get_by_text(EVIL).first).to_be_visible()
    world.close()
