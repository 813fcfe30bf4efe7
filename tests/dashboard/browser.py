"""Chromium without a window, and a tab that remembers everything that went wrong in it.

Refuses to wait by the clock: a page is settled when nothing is under way and no skeleton is left.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, Response, async_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SECONDS = 10
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

WATCH = """
const still = new CSSStyleSheet();
still.replaceSync('*, ::before, ::after { transition: none !important }');
document.adoptedStyleSheets = [still];
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = (entry.sources ?? []).map(({ node }) => node?.outerHTML?.slice(0, 200) ?? '?');
    window.shifts.push({ value: entry.value, moved });
  }
}).observe({ type: 'layout-shift', buffered: true });
"""
QUIET = (
    "() => document.title !== '' && document.title !== 'Plaudit' && !document.querySelector('.animate-pulse')"
)
JUDGE = """async (options) => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  for (const each of document.getAnimations()) if (each.effect.getTiming().iterations === 1) each.finish();
  const { violations } = await axe.run(document, { resultTypes: ['violations'], ...options });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) =>
      `${id}: ${node.html.slice(0, 200)}: ${[...node.any, ...node.all, ...node.none][0]?.message}`));
}"""


def skip_or_fail(sentence: str) -> None:
    """Skip where something is missing; fail where nothing may be."""
    if os.environ.get("SKIP_NOTHING"):
        pytest.fail(sentence)
    pytest.skip(sentence)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the system's Chromium on a profile of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        await browser.close()


class Tab:
    """A page of one browser context."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.wrongs: list[str] = []
        """Console errors, failed requests and refused ones, as they came."""
        self.scripts: dict[str, str] = {}
        """Paths of the scripts that were asked for."""
        self._open: set[Request] = set()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.wrongs.append(f"thrown: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)
        page.on("requestfinished", self._on_finished)

    async def open(self, path: str) -> None:
        """Load a page and wait until it stands still."""
        await self.page.goto(path)
        await self.settle()

    async def go(self, path: str) -> None:
        """Go to another page as a link does, without a load."""
        await self.page.evaluate(
            "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }",
            path,
        )
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is under way and no skeleton is left."""
        quiet, until = 0, time.monotonic() + SECONDS
        while quiet < 3:
            quiet = 0 if self._open or not await self.page.evaluate(QUIET) else quiet + 1
            await asyncio.sleep(0.03)
            open_ = [request.url for request in self._open]
            assert time.monotonic() < until, f"{self.page.url} never settled: {open_}, {self.wrongs[:4]}"

    async def judge(self, **options: Any) -> list[str]:
        """Give what axe finds serious or critical."""
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE)
        found: list[str] = await self.page.evaluate(JUDGE, options)
        return found

    async def shifted(self) -> tuple[float, list[Any]]:
        """Give how much the layout jumped since the load, and the jumps."""
        shifts = await self.page.evaluate("() => window.shifts")
        return sum(shift["value"] for shift in shifts), shifts

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.wrongs.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.partition("?")[0].endswith("/feed"):  # which never ends
            self._open.add(request)
        if request.resource_type == "script":
            self.scripts[request.url] = request.url

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.wrongs.append(f"{response.status}: {response.request.method} {response.url}")

    def _on_finished(self, request: Request) -> None:
        self._open.discard(request)

    def _on_failed(self, request: Request) -> None:
        self._open.discard(request)
        if request.failure != "net::ERR_ABORTED":  # the page was left, or does not need it any more
            self.wrongs.append(f"{request.failure}: {request.method} {request.url}")
