"""Ids and idempotency keys: what is let in as it is, and what is refused."""

import pytest

from plaudit.model.errors import PlauditError
from plaudit.web.ids import check_id, idempotency_key


@pytest.mark.parametrize(
    "text", ["a", "ada@example.com", "a b", "Ünï", "日本", "🦆", "a" * 255, "{0}", "%41"]
)
def test_clear_ids_are_kept_as_they_are(text):
    assert check_id(text, "id") == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "1 to 255 bytes"),
        ("a" * 256, "this is 256"),
        ("ü" * 128, "this is 256"),
        (" a", "begin or end with a space"),
        ("a\u00a0", "begin or end with a space"),
        ("a\0", "control characters"),
        ("a\u202eb", "marks of writing direction"),
        ("e\u0301", "normal form C"),
        ("\ud800", "valid Unicode"),
    ],
)
def test_ids_that_hide_something_are_refused_with_the_reason(text, why):
    with pytest.raises(PlauditError) as refused:
        check_id(text, "user.id")
    assert refused.value.sentence.startswith("The field user.id must")
    assert why in refused.value.sentence


def test_a_quoted_idempotency_key_is_the_same_as_a_bare_one():
    assert idempotency_key(b'"lesson-1"') == idempotency_key(b"lesson-1") == "lesson-1"
    assert idempotency_key(b'"say \\"hi\\""') == 'say "hi"'
    assert idempotency_key(None) is None


@pytest.mark.parametrize("raw", [b"", b'""', b"a" * 256, b"a\tb", "é".encode()])
def test_other_idempotency_keys_are_refused(raw):
    with pytest.raises(PlauditError, match="1 to 255 printable ASCII"):
        idempotency_key(raw)
