"""Signatures, held against the official library of Standard Webhooks, and the published header."""

import base64
import hashlib
import hmac
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from plaudit.model.ids import uuid_text
from plaudit.webhooks.signatures import OVERLAP, new_secret, rotated, signed_headers

BODY = '{"type":"achievement.completed","name":"Füchse 🦊"}'.encode()
MESSAGE = bytes(range(16))
OLD, NEW = new_secret(b"o" * 32), new_secret(b"n" * 32)


def headers_of(secrets, now=None, body=BODY):
    at = round(time.time() * 1000) if now is None else now
    given = signed_headers(secrets, MESSAGE, at, body)
    return {name.decode(): value.decode() for name, value in given}


def test_the_official_library_accepts_a_message():
    headers = headers_of((NEW,))
    assert Webhook(NEW.text).verify(BODY, headers)["type"] == "achievement.completed"
    assert headers["webhook-id"] == uuid_text(MESSAGE)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_the_official_library_refuses_a_message_tampered_with(name):
    headers = headers_of((NEW,))
    # The last letters of a signature hold bits that stand for nothing.
    place = -5 if name == "webhook-signature" else -2
    changed = "0" if headers[name][place] != "0" else "1"
    headers[name] = headers[name][:place] + changed + headers[name][place + 1 :]
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW.text).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW.text).verify(BODY + b" ", headers_of((NEW,)))


def test_an_old_message_is_refused_as_a_replay():
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW.text).verify(BODY, headers_of((NEW,), round(time.time() - 600) * 1000))


def test_both_secrets_verify_during_the_overlap_of_a_rotation():
    now = round(time.time() * 1000)
    secrets = rotated((OLD,), NEW, now)
    for secret in (OLD, NEW):
        Webhook(secret.text).verify(BODY, headers_of(secrets, now))
    after = headers_of(secrets, now + OVERLAP)
    assert after["webhook-signature"].count("v1,") == 1


def test_a_second_rotation_does_not_prolong_the_first_secret():
    first = rotated((OLD,), NEW, 0)
    second = rotated(first, new_secret(b"x" * 32), OVERLAP // 2)
    assert [each.until for each in second] == [None, OVERLAP // 2 + OVERLAP, OVERLAP]
    third = rotated(second, new_secret(b"y" * 32), OVERLAP)
    assert OLD.text not in [each.text for each in third]


def test_the_published_header_is_the_hmac_of_the_body_with_the_newest_secret():
    expected = base64.b64encode(hmac.new(NEW.text.encode(), BODY, hashlib.sha256).digest()).decode()
    assert headers_of((NEW, OLD))["X-Trophy-Signature"] == expected


def test_a_secret_has_the_form_the_libraries_take():
    assert NEW.text.startswith("whsec_")
    assert len(base64.b64decode(NEW.text.removeprefix("whsec_"))) == 32
