"""The badge press: a process of its own that decodes one hostile image and writes it anew.

Reads the image from standard input, writes one JSON line and then the new bytes. Refuses more than
its memory and its pixels allow; it is killed when it takes too long (see ``press``).
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
from PIL import Image, ImageOps, ImageSequence

from plaudit.badges.kinds import KINDS, Pressed

MEMORY = 512 * 1024 * 1024
"""Address space of the process in bytes: the interpreter, Pillow, and the largest allowed image."""

PIXELS = 16_000_000
"""Pixels an image may have, all frames together."""

FRAMES = 200
"""Frames an animation may have."""

SIDE = 16_000
"""Pixels a side may have."""

SHOWN = 2048
"""Pixels a side of a stored still picture has at most: larger ones are scaled down, since badges are
shown small and every page that shows one loads it."""

FRAME_MS = 100
"""Milliseconds a frame is shown when the file does not say."""


class TooMuch(Exception):
    """The image is beyond a limit; the text is the sentence for the caller."""


def press(data: bytes, name: str) -> tuple[Pressed, bytes]:
    """Decode an image and write it anew in the same type, without any metadata.

    Args:
        data: the bytes as sent.
        name: the type told by the first bytes, a key of ``KINDS``.

    Raises:
        TooMuch: beyond a limit.
        OSError: damaged or cut off (and several other errors of the decoders).
    """
    with Image.open(io.BytesIO(data), formats=[KINDS[name].name]) as image:
        _check_size(image)
        if getattr(image, "n_frames", 1) > 1:
            frames = list(_frames(image))
            durations, loop = [ms for _, ms in frames], int(image.info.get("loop", 0))
            options: dict[str, Any] = {"save_all": True, "duration": durations, "loop": loop}
            options["append_images"] = [frame for frame, _ in frames[1:]]
            first = frames[0][0]
        else:
            options = {}
            first = _plain(ImageOps.exif_transpose(image), name)
            first.thumbnail((SHOWN, SHOWN), Image.Resampling.LANCZOS)
        if name == "WEBP":
            options["lossless"] = b"VP8L" in data[:64]
    return _save(first, name, options)


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if max(width, height) > SIDE or width * height > PIXELS:
        raise TooMuch(f"The image has more than {PIXELS:,} pixels: {width} x {height}.")
    frames = 1
    if getattr(image, "is_animated", False):
        frames = int(getattr(image, "n_frames", 1))
    if frames > FRAMES:
        raise TooMuch(f"The animation has {frames} frames, and {FRAMES} is the most.")
    if frames * width * height > PIXELS:
        raise TooMuch(
            f"The animation has {frames} frames of {width} x {height}, more than {PIXELS:,} pixels in all."
        )


def _frames(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Give every frame as a picture of its own, with the milliseconds it is shown."""
    for frame in ImageSequence.Iterator(image):
        frame.load()  # WebP tells a frame's time only when it has been decoded
        shown = int(frame.info.get("duration", FRAME_MS)) or FRAME_MS
        yield _bare(frame.convert("RGBA")), shown


def _plain(image: Image.Image, name: str) -> Image.Image:
    """Bring a still picture into a mode that its type can hold."""
    if name == "JPEG":
        return _bare(image.convert("L" if image.mode == "L" else "RGB"))
    if name == "GIF" or image.mode in {"L", "LA", "RGB", "RGBA"}:
        return _bare(image if "transparency" not in image.info else image.convert("RGBA"))
    seen_through = "transparency" in image.info or image.mode in {"PA", "La", "RGBa"}
    return _bare(image.convert("RGBA" if seen_through else "RGB"))


def _bare(image: Image.Image) -> Image.Image:
    """Leave every text, profile and comment behind: only the pixels are written anew."""
    image.load()
    image.info = {}
    return image


def _save(image: Image.Image, name: str, options: dict[str, Any]) -> tuple[Pressed, bytes]:
    if name == "JPEG":
        options |= {"quality": 90, "progressive": True}
    elif name == "WEBP":
        options |= {"quality": 90, "method": 2}
    elif name == "GIF" and "save_all" in options:
        options |= {"disposal": 2}
    out = io.BytesIO()
    image.save(out, format=name, **options)
    frames = 1 + len(options.get("append_images", ()))
    return Pressed(image.width, image.height, frames), out.getvalue()


def answer(data: bytes, name: str) -> tuple[Pressed, bytes]:
    """Press an image; whatever the decoders raise about it becomes a sentence."""
    try:
        return press(data, name)
    except TooMuch as reason:
        return Pressed(refusal=str(reason)), b""
    except Image.DecompressionBombError:
        return Pressed(refusal=f"The image has more than {PIXELS:,} pixels."), b""
    except MemoryError:
        return Pressed(refusal="The image needs too much memory to decode."), b""
    except Exception:  # noqa: BLE001 - decoders raise many kinds for damaged files, and none is our fault
        return Pressed(refusal=f"The image is damaged or cut off and cannot be read as {name}."), b""


def main() -> None:
    """Press the image on standard input; its type is the only argument."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS
    pressed, data = answer(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.buffer.write(msgspec.json.encode(pressed) + b"\n" + data)


if __name__ == "__main__":
    main()
