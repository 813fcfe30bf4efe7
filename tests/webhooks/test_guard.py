"""The guard: no trick of a URL, a name or a redirect reaches an address that is not public."""

import asyncio
import contextlib
import ssl
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


@pytest.mark.parametrize(
    "kind",
    [
        ("private", "10.0.0.1", "172.16.0.1", "192.168.0.1"),
        ("provider's translation", "100.64.0.1"),
        ("unique local", "fc00::1", "fd00::1"),
        ("link-local", "169.254.169.254", "fe80::1"),
        ("documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
        ("discard", "100::1", "0.0.0.0"),  # noqa: S104 - an address to refuse
        ("6to4", "2002:5db8:d822::1", "192.88.99.1"),
        ("NAT64", "64:ff9b::5db8:d822", "64:ff9b:1::1"),
        ("SRv6", "5f00::1"),
    ],
    ids=lambda kind: kind[0],
)
def test_no_address_of_a_closed_range_is_open(kind):
    assert [text for text in kind[1:] if is_open(ip_address(text), Policy())] == []


@pytest.mark.parametrize("port", [22, 25, 80, 5432, 6379, 8080, 8443])
def test_only_port_443_is_open_until_the_settings_name_another(port):
    with pytest.raises(Blocked, match="443"):
        target_of(f"https://example.com:{port}/", Policy())
    assert target_of(f"https://example.com:{port}/", Policy(ports=(port,))).port == port


async def test_each_attempt_resolves_and_checks_anew():
    asked = []

    async def look_up(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    async with Receiver() as receiver:
        sender = Sender(Policy(OPEN.networks, http=True, ports=(receiver.port,)), resolve=look_up)
        for _ in range(3):
            assert (await sender.send(f"http://hook.example:{receiver.port}/", [], b"{}")).succeeded
        await sender.close()
    assert (len(asked), receiver.connections) == (3, 3)


async def test_tls_names_the_host_while_the_connection_goes_to_the_checked_address():
    heard = []

    def named(connection, name, _context):
        heard.append(name)

    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.sni_callback = named
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    sender = Sender(Policy(OPEN.networks, ports=(port,)), resolve=names(hook=["127.0.0.1"]), seconds=5)
    reply = await sender.send(f"https://hook.example:{port}/", [], b"{}")
    await sender.close()
    server.close()
    assert reply.error
    assert heard == ["hook.example"]


async def test_a_reply_is_read_to_64_kb_and_no_further():
    sent = 0

    async def endless(reader, writer):
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 1000000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while sent < 200_000_000:
                writer.write(b"x" * 65536)
                await writer.drain()
                sent += 65536
        writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = Sender(Policy(OPEN.networks, http=True, ports=(port,)), seconds=10)
    reply = await sender.send(f"http://127.0.0.1:{port}/", [], b"{}")
    await sender.close()
    server.close()
    assert reply.succeeded
    assert sent < 50_000_000
