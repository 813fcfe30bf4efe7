"""Badges over HTTP: uploaded with an admin key, pressed anew, served to everybody for ever."""

import io

import httpx
from PIL import Image
from tests.support.world import refused

PATH = "/admin/v1/badges"


def png(colour=(10, 120, 90), size=(64, 64), **options):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG", **options)
    return out.getvalue()


def upload(world, data, mime="image/png"):
    return world.http.post(PATH, content=data, headers={"Content-Type": mime})


def test_a_badge_is_uploaded_once_and_served_with_a_long_cache(world):
    made = upload(world, png()).json()
    assert made == {
        "url": f"{world.server.base}/badges/{made['hash']}.png",
        "hash": made["hash"], "width": 64, "height": 64, "type": "image/png",
    }  # fmt: skip
    assert upload(world, png()).json() == made
    served = httpx.get(made["url"])
    assert served.status_code == 200
    assert Image.open(io.BytesIO(served.content)).size == (64, 64)
    assert served.headers["content-type"] == "image/png"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_a_known_badge_is_not_sent_again(world):
    url = upload(world, png()).json()["url"]
    tag = httpx.get(url).headers["etag"]
    for asked in (tag, f'"other", W/{tag}', "*"):
        again = httpx.get(url, headers={"If-None-Match": asked})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert httpx.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_tells_the_length_and_other_methods_are_refused(world):
    url = upload(world, png()).json()["url"]
    head = httpx.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(httpx.get(url).content)
    assert httpx.delete(url).headers["allow"] == "GET, HEAD"


def test_unknown_badges_are_404(world):
    for name in (f"{'0' * 64}.png", "x", f"{'0' * 64}.exe", "..%2f..%2fetc%2fpasswd"):
        refused(httpx.get(f"{world.server.base}/badges/{name}"), 404)


def test_an_uploaded_badge_follows_the_achievement_by_path_or_address(world):
    url = upload(world, png()).json()["url"]
    for sent in (url, url.removeprefix(world.server.base)):
        goal = world.achievement("api", key=f"k{len(sent)}", badge={"url": sent})
        assert world.read(f"/admin/v1/achievements/{goal}")["badge"] == {"url": url}
    assert [one["badgeUrl"] for one in world.read("/v1/achievements")] == [url, url]


def test_an_address_of_ones_own_is_kept(world):
    goal = world.achievement("api", key="own", badge={"url": "https://cdn.example/a.svg"})
    assert world.read(f"/admin/v1/achievements/{goal}")["badge"] == {"url": "https://cdn.example/a.svg"}


def test_what_is_no_image_is_refused_with_a_sentence(world):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    refused(upload(world, svg, "image/png"), 415, "SVG", "scripts")
    refused(upload(world, svg, "image/svg+xml"), 415, "SVG")
    late = b"<?xml version='1.0'?>\n<!-- " + b"made by hand " * 300 + b"-->\n" + svg
    refused(upload(world, late), 415, "SVG", "scripts")
    form = httpx.Request("POST", world.server.base, files={"badge": ("badge.png", png(), "image/png")})
    told = refused(
        upload(world, form.read(), form.headers["content-type"]), 415, "form", "not the file itself"
    )
    assert told.endswith("Send the bytes of a PNG, JPEG, WebP or GIF image as the body.")
    refused(upload(world, b"hello"), 415, "PNG, JPEG, WebP or GIF")
    refused(upload(world, b""), 415)
    refused(upload(world, png()[:60]), 422, "damaged or cut off")
    refused(upload(world, png() + b"\0" * 5_300_000), 413, "5242880")


def test_a_wrong_content_type_changes_nothing(world):
    assert upload(world, png(), "text/html").json()["type"] == "image/png"


def test_only_admin_keys_upload(world):
    key = world.app_key("ada")
    refused(world.http.post(PATH, content=png(), headers={"X-API-KEY": key}), 403)
    refused(httpx.post(world.server.base + PATH, content=png()), 401)


def test_the_audit_log_tells_who_uploaded_a_badge(world):
    made = upload(world, png()).json()
    target = f"badge:{made['hash']}.png"
    (entry,) = world.read(f"/admin/v1/audit?target={target}")["entries"]
    assert (entry["action"], entry["actor"]) == ("upload", world.key.partition(".")[0])
    assert entry["detail"] == {"type": "image/png", "width": 64, "height": 64}
