"""Badge links: what becomes a public address, and which addresses are ours."""

import pytest

from plaudit.badges.links import badge_url, is_own_url, uploaded_name
from plaudit.model.badges import Badge

NAME = f"{'ab' * 32}.png"


def test_an_uploaded_badge_follows_the_base_url():
    assert badge_url(Badge(hash=NAME), "https://badges.example/") == f"https://badges.example/badges/{NAME}"


def test_an_own_url_stays_as_it_is():
    assert badge_url(Badge(url="https://cdn.example/a.png"), "https://x") == "https://cdn.example/a.png"
    assert badge_url(None, "https://x") is None


@pytest.mark.parametrize(
    "url", [f"/badges/{NAME}", f"https://x.example/badges/{NAME}", f"https://x.example/app/badges/{NAME}?v=1"]
)
def test_an_uploaded_badge_is_recognised(url):
    assert uploaded_name(url) == NAME


@pytest.mark.parametrize("url", ["/badges/x.png", f"/badge/{NAME}", f"/badges/{NAME}.exe", "http://[", ""])
def test_other_addresses_are_not(url):
    assert uploaded_name(url) is None


@pytest.mark.parametrize(
    "url", ["https://cdn.example/a.png", "http://localhost:9000/a", "https://ü.example/a"]
)
def test_http_addresses_are_accepted(url):
    assert is_own_url(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:image/png;base64,AA", "//cdn.example/a", "https://", "ftp://x/y", "a.png",
     "https://x/ y", 'https://x/"><script>', "https://x:99999/", "https://x/\n", "https://" + "x" * 2100],
)  # fmt: skip
def test_addresses_that_are_no_web_images_are_refused(url):
    assert not is_own_url(url)
