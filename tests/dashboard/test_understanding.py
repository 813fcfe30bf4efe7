"""A developer finds the root of a matter: why (not), what was refused, what a webhook was told."""

import asyncio
import os
import re
import shutil

import pytest
from playwright.async_api import expect
from tests.dashboard.browser import skip_or_fail
from tests.support.world import eventually
from tests.webhooks.receiver import Receiver

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def place(stage):
    """An environment where Ada has read four pages in French and three in no language."""
    key, world = stage.new_place()
    language = world.attribute("language", "event")
    filters = [{"attributeId": language, "attributeValue": "fr"}]
    world.words = world.metric("words", name="Words")
    world.goal(world.words, 10, name="French reader", eventAttributes=filters)
    world.event(4, key="first", attributes={"language": "fr"})
    world.event(3, key="second")
    yield key, world
    world.close()


async def test_why_not_then_grant_then_revoke(place, tab_of):
    key, world = place
    tab = await tab_of()
    await tab.open(f"/e/{key}/users/ada?tab=achievements")
    await tab.page.get_by_role("button", name="French reader").click()
    why = tab.page.get_by_role("dialog", name="Why not “French reader”?")
    await expect(why.get_by_text("Has 4, needed are 10")).to_be_visible()
    await expect(why.locator("section", has_text="Events that counted")).to_contain_text("+4 language: fr")
    left_out = why.locator("section", has_text="Events that did not count").get_by_role("listitem")
    await expect(left_out).to_contain_text("+3")
    await expect(left_out).to_contain_text("language")
    assert await tab.judge() == []
    await why.get_by_role("button", name="Grant it now").click()
    why = tab.page.get_by_role("dialog", name="Why “French reader”?")
    await expect(why).to_contain_text("Earned on")
    assert [each["name"] for each in world.earned().values()] == ["French reader"]
    await why.get_by_role("button", name="Revoke").click()
    sure = tab.page.get_by_role("dialog", name="Revoke “French reader”?")
    await sure.get_by_role("button", name="Revoke").click()
    await expect(tab.page.get_by_role("dialog", name="Why not “French reader”?")).to_be_visible()
    assert world.earned() == {}
    assert tab.wrongs == []


async def test_every_event_and_every_repeat_can_be_seen(place, tab_of):
    key, world = place
    event = {"user": {"id": "ada"}, "key": "words", "value": 2, "attributes": {"language": "de"}}
    long_ago = {"timestamp": "2020-02-03T04:05:06Z", "attributes": {"language": "fr"}}
    assert world.batch([event] * 117 + [event | long_ago]).status_code == 202
    world.event(4, key="first", attributes={"language": "fr"})
    world.goal(world.words, 10, name="Reader")
    repeated = {"status": "202", "user": "ada"}
    assert eventually(lambda: bool(world.http.get("/admin/v1/requests", params=repeated).json()["data"]))
    tab = await tab_of()
    await tab.open(f"/e/{key}/users/ada?tab=achievements")
    await tab.page.get_by_role("button", name="French reader").click()
    why = tab.page.get_by_role("dialog", name="Why not “French reader”?")
    await expect(why.get_by_role("heading", name="Events that counted (2)")).to_be_visible()
    counted = why.locator("section", has_text="Events that counted")
    await expect(counted).to_contain_text("1 of them is from before the achievement was made")
    await expect(counted.get_by_role("listitem").filter(has_text="Before it was made")).to_have_count(1)
    left_out = why.locator("section", has_text="Events that did not count (118)")
    more = left_out.get_by_role("button", name="Show")
    for shown in range(10, 111, 10):
        await expect(left_out.get_by_role("listitem")).to_have_count(shown)
        await more.click()
    await expect(left_out.get_by_role("listitem")).to_have_count(118)
    await expect(left_out.get_by_role("listitem").last).to_contain_text("+3")
    await expect(more).to_have_count(0)
    repeats = why.locator("section", has_text="Repeats, which are no new events")
    await expect(repeats.get_by_role("listitem")).to_contain_text(
        "The key first was used before, by the event of 4"
    )
    assert await tab.judge() == []
    assert tab.wrongs == []


async def test_a_refused_request_is_told_and_can_be_sent_again_by_curl(place, stage, tab_of):
    if shutil.which("curl") is None:
        skip_or_fail("There is no curl: install it.")
    key, world = place
    sentence = world.event("many", "o'hara").json()["error"]
    tab = await tab_of()
    row = tab.page.get_by_role("button", name="/v1/metrics/words/event").first
    async with asyncio.timeout(10):
        while not await row.is_visible():  # it is kept within a second
            await tab.open(f"/e/{key}/log?outcome=error")
    await expect(tab.page.get_by_role("main").get_by_text(sentence)).to_be_visible()
    await row.click()
    sheet = tab.page.get_by_role("dialog", name="A request that failed")
    await expect(sheet.get_by_text(sentence)).to_be_visible()
    await expect(sheet.get_by_role("heading", name="What to do")).to_be_visible()
    command = await sheet.locator("pre", has_text="curl").inner_text()
    process = await asyncio.create_subprocess_shell(
        command, env=os.environ | {"PLAUDIT_KEY": world.key}, stdout=-1, stderr=-1
    )
    answer, _ = await process.communicate()
    assert sentence in answer.decode()
    assert await tab.judge() == []
    assert tab.wrongs == []


async def test_a_webhook_is_made_tried_and_seen_to_arrive(place, stage, tab_of):
    key, _ = place
    tab = await tab_of()
    async with Receiver(port=stage.hook_port) as receiver:
        await tab.open(f"/e/{key}/webhooks")
        await tab.page.get_by_role("button", name="New endpoint").first.click()
        await tab.page.get_by_label("Address").fill(receiver.url)
        await tab.page.get_by_role("button", name="Add the endpoint").click()
        await expect(tab.page.get_by_role("dialog").get_by_text(re.compile("whsec_"))).to_be_visible()
        await tab.page.get_by_role("button", name="I have copied it").click()
        await tab.page.get_by_role("link", name=f"127.0.0.1:{stage.hook_port}").first.click()
        await tab.page.get_by_role("button", name="Send a test").click()
        delivery = tab.page.get_by_role("dialog")
        await expect(delivery.get_by_text("Delivered")).to_be_visible(timeout=10_000)
        await expect(delivery.get_by_role("listitem")).to_contain_text("200")
        message = await delivery.locator("code").first.inner_text()
    assert [heard.id for heard in receiver.heard if heard.path == "/hook"] == [message]
    assert await tab.judge() == []
    assert tab.wrongs == []
