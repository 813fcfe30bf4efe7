"""The badge press against hostile and ordinary images: only rewritten pixels come out."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from plaudit.badges import worker
from plaudit.badges.kinds import GIF, JPEG, PNG, WEBP, is_svg, kind_of
from plaudit.badges.press import BadImage, press
from plaudit.badges.worker import TooMuch
from plaudit.badges.worker import press as press_here


def picture(name, size=(48, 32), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 5 if mode in "LP" else (200, 30, 30, 128)[: len(mode)]).save(out, name, **options)
    return out.getvalue()


def animation(name, frames=4, size=(20, 20)):
    pictures = [Image.new("RGBA", size, (n * 60 % 256, n // 8, 60, 255)) for n in range(frames)]
    out = io.BytesIO()
    pictures[0].save(out, name, save_all=True, append_images=pictures[1:], duration=70, loop=0)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(width, height):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [PNG, JPEG, WEBP, GIF])
async def test_each_type_stays_its_type_and_its_size(kind):
    badge = await press(picture(kind.name), kind)
    assert kind_of(badge.data) is kind
    assert (badge.width, badge.height) == (48, 32)
    assert badge.name == f"{badge.hash}.{kind.extension}"


async def test_the_same_picture_gets_the_same_name():
    first, second = await press(picture("PNG"), PNG), await press(picture("PNG"), PNG)
    assert first.name == second.name


async def test_fifty_thousand_pixels_square_are_refused_from_the_header_alone():
    with pytest.raises(BadImage, match="more than 16,000,000 pixels"):
        await press(huge_png(50_000, 50_000), PNG)


async def test_a_large_but_allowed_side_is_still_held_to_all_pixels():
    with pytest.raises(BadImage, match="5000 x 4000"):
        await press(huge_png(5_000, 4_000), PNG)


async def test_a_slow_image_is_killed():
    with pytest.raises(BadImage, match=r"longer than 0\.001 s"):
        await press(picture("PNG"), PNG, seconds=0.001)


async def test_a_png_that_unpacks_to_nothing_usable_is_damaged():
    with pytest.raises(BadImage, match="damaged or cut off"):
        await press(huge_png(300, 300), PNG)


@pytest.mark.parametrize("kind", [PNG, JPEG, WEBP, GIF])
def test_every_cut_off_image_is_refused(kind):
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    out = io.BytesIO()
    noise.save(out, kind.name)
    with pytest.raises((OSError, SyntaxError, ValueError)):
        press_here(out.getvalue()[: len(out.getvalue()) // 2], kind.name)


def test_exif_with_a_place_is_gone_and_the_picture_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    pressed, data = press_here(picture("JPEG", exif=exif, comment=b"secret place"), "JPEG")
    assert (pressed.width, pressed.height) == (32, 48)
    assert not Image.open(io.BytesIO(data)).getexif()
    assert b"secret" not in data
    assert b"Exif" not in data


def test_png_texts_and_profiles_are_gone():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "somebody private")
    _, data = press_here(picture("PNG", pnginfo=info, icc_profile=b"profile" * 20, dpi=(300, 300)), "PNG")
    assert Image.open(io.BytesIO(data)).info == {}


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"PK\x03\x04zip", b"%PDF-1.7", b"#!/bin/sh\n"]
)
@pytest.mark.parametrize("kind", [PNG, JPEG, WEBP, GIF])
def test_a_polyglot_loses_its_second_face(kind, tail):
    _, data = press_here(picture(kind.name) + tail, kind.name)
    assert tail not in data


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "1", "I;16"])
def test_every_mode_of_png_is_pressed(mode):
    out = io.BytesIO()
    Image.new(mode, (9, 9)).save(out, "PNG")
    assert press_here(out.getvalue(), "PNG")[0].width == 9


def test_a_cmyk_jpeg_becomes_rgb():
    _, data = press_here(picture("JPEG", mode="CMYK"), "JPEG")
    assert Image.open(io.BytesIO(data)).mode == "RGB"


def test_transparency_survives():
    _, data = press_here(picture("PNG", mode="RGBA"), "PNG")
    assert Image.open(io.BytesIO(data)).getpixel((0, 0)) == (200, 30, 30, 128)


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_frames_and_their_time(name):
    pressed, data = press_here(animation(name), name)
    again = Image.open(io.BytesIO(data))
    assert pressed.frames == again.n_frames == 4
    again.seek(1)
    again.load()
    assert again.info["duration"] == 70
    assert abs(again.convert("RGBA").getpixel((3, 3))[0] - 60) <= 6


def test_a_flood_of_frames_is_refused():
    with pytest.raises(TooMuch, match="300 frames"):
        press_here(animation("GIF", frames=300, size=(2, 2)), "GIF")


def test_the_pixels_of_all_frames_are_counted(monkeypatch):
    monkeypatch.setattr(worker, "PIXELS", 1_000)
    with pytest.raises(TooMuch, match="4 frames of 20 x 20, more than 1,000 pixels in all"):
        press_here(animation("GIF", frames=4, size=(20, 20)), "GIF")


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BM" + b"\0" * 60, b"II*\0" + b"\0" * 40,
     b"\0\0\0\x20ftypavif" + b"\0" * 40, b"RIFF\0\0\0\0WAVE", b"\0\0\1\0ico", b"MZ", b"{}"],
)  # fmt: skip
def test_other_types_are_not_recognised(data):
    assert kind_of(data) is None


@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?>\n<!-- x -->", b"  \n"])
def test_an_svg_is_known_as_one(head):
    assert is_svg(head + b"<SVG onload='alert(1)'></SVG>")


def test_a_page_is_no_svg():
    assert not is_svg(b"<!doctype html><p>hello")
