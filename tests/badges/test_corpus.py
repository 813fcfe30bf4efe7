"""Two hundred and more broken images: each is refused with a sentence, or comes out clean and of its type."""

import io
import random

import pytest
from PIL import Image

from plaudit.badges.kinds import KINDS, kind_of
from plaudit.badges.worker import PIXELS, answer

TRIES = 52
MARK = b"<script>alert('badge')</script>"


def original(name, seed):
    rng = random.Random(seed)
    size = (rng.randrange(1, 50), rng.randrange(1, 50))
    picture = Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3))
    out = io.BytesIO()
    if name == "GIF" or seed % 3 == 0:
        more = [picture.rotate(90 * turn) for turn in (1, 2)]
        options = {} if name == "JPEG" else {"save_all": True, "append_images": more}
        picture.save(out, name, **options)
    else:
        picture.save(out, name)
    return bytearray(out.getvalue())


def broken(name, seed):
    """Flip bytes, cut, repeat or lengthen an image, keeping its first twelve bytes."""
    rng = random.Random(seed)
    data = original(name, seed)
    for _ in range(rng.randrange(1, 12)):
        data[rng.randrange(12, len(data))] = rng.randrange(256)
    match seed % 4:
        case 0:
            del data[rng.randrange(12, len(data)) :]
        case 1:
            data += MARK
        case 2:
            place = rng.randrange(12, len(data))
            data[place:place] = data[place : place + 64] + MARK
        case _:
            data[16:20] = b"\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize("name", KINDS)
def test_broken_images_are_refused_or_come_out_clean(name):
    outcomes = set()
    for seed in range(TRIES):
        pressed, data = answer(broken(name, seed), name)
        outcomes.add(pressed.refusal is None)
        if pressed.refusal is not None:
            assert data == b""
            assert pressed.refusal.startswith("The ")
            assert pressed.refusal.endswith(".")
            continue
        assert kind_of(data) is KINDS[name]
        assert MARK not in data
        with Image.open(io.BytesIO(data)) as again:
            again.load()
            assert again.width * again.height <= PIXELS
            assert again.size == (pressed.width, pressed.height)
    assert False in outcomes
