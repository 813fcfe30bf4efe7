"""Every error has a status, a sentence, a code, and what its status needs."""

import json
import logging
import string

import pytest

from plaudit.model.errors import Code, PlauditError
from plaudit.storage.port import Unavailable
from plaudit.web.door import fault_answer
from plaudit.web.errors import STATUS, error_answer


def error_of(code):
    words = {name for _, name, _, _ in string.Formatter().parse(code.value) if name}
    return PlauditError(code, **dict.fromkeys(words, "7"))


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_status_and_a_sentence_that_ends(code):
    answer = error_answer(error_of(code))
    body = json.loads(answer.body)
    assert answer.status == STATUS[code] >= 400
    assert body["code"] == code.name.lower()
    assert body["error"].endswith(".")
    assert (b"x-content-type-options", b"nosniff") in answer.headers


@pytest.mark.parametrize(
    "code", [code for code in Code if STATUS[code] in {429, 503} or "{seconds}" in code.value]
)
def test_what_may_be_tried_again_says_when(code):
    assert (b"retry-after", b"7") in error_answer(error_of(code)).headers


def test_an_unauthorised_caller_is_told_where_the_key_goes():
    headers = dict(error_answer(PlauditError(Code.MISSING_KEY)).headers)
    assert b"X-API-KEY" in headers[b"www-authenticate"]


def test_a_database_that_is_away_is_a_503():
    answer, sentence = fault_answer(Unavailable("disk full"))
    assert answer.status == 503
    assert "disk full" not in sentence


def test_what_nobody_expected_is_a_500_with_a_reference_that_the_log_knows(caplog):
    with caplog.at_level(logging.ERROR, "plaudit.requests"):
        answer, sentence = fault_answer(RuntimeError("secret detail"))
    (record,) = caplog.records
    assert answer.status == 500
    assert record.facts["reference"] in sentence
    assert "secret detail" not in sentence
    assert record.exc_info[1].args == ("secret detail",)
