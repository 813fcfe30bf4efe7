"""The closed list of errors: every code has a status and a use, and every sentence says what to do."""

import re

import pytest
from tests.tidy.house import SOURCE, python_files

from plaudit.model.errors import Code
from plaudit.web.errors import STATUS

LIST = SOURCE / "model" / "errors.py"
TABLE = SOURCE / "web" / "errors.py"
CODE = "\n".join(
    file.read_text(encoding="utf-8") for file in python_files(SOURCE) if file not in {LIST, TABLE}
)


def test_every_code_has_a_status():
    missing = [code.name for code in Code if code not in STATUS]
    assert not missing, f"Give these codes a status in web/errors.py: {', '.join(missing)}."


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_code_is_used(code):
    used = f"Code.{code.name}" in CODE or f"Code.{code.name}" in TABLE.read_text().replace(
        f"    Code.{code.name}:", ""
    )
    assert used, f"Nothing raises {code.name}. Remove it from model/errors.py."


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_sentence_is_whole(code):
    sentence = code.value
    assert sentence[0].isupper() or sentence.startswith(("{", "value ")), (
        "Begin the sentence with a capital letter."
    )
    assert sentence.endswith("."), "End the sentence with a full stop."
    assert not re.search(r"\b(please|oops|sorry|failed to)\b", sentence, re.IGNORECASE), (
        "Say plainly what to do."
    )
