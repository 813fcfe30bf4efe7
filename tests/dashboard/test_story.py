"""From an empty database to a badge that is unlocked by an app and seen live."""

import asyncio
import io
import re

import pytest
from PIL import Image
from playwright.async_api import expect
from tests.dashboard.test_pages import PAGES, first_of
from tests.support.members import PASSWORD
from tests.support.server import on_postgres, on_sqlite
from tests.support.world import World

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(ready, request, tmp_path):
    postgres = request.param == "postgres"
    with on_postgres(empty=True) if postgres else on_sqlite(tmp_path, empty=True) as server:
        yield server


async def test_from_nothing_to_the_first_badge(fresh, new_tab):
    printed = fresh.log()
    tab = await new_tab(fresh.base)
    await set_up(tab, re.search(r"http://\S+/setup#\S+", printed)[0])
    await make_metric(tab)
    team = World(fresh, re.search(r"adm_\S+", printed)[0])
    ben, ada = (World(fresh, team.app_key(user)) for user in ("ben", "ada"))
    assert ben.event(5, "ben", metric="lessons").status_code == 201
    await make_achievement(tab)
    await activate(tab)
    await tab.page.get_by_role("link", name="Home").click()
    await tab.settle()
    feed = tab.page.get_by_role("list", name="Live feed")
    async with asyncio.timeout(10):  # other processes learn within a second that somebody listens
        while await feed.get_by_role("listitem").count() == 0:
            assert ben.event(1, "ben", metric="lessons").status_code == 201
            await tab.page.wait_for_timeout(200)
    answer = ada.event(3, "ada", metric="lessons")
    assert [each["name"] for each in answer.json()["achievements"]] == ["First lessons"]
    await expect(feed.get_by_role("listitem").filter(has_text="First lessons")).to_contain_text("ada")
    await expect(feed.get_by_text("+3")).to_be_visible()
    assert tab.wrongs == []
    if fresh.environ["PLAUDIT_DATABASE"].startswith("postgres"):  # test_pages does it on the other
        await see_every_page(tab, team)
    for each in (team, ben, ada):
        each.close()


async def see_every_page(tab, team):
    """Go to each page without a load: the database answers whatever a page asks."""
    assert team.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp"}]).status_code == 201
    (metric,) = team.read("/admin/v1/metrics")
    board = {"name": "Top", "key": "top", "rankBy": "metric", "metricId": metric["id"], "status": "active"}
    assert team.http.post("/admin/v1/leaderboards", json=[board]).json()["issues"] == []
    hook = {"url": "https://example.com/hook"}
    assert team.http.post("/admin/v1/webhooks", json=[hook]).json()["issues"] == []
    home = re.sub(r"(/e/[^/]+).*", r"\1", await tab.page.evaluate("() => location.pathname"))
    for path in PAGES:
        await tab.go(home + first_of(path, team.read))
        assert await tab.page.title() not in {"", "Plaudit", "Not found · Plaudit"}, path
        assert tab.wrongs == [], path
    await tab.page.get_by_role("heading", level=1).wait_for()


async def set_up(tab, link):
    await tab.open(link)
    await tab.page.get_by_label("Your name").fill("Grace")
    await tab.page.get_by_label("E-mail").fill("grace@example.com")
    password = tab.page.get_by_label("Password")
    await password.fill("short")
    await tab.page.get_by_role("button", name="Set up").click()
    await expect(tab.page.get_by_role("alert")).to_contain_text("12")
    await expect(tab.page.get_by_label("Your name")).to_have_value("Grace")
    assert {wrong[:3] for wrong in tab.wrongs} == {"422", "con"}
    tab.wrongs.clear()
    await password.fill(PASSWORD)
    await tab.page.get_by_role("button", name="Set up").click()
    await expect(tab.page.get_by_role("heading", name="Home", level=1)).to_be_visible()
    await expect(tab.page.get_by_text("Three steps to the first badge")).to_be_visible()
    assert "#" not in tab.page.url


async def make_metric(tab):
    await tab.page.get_by_role("link", name="Name a metric").click()
    await tab.page.get_by_role("button", name="New metric").first.click()
    await tab.page.get_by_label("Name", exact=True).fill("Lessons completed")
    await tab.page.get_by_label("Key", exact=True).fill("lessons")
    await tab.page.get_by_role("button", name="Create the metric").click()
    await expect(tab.page.get_by_role("cell", name="Lessons completed")).to_be_visible()


async def make_achievement(tab):
    page = tab.page
    await page.get_by_role("link", name="Achievements").click()
    await page.get_by_role("link", name="New achievement").first.click()
    await page.get_by_label("Name", exact=True).fill("First lessons")
    await page.get_by_label("Description").fill("Three lessons are behind you.")
    await page.get_by_label("Choose an image").set_input_files(
        {"name": "badge.png", "mimeType": "image/png", "buffer": picture()}
    )
    await page.get_by_role("dialog").get_by_role("button", name="Use it", exact=True).click()
    await expect(page.get_by_label("Badge", exact=True)).to_have_value(re.compile("/badges/"))
    await page.get_by_label("Metric", exact=True).select_option("Lessons completed")
    await page.get_by_label("Total to reach").fill("3")
    await page.get_by_role("button", name="Create the achievement").click()
    await expect(page.get_by_role("heading", name="First lessons", level=1)).to_be_visible()
    await expect(page.get_by_text("Inactive", exact=True)).to_be_visible()


async def activate(tab):
    await tab.page.get_by_role("button", name="Activate").click()
    dry_run = tab.page.get_by_role("dialog", name="Who gets it now")
    await expect(dry_run.get_by_text("Every user was looked at.")).to_be_visible()
    await expect(dry_run).to_contain_text(re.compile(r"1\s*of 1 user meet it already"))
    await expect(dry_run.get_by_role("listitem")).to_contain_text("ben")
    await dry_run.get_by_role("button", name="Activate").click()
    await expect(tab.page.get_by_text("Active", exact=True)).to_be_visible()
    earners = tab.page.get_by_role("region", name="Who has it")
    await expect(earners.get_by_role("link", name="ben")).to_be_visible(timeout=15_000)


def picture():
    """Give a badge as somebody would draw it: wider than high."""
    file = io.BytesIO()
    Image.new("RGB", (320, 200), "#1d6a4d").save(file, "PNG")
    return file.getvalue()
