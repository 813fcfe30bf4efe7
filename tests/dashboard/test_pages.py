"""Every page of the dashboard, full and empty: it works, everybody can use it, and it is light and still."""

import re

import pytest
from tests.dashboard.browser import PHONE
from tests.tidy.house import ROOT

from plaudit.web.dashboard_files import BUILT

pytestmark = [pytest.mark.xdist_group("dashboard"), pytest.mark.asyncio(loop_scope="session")]

TABLE = (ROOT / "dashboard/src/pages.ts").read_text(encoding="utf-8")
PAGES = re.findall(r"\bpath: '([^']+)'", TABLE)
EVERYWHERE = [path for path in PAGES if ":" not in path]
PARTS = (
    "/",
    "/leaderboards/:id",
    "/?range=all",
    "/achievements?view=table",
    "/log?outcome=error",
    "/points/:id?tab=boosts",
    "/points/:id?tab=levels",
    "/points/:id?tab=preview",
    "/users/:id?tab=achievements",
    "/users/:id?tab=events",
    "/users/:id?tab=history",
    "/webhooks?tab=deliveries",
)
MOST_SCRIPT = 300_000
MOST_SHIFT = 0.1
COLOURS = {"runOnly": ["color-contrast"]}

FOCUS = """() => {
  const look = (node) => {
    for (const each of node.getAnimations()) each.finish();
    const style = getComputedStyle(node);
    return style.outline + style.boxShadow + style.borderColor + style.backgroundColor;
  };
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')]
    .filter((node) => !node.disabled && node.checkVisibility({ visibilityProperty: true }))
    .slice(0, 80);
  return all.filter((node) => {
    document.activeElement.blur();
    const before = [node, node.parentElement].map(look).join();
    node.focus({ preventScroll: true });
    return document.activeElement === node && [node, node.parentElement].map(look).join() === before;
  }).map((node) => node.outerHTML.slice(0, 200));
}"""


@pytest.fixture(scope="session")
def empty_place(stage) -> str:
    """The key of an environment in which nothing is."""
    return stage.new_place("Empty")[0]


def address(stage, path):
    """Give the address of a page of the demo, with the first there is for what is named in it."""
    return "/e/demo" + first_of(path, lambda asked: stage.read(asked.removeprefix("/admin/v1"), "demo"))


def first_of(path, read):
    """Give a path with the first there is for what is named in it."""

    def first(found):
        area = found[1]
        listed = read(f"/admin/v1/{area}?limit=1")
        return f"/{area}/{(listed if isinstance(listed, list) else listed[area])[0]['id']}"

    return re.sub(r"/([a-z-]+)/:\w+", first, path)


@pytest.mark.parametrize("path", PAGES)
async def test_a_full_page_works_in_both_themes_and_on_a_phone(path, stage, tab_of):
    tab = await tab_of()
    await tab.open(address(stage, path))
    assert tab.wrongs == []
    assert await tab.page.title() not in {"", "Plaudit", "Not found · Plaudit"}
    shifted, jumps = await tab.shifted()
    assert shifted <= MOST_SHIFT, jumps
    assert weight(tab.scripts) <= MOST_SCRIPT, sorted(tab.scripts)
    assert await dead_links(tab) == []
    assert await tab.judge() == []
    await tab.page.keyboard.press("Tab")
    assert await tab.page.evaluate(FOCUS) == [], "These do not show that they have the focus."
    await tab.page.emulate_media(color_scheme="dark")
    assert await tab.judge(**COLOURS) == []
    await tab.page.set_viewport_size(PHONE)
    await tab.settle()
    assert await too_wide(tab) == []
    assert tab.wrongs == []


@pytest.mark.parametrize("path", PARTS)
async def test_a_part_of_a_page_works_on_a_phone(path, stage, tab_of):
    tab = await tab_of(viewport=PHONE)
    await tab.open(address(stage, path))
    shifted, jumps = await tab.shifted()
    assert shifted <= MOST_SHIFT, jumps
    assert weight(tab.scripts) <= MOST_SCRIPT, sorted(tab.scripts)
    assert await tab.judge() == []
    assert await too_wide(tab) == []
    assert await dead_links(tab) == []
    assert tab.wrongs == []


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_an_empty_page_works_on_a_phone(path, empty_place, tab_of):
    tab = await tab_of(viewport=PHONE, color_scheme="dark")
    await tab.open(f"/e/{empty_place}{path}")
    assert tab.wrongs == []
    assert await dead_links(tab) == []
    shifted, jumps = await tab.shifted()
    assert shifted <= MOST_SHIFT, jumps
    assert await too_wide(tab) == []
    assert await tab.judge() == []


def weight(scripts):
    """Give the compressed bytes of scripts by their addresses."""
    names = [url.partition("//")[2].partition("/")[2] for url in scripts]
    return sum((BUILT / f"{name}.br").stat().st_size for name in names)


async def dead_links(tab):
    """Give the links of a page that lead to no page."""
    links = await tab.page.evaluate(
        "() => [...document.querySelectorAll('a[href^=\"/\"]')].map((link) => link.getAttribute('href'))"
    )
    known = re.compile("|".join(re.sub(r":\w+", "[^/]+", path) for path in [*PAGES, "/docs"]))
    within = (re.sub(r"^/e/[^/]+|[?#].*", "", link) or "/" for link in links)
    return sorted({path for path in within if not known.fullmatch(path)})


async def too_wide(tab):
    """Give what makes a page scroll sideways."""
    return await tab.page.evaluate("""() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      return [...document.querySelectorAll('body *')]
        .filter((node) => node.getBoundingClientRect().right > root.clientWidth + 1)
        .slice(0, 5)
        .map((node) => node.outerHTML.slice(0, 200));
    }""")
