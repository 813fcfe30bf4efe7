"""Fragments: encoded once per rulebook and base URL, with links and statistics that are right."""

import json

from plaudit.web.fragments import fragments_of


async def test_fragments_are_kept_until_the_rulebook_or_the_address_changes(house):
    book = await house.context.rulebooks.get(house.environment)
    first = fragments_of(book, "http://a")
    assert fragments_of(book, "http://a") is first
    assert fragments_of(book, "http://b") is not first
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    await house.context.rulebooks.refresh()
    newer = await house.context.rulebooks.get(house.environment)
    assert fragments_of(newer, "http://a") is not first


async def test_statistics_are_written_again_only_when_a_count_has_changed(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    await house.context.rulebooks.refresh()
    book = await house.context.rulebooks.get(house.environment)
    fragments = fragments_of(book, "http://a")
    (number,) = book.achievements
    texts = fragments.with_stats("", {0: 3, number: 1})
    assert fragments.with_stats("", {0: 3, number: 1}) is texts
    item = json.loads(texts[number] + "null}")
    assert (item["completions"], item["rarity"]) == (1, 100 / 3)
    assert json.loads(fragments.with_stats("", {})[number] + "null}")["rarity"] == 0


async def test_links_to_badges_follow_the_host_header_unless_it_is_odd(house):
    await house.make("achievements", name="Hi", trigger="api", key="hi", status="active")
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
    sent = await house.http.post("/admin/v1/badges", content=png, headers={"Content-Type": "image/png"})
    assert sent.status_code == 201, sent.text
    url = sent.json()["url"]
    assert url.startswith("http://plaudit.test/badges/")
    await house.make("achievements", name="Yo", trigger="api", key="yo", status="active", badge={"url": url})
    for host, begin in (("shop.test:81", "http://shop.test:81/"), ('x"><b', "http://localhost/")):
        answer = await house.http.get("/v1/achievements", headers={"Host": host})
        links = [item["badgeUrl"] for item in answer.json() if item["badgeUrl"]]
        assert [link.startswith(begin) for link in links] == [True]
    assert (await house.http.get(url)).status_code == 200
