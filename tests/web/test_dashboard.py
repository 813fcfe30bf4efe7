"""The built app: its files, its addresses, what is compressed, and that no path leads out of its folder."""

import gzip
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import House

from plaudit.model.catalog import EnvironmentSettings
from plaudit.web.app import build_app
from plaudit.web.dashboard_files import read_files

ROOT = Path(__file__).parents[2]
PAGE = "<!doctype html><title>Plaudit</title>" + "<p>words</p>" * 100
SCRIPT = "console.log('hello')\n" * 100
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path):
    """A built app, beside a file that is nobody's business."""
    built = tmp_path / "app"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "icon.svg").write_text("<svg/>")
    (built / "assets" / "index-4f3a.js").write_text(SCRIPT)
    (built / "assets" / "index-4f3a.js.br").write_bytes(b"as brotli made it")
    (built / "assets" / "font-77.woff2").write_bytes(b"\0wOF2")
    (tmp_path / "secret.txt").write_text("nobody's business")
    (built / "link.txt").symlink_to(tmp_path / "secret.txt")
    return built


@pytest.fixture
async def browser(context, folder):
    transport = httpx.ASGITransport(build_app(context, folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://plaudit.test", headers=HTML) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/achievements",
        "/users/ada%2Flovelace",
        "/setup",
        "/a/b/c",
        "/index.html",
        "/e/demo/users/a@b.example",
    ],
)
async def test_every_address_of_the_app_is_its_first_page(browser, path):
    answer = await browser.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_pages_run_nothing_but_our_files(browser):
    policy = (await browser.get("/")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_files_named_by_their_content_are_kept_for_ever(browser):
    script = await browser.get("/assets/index-4f3a.js", headers={"Accept-Encoding": "identity"})
    assert script.text == SCRIPT
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert (await browser.get("/icon.svg")).headers["cache-control"] == "no-cache"
    assert (await browser.get("/assets/font-77.woff2")).headers["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
async def test_text_is_sent_compressed_as_the_browser_accepts(browser, accepted, given):
    request = browser.build_request("GET", "/assets/index-4f3a.js", headers={"Accept-Encoding": accepted})
    answer = await browser.send(request, stream=True)
    sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == given
    assert answer.headers["vary"] == "accept-encoding"
    read = {"br": lambda _: b"as brotli made it", "gzip": gzip.decompress, None: bytes}[given]
    assert read(sent) == (sent if given == "br" else SCRIPT.encode())


async def test_what_the_browser_has_is_not_sent_again(browser):
    tag = (await browser.get("/icon.svg")).headers["etag"]
    again = await browser.get("/icon.svg", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    head = await browser.head("/icon.svg")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/assets//index-4f3a.js",
        "/link.txt",
        "/index.html%00.txt",
        "/assets/index-4f3a.js.br",
        "/file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("accept", [HTML, {"Accept": "*/*"}])
async def test_no_path_leads_out_of_the_folder(context, folder, path, accept):
    app = build_app(context, folder)
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"accept", accept["Accept"].encode())],
    }
    await app(scope, None, send)
    body = b"".join(message.get("body", b"") for message in sent)
    assert b"business" not in body
    assert sent[0]["status"] == 404 or body == PAGE.encode()


@pytest.mark.parametrize("path", ["/v1/nothing", "/admin/v1/nothing", "/v1", "/admin/v1"])
async def test_a_wrong_call_of_the_api_gets_a_sentence_and_no_page(browser, path):
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert "There is no GET" in answer.json()["error"]


async def test_a_program_that_errs_gets_a_sentence_and_no_page(browser):
    for accept in ("*/*", "application/json"):
        answer = await browser.get("/v2/achievements", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert (await browser.post("/achievements")).status_code == 404
    assert (await browser.get("/assets/gone-1234.js")).status_code == 404


async def test_every_answer_of_any_kind_is_guarded(context, browser, another):
    house: House = await another(EnvironmentSettings())
    paths = [
        "/",
        "/icon.svg",
        "/assets/index-4f3a.js",
        "/docs",
        "/docs/reference.css",
        "/v1/openapi",
        "/healthz",
    ]
    paths += [
        "/readyz",
        "/v1/achievements",
        "/admin/v1/metrics",
        "/admin/v1/session",
        "/v1/none",
        "/badges/none.png",
    ]
    for path in paths:
        for client in (browser, house.http):
            headers = (await client.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["referrer-policy"] == "no-referrer", path
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
            assert "unsafe" not in headers["content-security-policy"], path


async def test_without_a_built_app_the_bare_address_leads_to_the_reference(context, tmp_path):
    assert read_files(tmp_path) == {}
    transport = httpx.ASGITransport(build_app(context, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://plaudit.test") as client:
        answer = await client.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "/docs")
        assert (await client.get("/achievements", headers=HTML)).status_code == 404


def test_a_wheel_carries_the_built_app(tmp_path, folder):
    """What git does not keep is in the wheel all the same."""
    home = tmp_path / "checkout"
    package = home / "src" / "plaudit"
    package.mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, home)
    shutil.copy(ROOT / "src" / "plaudit" / "__init__.py", package)
    (folder / "link.txt").unlink()
    shutil.copytree(folder, package / "web" / "dashboard")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=home,
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "plaudit/web/dashboard/index.html" in names
    assert "plaudit/web/dashboard/assets/index-4f3a.js.br" in names
