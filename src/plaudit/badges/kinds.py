"""The image types a badge may have, told by the first bytes and never by what the sender claims.

Refuses SVG, because it can carry scripts that run where it is shown.
"""

from msgspec import Struct


class Kind(Struct, frozen=True):
    """An image type: Pillow's name for it, the media type, and the extension of its file names."""

    name: str
    mime: str
    extension: str


class Pressed(Struct, frozen=True):
    """First line of the answer: the new image's size, or the sentence of its refusal."""

    width: int = 0
    height: int = 0
    frames: int = 0
    refusal: str | None = None


PNG = Kind("PNG", "image/png", "png")
JPEG = Kind("JPEG", "image/jpeg", "jpg")
WEBP = Kind("WEBP", "image/webp", "webp")
GIF = Kind("GIF", "image/gif", "gif")

KINDS = {kind.name: kind for kind in (PNG, JPEG, WEBP, GIF)}

SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"GIF87a", GIF),
    (0, b"GIF89a", GIF),
    (8, b"WEBP", WEBP),
)
"""Where a signature stands, the signature, and the type it tells."""

HEAD = 65_536
"""Bytes looked at to recognise an SVG, which may open with a long comment, or a form around an image."""


def kind_of(data: bytes) -> Kind | None:
    """Tell the image type from the first bytes, or None when it is none of ours."""
    for place, signature, kind in SIGNATURES:
        if data.startswith(signature, place) and (kind is not WEBP or data.startswith(b"RIFF")):
            return kind
    return None


def is_svg(data: bytes) -> bool:
    """Tell whether the data looks like an SVG, so that the refusal can say so."""
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith(b"<") and b"<svg" in head


def is_form(data: bytes) -> bool:
    """Tell whether the data is a multipart form, as browsers and ``curl --form`` send files."""
    return data.startswith(b"--") and b"content-disposition: form-data" in data[:HEAD].lower()
