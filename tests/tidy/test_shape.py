"""The shape of the house: small files, small functions, and a door plate on every room."""

import ast
import re
from statistics import median

from tests.tidy.house import ROOT, SOURCE, functions, listed, python_files, shown, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONG_FUNCTION = 30
MOST_LONG = 0.10
MEDIAN = 9
PLATE_LINES = 5
REASON = re.compile(r"# \w.{5}")

EVERYTHING = python_files(ROOT / "src", ROOT / "tests", ROOT / "benchmarks")


def test_no_file_is_longer_than_400_lines():
    long = [
        f"{shown(file)}: {lines} lines"
        for file in EVERYTHING
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert not long, f"A room that outgrows its file becomes two rooms. Divide:{listed(long)}"


def test_no_function_is_longer_than_60_lines():
    long = [f"{place}: {lines} lines" for place, lines in functions(EVERYTHING) if lines > LONGEST_FUNCTION]
    assert not long, f"Divide these functions into named steps:{listed(long)}"


def test_at_most_one_function_in_ten_is_longer_than_30_lines():
    found = list(functions(python_files(SOURCE)))
    long = [f"{place}: {lines} lines" for place, lines in found if lines > LONG_FUNCTION]
    assert len(long) <= MOST_LONG * len(found), f"Too many long functions. Divide some of:{listed(long)}"


def test_half_of_all_functions_have_at_most_nine_lines():
    middle = median(lines for _, lines in functions(python_files(SOURCE)))
    assert middle <= MEDIAN, (
        f"The median function has {middle} lines. Divide the long ones until it has {MEDIAN}."
    )


def test_every_file_opens_with_a_docstring_of_one_to_five_lines():
    bare = [
        shown(file)
        for file in EVERYTHING
        if not 1 <= len((ast.get_docstring(tree_of(file)) or "").splitlines()) <= PLATE_LINES
    ]
    assert not bare, (
        f"Say in 1 to {PLATE_LINES} lines what the room is for and what it refuses:{listed(bare)}"
    )


def test_every_exception_from_a_rule_says_why():
    """Beside ``noqa`` stands ` - reason`, beside ``type: ignore`` a second comment."""
    silent = [
        f"{shown(file)}:{number}"
        for file in EVERYTHING
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if is_silent(line)
    ]
    assert not silent, (
        f"Write the reason behind it, as in `noqa: code - reason` or `type: ignore[code]  # reason`:"
        f"{listed(silent)}"
    )


def is_silent(line: str) -> bool:
    _, noqa, told = line.partition("# " + "noqa")
    _, ignored, second = line.partition("# " + "type: ignore")
    return bool((noqa and " - " not in told) or (ignored and not REASON.search(second)))


def test_the_rule_on_exceptions_bites():
    for wrong in ("noqa: E501", "type: ignore", "type: ignore[arg-type]", "type: ignore[arg-type]  #"):
        assert is_silent(f"x = 1  # {wrong}"), wrong
    for right in ("noqa: E501 - one sentence", "type: ignore[arg-type]  # loosely typed"):
        assert not is_silent(f"x = 1  # {right}"), right
