"""Bodies become typed structs, and every bad one gets one sentence that names the field."""

import re

import pytest
from msgspec import Raw

from plaudit.model.amounts import LIMIT, to_text
from plaudit.model.errors import Code, PlauditError
from plaudit.web.decode import amount, read_body, sentence_of
from plaudit.web.drafts import colons_of_event, event_decoder, read_event, updated_decoder

GOOD = b'{"user":{"id":"ada"},"value":10}'


def code_of(body):
    with pytest.raises(PlauditError) as refused:
        read_event(body)
    return refused.value.code, refused.value.sentence


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("Expected `str`, got `int` - at `$.user.id`", "user.id must be a string, not a whole number"),
        (
            "Expected `bool | null`, got `str` - at `$.user.subscribeToEmails`",
            "user.subscribeToEmails must be true or false or null, not a string",
        ),
        ("Object missing required field `id` - at `$.user`", "user.id is missing"),
        ("Object missing required field `value`", "value is missing"),
        ("Expected `object`, got `array`", "The body must be an object, not a list"),
        (
            "Expected `str`, got `int` - at `$.attributes[...]`",
            "attributes.* must be a string, not a whole number",
        ),
        ("Expected `str`, got `int` - at `$[3].name`", "[3].name must be a string, not a whole number"),
        ("Invalid enum value 'x' - at `$[0].trigger`", "[0].trigger cannot be 'x'"),
        ("Expected `array` of length >= 1", "The body: expected `array` of length >= 1"),
    ],
)
def test_what_the_decoder_says_becomes_our_sentence(why, sentence):
    assert sentence_of(why) == sentence


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        b'{"user":{"id":"a:b"},"value":10}',
        b'{"user" : {"id" : "ada"}, "value" : 10}',
        b'{"user":{"id":"ada","name":"a\\"b\\u003a"},"value":10}',
        b'{"user":{"id":"ada"},"value":10,"timestamp":"2026-01-01T10:00:00Z"}',
        b'{"user":{"id":"ada","attributes":{"plan":"pro"}},"value":10,"attributes":{"a":"b","c":"d"}}',
        b'{"user":{"id":"ada","attributes":null},"value":10,"attributes":null,"timestamp":null}',
        b'{"user":{"id":"ada"},"value":10,"newer":{"field":[1,2]}}',
    ],
)
def test_a_good_event_is_read(body):
    assert amount(read_event(body).value, "value") == 10_000_000


@pytest.mark.parametrize(
    "body",
    [
        b'{"user":{"id":"ada"},"value":1,"value":10}',
        b'{"user":{"id":"ada"},"value" :1,"value":10}',
        b'{"user":{"id":"ada"},"value":1,"v\\u0061lue":10}',
        b'{"user":{"id":"ada","name":"\\u003a"},"value":1,"value":10}',
        b'{"user":{"id":"ada"},"value":1,"attributes":{"a":"x","a":"y"}}',
        b'{"user":{"id":"ada"},"value":1,"newer":{"a":1,"a":2}}',
    ],
)
def test_a_field_sent_twice_is_noticed_however_it_is_written(body):
    code, sentence = code_of(body)
    assert code is Code.INVALID_BODY
    assert "is sent twice" in sentence


def test_plain_bodies_are_recognised_by_their_colons():
    for body in (
        GOOD,
        b'{"user":{"id":"ada","email":"a@b.c","tz":"UTC","deviceTokens":["x"]},"value":10,"attributes":{"a":"b"}}',
    ):
        assert colons_of_event(event_decoder.decode(body)) == body.count(b":")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it ends too early"),
        (b"{", "it ends too early"),
        (b"\xff\xfe{", "invalid character"),
        (b'{"user":{"id":"\xff"},"value":1}', "it is not UTF-8"),
        (b'{"user":{"id":"\\ud800"},"value":1}', "surrogate"),
        (b'{"user":{"id":"\\udc00"},"value":1}', "surrogate"),
    ],
)
def test_what_is_no_json_says_why(body, why):
    code, sentence = code_of(body)
    assert code is Code.MALFORMED_JSON
    assert why in sentence


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e999999999", b"9" * 9999]
)
def test_numbers_that_are_not_finite_or_too_large(number):
    body = b'{"user":{"id":"ada"},"value":' + number + b"}"
    with pytest.raises(PlauditError) as refused:
        amount(read_event(body).value, "value")
    assert refused.value.code is Code.VALUE_OUT_OF_RANGE


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (b"0", 0),
        (b"-0", 0),
        (b"1", 1_000_000),
        (b"1.0", 1_000_000),
        (b"10e-1", 1_000_000),
        (b"-2.5", -2_500_000),
        (b"0.0000005", 0),
        (b"0.0000015", 2),
        (b"1e-999999999", 0),
        (b"0.1000000000000000055511151231257827", 100_000),
        (to_text(LIMIT).encode(), LIMIT),
        (to_text(-LIMIT).encode(), -LIMIT),
    ],
)
def test_numbers_are_read_as_written_half_even(text, units):
    assert amount(Raw(text), "value") == units


@pytest.mark.parametrize("text", [b"9007199254.740992", b"-9007199254.740992", b"9007199255"])
def test_one_unit_beyond_the_limit_is_refused(text):
    with pytest.raises(PlauditError, match=re.escape("9007199254.740991")):
        amount(Raw(text), "value")


@pytest.mark.parametrize("text", [b'"1"', b"true", b"null", b"[1]", b"{}"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(PlauditError, match="The field value must be a number"):
        amount(Raw(text), "value")


@pytest.mark.parametrize("levels", [15, 16, 500, 100_000])
def test_nesting_ends_at_sixteen_levels(levels):
    body = b'{"newer":' + b"[" * levels + b"]" * levels + b"}"
    if levels < 16:
        read_body(body, updated_decoder)
        return
    with pytest.raises(PlauditError, match="nested deeper than 16 levels"):
        read_body(body, updated_decoder)


def test_brackets_inside_texts_are_no_nesting():
    read_body(b'{"name":"' + b"[{" * 100 + b'"}', updated_decoder)
