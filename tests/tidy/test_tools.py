"""The tools that judge every file: lint, format, types and layers. `make check` runs the same ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tidy.house import ROOT

TOOLS = Path(sys.executable).parent

CHECKS = {
    "lint": (["ruff", "check"], "Run `ruff check --fix`, and correct what is left."),
    "format": (["ruff", "format", "--check"], "Run `ruff format`."),
    "types": (["mypy"], "Correct the types; there is no untyped code in src/."),
    "layers": (
        ["lint-imports", "--no-logo", "--no-cache"],
        "Imports run downwards only: move what is shared down, or hand it in as an argument.",
    ),
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_house_passes(check):
    words, advice = CHECKS[check]
    done = subprocess.run(
        [TOOLS / words[0], *words[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert done.returncode == 0, f"{advice}\n{done.stdout}{done.stderr}"
