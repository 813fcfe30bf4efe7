"""Requests that no well-behaved client sends, byte by byte over a socket.

Refuses to understand answers beyond their status and body.
"""

import socket

from tests.support.world import World

_SECONDS = 20


def exchange(world: World, method: str, path: str, body: bytes, *headers: bytes) -> tuple[int, bytes]:
    """Send one request with these header lines beside the key; give status and body of the answer."""
    lines = [
        f"{method} {path} HTTP/1.1".encode(),
        b"Host: 127.0.0.1",
        b"X-API-KEY: " + world.key.encode(),
        b"Connection: close",
        b"Content-Length: %d" % len(body),
        *headers,
    ]
    return send(world, b"\r\n".join(lines) + b"\r\n\r\n" + body)


def send(world: World, request: bytes) -> tuple[int, bytes]:
    """Send bytes as they are; give status and body of the answer (0 and nothing if there is none)."""
    with socket.create_connection(("127.0.0.1", world.server.port), _SECONDS) as line:
        line.sendall(request)
        answer = b""
        while piece := _receive(line):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split(maxsplit=2)[1]) if head else 0), body


def _receive(line: socket.socket) -> bytes:
    try:
        return line.recv(65536)
    except ConnectionResetError:
        return b""
