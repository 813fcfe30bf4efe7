"""What import-linter cannot see: clocks and randomness by name, printing, and paths of a machine."""

import ast
import re

from tests.tidy.house import ROOT, SOURCE, is_made, listed, python_files, shown, tree_of

IMPURE = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("uuid", "uuid4"),
}
"""Calls that give another answer each time."""

PRINTERS = {SOURCE / "commands", SOURCE / "cli.py"}
MACHINE = re.compile(r"""["'`(\s=](/(?:home|root|work|Users|mnt|opt/[a-z]+-more)/[\w./-]+)""")
TEXTS = {".py", ".md", ".toml", ".sql", ".lock", ".yml", ".yaml", ".json", ".ts", ".tsx", ".css", ".html", ""}
LARGEST = 1_000_000


def _calls(file, wanted):
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call):
            name = node.func
            if isinstance(name, ast.Attribute) and isinstance(name.value, ast.Name):
                if (name.value.id, name.attr) in wanted:
                    yield f"{shown(file)}:{node.lineno} {name.value.id}.{name.attr}()"
            elif isinstance(name, ast.Name) and ("", name.id) in wanted:
                yield f"{shown(file)}:{node.lineno} {name.id}()"


def test_model_and_engine_read_no_clock_and_no_randomness():
    found = [
        call for file in python_files(SOURCE / "model", SOURCE / "engine") for call in _calls(file, IMPURE)
    ]
    assert not found, f"Time and randomness enter as arguments. Hand them in:{listed(found)}"


def test_operations_read_no_clock():
    """An act is told the time by whoever calls it, so that tests can set it."""
    found = [call for file in python_files(SOURCE / "operations") for call in _calls(file, IMPURE)]
    assert not found, f"Take `now` as an argument instead of reading a clock:{listed(found)}"


def test_only_the_command_line_prints():
    files = [file for file in python_files(SOURCE) if not PRINTERS.intersection({file, *file.parents})]
    found = [call for file in files for call in _calls(file, {("", "print"), ("click", "echo")})]
    assert not found, f"Log it, or give it back to the caller:{listed(found)}"


def test_no_file_names_a_path_of_a_machine():
    found = []
    for file in sorted(ROOT.rglob("*")):
        if file.suffix not in TEXTS or is_made(file) or not file.is_file():
            continue
        if file.stat().st_size < LARGEST and file.name != ".git":
            text = file.read_text(encoding="utf-8", errors="ignore")
            found += [f"{shown(file)}: {path}" for path in MACHINE.findall(text)]
    assert not found, f"A path of one machine means nothing on another. Make these relative:{listed(found)}"
