"""Keys: their shape, their checksum, and that nothing of the secret is kept."""

from hashlib import sha256

import pytest

from plaudit.model.catalog import KeyKind
from plaudit.model.keys import RANDOM_BYTES, mint, well_formed

BYTES = bytes(range(RANDOM_BYTES))


@pytest.mark.parametrize(("kind", "mark"), [(KeyKind.ADMIN, "adm_"), (KeyKind.APPLICATION, "app_")])
def test_a_key_is_its_prefix_a_dot_and_a_secret_that_ends_with_a_checksum(kind, mark):
    key = mint(kind, BYTES)
    prefix, _, secret = key.text.partition(".")
    assert prefix == key.prefix
    assert prefix.startswith(mark) and len(prefix) == 12
    assert len(secret) == 49
    assert well_formed(key.text)


def test_what_is_stored_is_the_sha_256_of_the_whole_text():
    key = mint(KeyKind.ADMIN, BYTES)
    assert key.digest == sha256(key.text.encode()).digest()


def test_one_changed_character_anywhere_is_noticed():
    text = mint(KeyKind.ADMIN, BYTES).text
    for place, letter in enumerate(text):
        changed = text[:place] + ("x" if letter != "x" else "y") + text[place + 1 :]
        assert not well_formed(changed)


@pytest.mark.parametrize("text", ["", "x", "adm_", "adm_AAAAAAAA." + "A" * 49, "é" * 62])
def test_other_texts_are_no_keys(text):
    assert not well_formed(text)


def test_other_random_bytes_make_another_key_and_too_few_none():
    assert mint(KeyKind.ADMIN, BYTES[::-1]).text != mint(KeyKind.ADMIN, BYTES).text
    with pytest.raises(ValueError, match="40 random bytes"):
        mint(KeyKind.ADMIN, b"short")
