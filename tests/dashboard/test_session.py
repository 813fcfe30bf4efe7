"""Who comes in, how, and what each role may do; as people meet it."""

import re

import pytest
from playwright.async_api import expect
from tests.dashboard.test_pages import PAGES, address
from tests.support.members import PASSWORD, member_of

from plaudit.model.members import Role
from plaudit.web.cookies import NAME

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]

EDITING = re.compile(
    r"^(new|create|add|edit|save|delete|remove|invite|grant|revoke|activate|lock|archive|upload|rotate|replay|"
    r"send|change|restore|freeze|pause|reset|merge|make)\b",
    re.IGNORECASE,
)


@pytest.fixture
def ada(stage):
    """An editor whom only this test knows."""
    person = member_of(stage.server, Role.EDITOR)
    yield person
    person.close()


async def log_in(tab, email, password=PASSWORD):
    await tab.page.get_by_label("E-mail").fill(email)
    await tab.page.get_by_label("Password").fill(password)
    await tab.page.get_by_role("button", name="Log in").click()


async def test_a_wrong_password_is_told_and_the_right_one_lets_in(ada, tab_of):
    tab = await tab_of(None)
    await tab.open("/metrics")
    await log_in(tab, ada.email, "a wrong one entirely")
    await expect(
        tab.page.get_by_text(re.compile("do not match|wrong|not right", re.IGNORECASE))
    ).to_be_visible()
    await expect(tab.page.get_by_label("E-mail")).to_have_value(ada.email)
    await log_in(tab, ada.email)
    await expect(tab.page.get_by_role("heading", name="Metrics", level=1)).to_be_visible()
    [cookie] = await tab.context.cookies()
    assert (cookie["name"], cookie["path"]) == (NAME, "/")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert await tab.page.evaluate("() => document.cookie") == ""


async def test_who_logs_out_is_out(ada, stage, tab_of, new_tab):
    tab = await tab_of(None)
    await tab.open("/metrics")
    await log_in(tab, ada.email)
    await expect(tab.page.get_by_role("heading", name="Metrics", level=1)).to_be_visible()
    [cookie] = await tab.context.cookies()
    await tab.page.get_by_role("button", name="your menu").click()
    await tab.page.get_by_role("menuitem", name="Log out").click()
    await expect(tab.page.get_by_role("button", name="Log in")).to_be_visible()
    assert await tab.context.cookies() == []
    await tab.page.go_back()
    await expect(tab.page.get_by_role("button", name="Log in")).to_be_visible()
    thief = await new_tab(stage.server.base, cookie)
    assert (await thief.context.request.get("/admin/v1/metrics")).status == 401


async def test_a_session_that_ends_loses_nothing_typed(ada, stage, tab_of, new_tab):
    tab = await new_tab(stage.server.base, stage.cookie(Role.OWNER) | {"value": ada.http.cookies[NAME]})
    await tab.open("/e/demo/metrics")
    await tab.page.get_by_role("button", name="New metric").click()
    await tab.page.get_by_label("Name", exact=True).fill("Lessons completed")
    assert ada.ask("DELETE", "/sessions").status_code == 204
    await tab.page.get_by_label("Key", exact=True).fill(f"lessons-{ada.email[:6]}")
    await tab.page.get_by_role("button", name="Create the metric").click()
    again = tab.page.get_by_role("dialog", name="Log in again")
    await again.get_by_label("Password").fill(PASSWORD)
    await again.get_by_role("button", name="Log in").click()
    await expect(again).to_be_hidden()
    await expect(tab.page.get_by_label("Name", exact=True)).to_have_value("Lessons completed")
    await tab.page.get_by_role("button", name="Create the metric").click()
    await expect(tab.page.get_by_text("The metric was created.")).to_be_visible()


async def test_a_viewer_is_shown_no_way_to_change_anything(stage, tab_of):
    tab = await tab_of(Role.VIEWER)
    await tab.open("/e/demo/metrics")
    offered = []
    for path in PAGES:
        if path == "/account":  # which is the viewer's own
            continue
        await tab.go(address(stage, path))
        for named in await tab.page.locator("main :is(button:enabled, a):not(td *, li *)").all_inner_texts():
            offered += [(path, named)] if EDITING.match(named.strip()) else []
    assert offered == []


CHANGE = """async ({ csrf }) => {
  const { csrfToken } = await (await fetch('/admin/v1/session')).json();
  const answer = await fetch('/admin/v1/metrics', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(csrf && { 'X-CSRF-Token': csrfToken }) },
    body: '[]',
  });
  return [answer.status, (await answer.json()).error ?? ''];
}"""


async def test_a_viewer_who_changes_something_all_the_same_is_refused(tab_of):
    tab = await tab_of(Role.VIEWER)
    await tab.open("/e/demo/metrics")
    status, sentence = await tab.page.evaluate(CHANGE, {"csrf": True})
    assert status == 403
    assert "editor" in sentence


async def test_a_change_without_the_token_is_refused(tab_of):
    tab = await tab_of(Role.EDITOR)
    await tab.open("/e/demo/metrics")
    status, sentence = await tab.page.evaluate(CHANGE, {"csrf": False})
    assert status == 403
    assert "X-CSRF-Token" in sentence
    status, _ = await tab.page.evaluate(CHANGE, {"csrf": True})
    assert status in {200, 422}  # nothing to create, but let through
