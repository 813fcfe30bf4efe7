"""The guard: no trick of a URL, a name or a redirect reaches an address that is not public."""

from ipaddress import ip_address, ip_network

import pytest
from tests.webhooks.receiver import Receiver, answer
from tests.webhooks.vectors import urls

from plaudit.config import Settings
from plaudit.webhooks.guard import Blocked, Policy, check_addresses, is_open, policy_of, target_of
from plaudit.webhooks.sending import Sender, resolve

PUBLIC = "93.184.216.34"
OPEN = Policy((ip_network("127.0.0.1/32"),), http=True)


def names(**known):
    async def look_up(host, port):
        return known[host.partition(".")[0]]

    return look_up


async def test_no_vector_reaches_a_listener_on_this_host():
    async with Receiver() as canary:
        sender = Sender(Policy(http=True, ports=(canary.port,)), seconds=5)
        vectors = urls(canary.port)
        assert len(vectors) >= 120
        replies = {url: await sender.send(url, [], b"{}") for url in vectors}
        await sender.close()
    assert canary.connections == 0
    assert [url for url, reply in replies.items() if reply.error is None] == []


async def test_one_private_address_among_public_ones_blocks_a_name():
    with pytest.raises(Blocked, match=r"10\.0\.0\.1"):
        check_addresses([PUBLIC, "10.0.0.1"], Policy())
    with pytest.raises(Blocked, match="no address"):
        check_addresses([], Policy())
    assert check_addresses([PUBLIC, "2606:2800:220:1::1"], Policy()) == [PUBLIC, "2606:2800:220:1::1"]


async def test_a_name_that_changes_its_answer_is_asked_once_and_the_checked_address_is_called():
    answers = [["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]]
    asked = []

    async def fickle(host, port):
        asked.append(host)
        return answers[len(asked) - 1]

    async with Receiver() as receiver:
        sender = Sender(
            Policy((ip_network("127.0.0.1/32"),), http=True, ports=(receiver.port,)), resolve=fickle
        )
        first = await sender.send(f"http://fickle.example:{receiver.port}/", [], b"{}")
        second = await sender.send(f"http://fickle.example:{receiver.port}/", [], b"{}")
        await sender.close()
    assert first.status == 200 and asked == ["fickle.example"] * 2
    assert receiver.heard[0].headers["host"] == f"fickle.example:{receiver.port}"
    assert "127.0.0.2" in second.error and receiver.connections == 1


async def test_redirects_are_failures_and_not_followed():
    async with Receiver() as canary:
        turn = answer(307, f"Location: {canary.url}")
        async with Receiver(lambda _: turn) as receiver:
            sender = Sender(Policy(OPEN.networks, http=True, ports=(receiver.port, canary.port)))
            reply = await sender.send(receiver.url, [], b"{}")
            await sender.close()
    assert (reply.status, reply.succeeded, canary.connections) == (307, False, 0)


async def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    async with Receiver() as proxy, Receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        sender = Sender(Policy(OPEN.networks, http=True, ports=(receiver.port,)))
        assert (await sender.send(receiver.url, [], b"{}")).succeeded
        await sender.close()
    assert (proxy.connections, receiver.connections) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/hook?a=b&c=%20d",
        "https://xn--bcher-kva.example/x",
        "https://1.1.1.1/",
        "https://[2606:4700:4700::1111]/",
        "https://a_b.example.com./",
        "HTTPS://EXAMPLE.com/Path",
    ],
)
def test_ordinary_addresses_pass(url):
    assert target_of(url, Policy()).secure


def test_a_target_is_taken_apart_once():
    target = target_of("https://Example.com:8443/a/b?c=d", Policy(ports=(8443,)))
    assert (target.host, target.port, target.path) == ("example.com", 8443, "/a/b?c=d")
    assert target.netloc == "example.com:8443"
    assert target_of("https://[2606:4700::1]", Policy()).netloc == "[2606:4700::1]"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com/", "https://"),
        ("https://example.com:8443/", "443"),
        ("https://user@example.com/", "user name"),
        ("https://example.com/#top", "fragment"),
        ("https://bücher.example/", "xn--"),
        ("https://example.com/" + "a" * 2100, "2048"),
    ],
)
def test_a_refused_address_says_what_to_change(url, words):
    with pytest.raises(Blocked, match=words):
        target_of(url, Policy())


def test_settings_open_networks_ports_and_http():
    settings = Settings(
        webhook_private_networks=("10.1.0.0/16", "fd00::/8"), webhook_ports=(8443,), webhook_http=True
    )
    policy = policy_of(settings)
    assert policy.open_ports == {80, 443, 8443}
    assert [
        is_open(ip_address(a), policy) for a in ("10.1.2.3", "10.2.0.1", "fd00::5", "::ffff:10.1.2.3")
    ] == [
        True,
        False,
        True,
        False,
    ]


async def test_the_system_gives_every_address_once():
    found = await resolve("localhost", 443)
    assert "127.0.0.1" in found or "::1" in found
    assert len(found) == len(set(found))
