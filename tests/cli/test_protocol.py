"""The lean protocol byte by byte: small requests, and everything that must go its parent's way."""

import asyncio
import contextlib
import socket

import pytest
import uvicorn

from plaudit.commands.protocol import LeanProtocol, header_block

PLAIN = ((b"content-type", b"text/plain"),)


async def application(scope, receive, send):
    """Echo what was asked, in the way the path names."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    if scope["path"] == "/broken":
        raise LookupError("broken")
    if scope["path"] == "/broken-stream":
        await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
        await send({"type": "http.response.body", "body": b"one,", "more_body": True})
        raise LookupError("broken")
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    if scope["path"] == "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
        for part in (b"one,", b"two,", b"three"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    if scope["path"] == "/endless":
        await stream_until_gone(receive, send)
        return
    text = f"{scope['method']} {scope['path']} {scope['raw_path'].decode()} {len(body)}".encode()
    length = (b"content-length", b"%d" % len(text))
    await send({"type": "http.response.start", "status": 200, "headers": (*PLAIN, length)})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})


PART = b"x" * 10_000
sent = []
"""How many parts each endless answer had when its caller left."""


async def stream_until_gone(receive, send):
    """Send parts without end, and stop when the caller is gone."""
    gone = asyncio.create_task(receive())
    await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
    sent.append(0)
    while not gone.done():
        await send({"type": "http.response.body", "body": PART, "more_body": True})
        sent[-1] += 1
        await asyncio.sleep(0)
    assert (await gone)["type"] == "http.disconnect"
    sent.append("ended")


@pytest.fixture
async def port():
    config = uvicorn.Config(
        application, http=LeanProtocol, log_config=None, access_log=False, timeout_keep_alive=1, lifespan="on"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag only
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def line(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader):
    """Read one answer with a length: its status, header lines and body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    fields = dict(field.split(": ", 1) for field in head[1:] if field)
    body = await reader.readexactly(int(fields["content-length"]))
    return int(head[0].split()[1]), fields, body


async def ask(port, request):
    async with line(port) as (reader, writer):
        writer.write(request)
        return await answer(reader)


def get(path, *headers, version="1.1"):
    return "\r\n".join([f"GET {path} HTTP/{version}", "Host: here", *headers, "", ""]).encode()


async def test_one_connection_serves_one_request_after_the_other(port):
    async with line(port) as (reader, writer):
        for n in range(3):
            writer.write(get(f"/n/{n}?a=1"))
            status, fields, body = await answer(reader)
            assert (status, body) == (200, f"GET /n/{n} /n/{n} 0".encode())
            assert fields["content-type"] == "text/plain"
            assert "date" in fields


async def test_pipelined_requests_are_answered_in_their_order(port):
    async with line(port) as (reader, writer):
        writer.write(get("/slow") + get("/b") + get("/slow") + get("/d"))
        paths = [(await answer(reader))[2].split()[1] for _ in range(4)]
    assert paths == [b"/slow", b"/b", b"/slow", b"/d"]


@pytest.mark.parametrize("size", [0, 10, 60_000, 65_536, 65_537, 300_000])
async def test_bodies_of_every_size_arrive_whole_however_they_are_cut(port, size):
    request = f"POST /body HTTP/1.1\r\nHost: here\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size
    async with line(port) as (reader, writer):
        for cut in (7, 40, 70, len(request)):
            writer.write(request[:cut])
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.write(request[cut:])
            assert (await answer(reader))[2] == f"POST /body /body {size}".encode()


async def test_chunked_bodies_arrive_whole(port):
    request = b"POST /body HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    request += b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    assert (await ask(port, request))[2] == b"POST /body /body 7"


async def test_paths_are_told_as_sent_and_decoded(port):
    assert (await ask(port, get("/a%2Fb/%C3%A9")))[2] == "GET /a/b/é /a%2Fb/%C3%A9 0".encode()


async def test_a_caller_who_asks_first_is_told_to_go_on(port):
    async with line(port) as (reader, writer):
        writer.write(b"POST /b HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"ok")
        assert (await answer(reader))[2] == b"POST /b /b 2"


@pytest.mark.parametrize("request_", [get("/", version="1.0"), get("/", "Connection: close")])
async def test_the_connection_ends_where_the_caller_wants_it(port, request_):
    async with line(port) as (reader, writer):
        writer.write(request_)
        status, fields, _ = await answer(reader)
        assert (status, fields["connection"]) == (200, "close")
        assert await reader.read() == b""


async def test_head_tells_the_length_and_sends_no_body(port):
    async with line(port) as (reader, writer):
        writer.write(b"HEAD /h HTTP/1.1\r\nHost: here\r\n\r\n")
        assert b"content-length: 12\r\n" in await reader.readuntil(b"\r\n\r\n")
        writer.write(get("/next"))
        assert (await answer(reader))[2] == b"GET /next /next 0"


async def test_what_breaks_is_answered_with_a_500_and_the_connection_ends(port):
    status, fields, body = await ask(port, get("/broken"))
    assert (status, body, fields["connection"]) == (500, b"Internal Server Error", "close")


async def test_an_answer_of_many_parts_is_streamed_in_chunks(port):
    async with line(port) as (reader, writer):
        writer.write(get("/stream"))
        assert b"transfer-encoding: chunked\r\n" in await reader.readuntil(b"\r\n\r\n")
        chunks = await reader.readuntil(b"0\r\n\r\n")
        assert chunks == b"4\r\none,\r\n4\r\ntwo,\r\n5\r\nthree\r\n0\r\n\r\n"
        writer.write(get("/next"))
        assert (await answer(reader))[0] == 200


@pytest.mark.parametrize("version", ["1.1", "1.0"])
async def test_a_stream_waits_for_a_slow_caller_and_ends_when_the_caller_leaves(port, version):
    sent.clear()
    async with line(port) as (reader, writer):
        writer.write(get("/endless", version=version))
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.3)
        (before,) = sent
        await asyncio.sleep(0.3)
        assert sent == [before]
        assert before < 2000
        await reader.readexactly(before * len(PART))
        await asyncio.sleep(0.1)
        assert sent[0] > before
    async with asyncio.timeout(2):
        while "ended" not in sent:  # noqa: ASYNC110 - the application tells nobody else
            await asyncio.sleep(0.01)


async def test_a_stream_is_not_taken_for_an_idle_connection(port):
    sent.clear()
    async with line(port) as (reader, writer):
        writer.write(get("/endless"))
        await asyncio.sleep(2.5)
        await reader.readexactly(1_000_000)


async def test_a_stream_that_breaks_is_cut(port):
    async with line(port) as (reader, writer):
        writer.write(get("/broken-stream"))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        with contextlib.suppress(ConnectionResetError):
            assert b"0\r\n\r\n" not in await asyncio.wait_for(reader.read(), 2)


@pytest.mark.parametrize("garbage", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n"])
async def test_garbage_is_a_400(port, garbage):
    assert (await ask(port, garbage))[0] == 400


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not(port):
    async with line(port) as (reader, writer):
        for _ in range(3):
            writer.write(get("/a"))
            assert (await answer(reader))[0] == 200
            await asyncio.sleep(0.5)
        assert await asyncio.wait_for(reader.read(), 3) == b""


async def test_a_caller_who_hangs_up_hurts_nobody(port):
    async with line(port) as (_, writer):
        writer.write(get("/slow"))
        await writer.drain()
    await asyncio.sleep(0.3)
    assert (await ask(port, get("/still-here")))[0] == 200


def test_a_header_cannot_smuggle_another_line():
    with pytest.raises(RuntimeError, match="control character"):
        header_block(((b"location", b"/a\r\nset-cookie: x"),))
