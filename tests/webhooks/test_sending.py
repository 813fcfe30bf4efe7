"""One attempt against a real server: what comes of answers, hangs, resets, floods and broken certificates."""

import asyncio
from ipaddress import ip_network

import pytest
from tests.webhooks.receiver import Receiver, answer

from plaudit.webhooks.guard import Policy
from plaudit.webhooks.sending import MOST_SHOWN, Sender

HERE = (ip_network("127.0.0.0/8"),)


async def attempt(behaviour, seconds=5.0, scheme="http"):
    async with Receiver(behaviour) as receiver:
        sender = Sender(Policy(HERE, http=True, ports=(receiver.port,)), seconds=seconds)
        url = receiver.url.replace("http", scheme, 1)
        reply = await sender.send(url, [(b"webhook-id", b"7")], b'{"a":1}')
        await sender.close()
        return reply, receiver


async def hang(_):
    await asyncio.sleep(30)


@pytest.mark.parametrize(
    ("status", "succeeded"), [(200, True), (204, True), (301, False), (404, False), (500, False)]
)
async def test_only_2xx_succeeds(status, succeeded):
    reply, _ = await attempt(lambda _: answer(status))
    assert (reply.status, reply.succeeded, reply.error) == (status, status < 300, None)


async def test_the_body_and_the_headers_arrive_as_given():
    _, receiver = await attempt(lambda _: answer(200))
    heard = receiver.heard[0]
    assert (heard.body, heard.id, heard.path) == (b'{"a":1}', "7", "/hook")
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["user-agent"].startswith("Plaudit/")


async def test_a_server_that_hangs_is_given_up():
    reply, _ = await attempt(hang, seconds=0.2)
    assert reply.error == "no complete answer within 0.2 s" and 150 <= reply.milliseconds < 3000


async def test_a_server_that_trickles_is_given_up():
    async def trickle(_):
        await asyncio.sleep(0.1)
        return b"HTTP/1.1 200 X\r\nContent-Length: 10\r\n\r\nabc"

    reply, _ = await attempt(trickle, seconds=0.5)
    assert not reply.succeeded and reply.error


async def test_a_server_that_hangs_up_is_an_error():
    reply, _ = await attempt(lambda _: None)
    assert reply.status is None and reply.error


async def test_nonsense_is_an_error():
    reply, _ = await attempt(lambda _: b"\x00\x01 nonsense\r\n\r\n")
    assert reply.status is None and reply.error


async def test_a_refused_connection_is_an_error():
    async with Receiver() as receiver:
        port = receiver.port
    sender = Sender(Policy(HERE, http=True, ports=(port,)))
    reply = await sender.send(f"http://127.0.0.1:{port}/", [], b"{}")
    await sender.close()
    assert reply.status is None and reply.error


async def test_https_to_a_plain_server_is_an_error():
    reply, _ = await attempt(lambda _: answer(200), scheme="https")
    assert reply.status is None and reply.error


async def test_a_flood_is_cut_off_and_shown_short():
    reply, _ = await attempt(lambda _: answer(200, body=b"x" * 5_000_000))
    assert reply.succeeded and reply.head == "x" * MOST_SHOWN


async def test_what_a_screen_would_obey_is_not_shown():
    reply, _ = await attempt(lambda _: answer(500, body=b"a\x1b[31mb\x00c\r\nd\xff"))
    assert reply.head == "a�[31mb�c�\nd�"


async def test_a_wish_to_wait_is_heard():
    reply, _ = await attempt(lambda _: answer(503, "Retry-After: 120"))
    assert (reply.status, reply.retry_after) == (503, "120")
