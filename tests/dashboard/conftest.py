"""One server and one Chromium for all tests of the dashboard; every test gets browser contexts of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from tests.dashboard.browser import CHROMIUM, DESKTOP, WATCH, Tab, chromium, skip_or_fail
from tests.dashboard.stage import Stage, staged

from plaudit.model.members import Role
from plaudit.web.dashboard_files import BUILT

SessionOpener = Callable[..., Awaitable[Tab]]


@pytest.fixture(scope="session")
def ready() -> None:
    """What has to be there: the app as `make dashboard` builds it, and a browser."""
    if CHROMIUM is None:
        skip_or_fail("There is no Chromium: install it (on Debian: apt-get install chromium).")
    if not (BUILT / "index.html").is_file():
        skip_or_fail("The dashboard is not built: install Node and run `make dashboard`.")


@pytest.fixture(scope="session")
def stage(ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("dashboard")) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(ready) -> AsyncIterator[Browser]:
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def new_tab(browser: Browser) -> AsyncIterator[SessionOpener]:
    """Open a tab in a context of its own, of somebody without a session unless a cookie is given."""
    async with tabs(browser) as opened:
        yield opened


@asynccontextmanager
async def tabs(browser: Browser) -> AsyncIterator[SessionOpener]:
    """Open tabs, each in a context of its own, and close them all."""
    async with AsyncExitStack() as contexts:

        async def opened(base: str, cookie: Any = None, **more: Any) -> Tab:
            options = {"viewport": DESKTOP, "reduced_motion": "reduce", "locale": "en-GB"} | more
            context = await browser.new_context(base_url=base, **options)
            contexts.push_async_callback(context.close)
            context.set_default_timeout(10_000)
            await context.add_init_script(WATCH)
            if cookie is not None:
                await context.add_cookies([cookie])
            return Tab(context, await context.new_page())

        yield opened


@pytest.fixture
def tab_of(new_tab: SessionOpener, stage: Stage) -> SessionOpener:
    """Open a tab of a member, by role; ``None`` is nobody."""

    async def opened(role: Role | None = Role.OWNER, **more: Any) -> Tab:
        cookie = None if role is None else stage.cookie(role)
        return await new_tab(stage.server.base, cookie, **more)

    return opened
