"""The house's papers: present, short, and in step with what they describe."""

import re
import tomllib

import pytest
from tests.tidy.house import ROOT, SOURCE, is_made, listed, shown

README_LINES = 150
DECISION_LINES = 60
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
WORDS = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
PAPERS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE")

EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
TEXTS = {".py", ".sql", ".css", ".html", ".svg", ".md", ".toml", ".json", ".js", ".mjs", ".ts", ".tsx"}


@pytest.mark.parametrize("paper", PAPERS)
def test_the_paper_is_there(paper):
    assert len((ROOT / paper).read_text(encoding="utf-8")) > 400, f"Write {paper}."


def test_the_readme_is_short():
    lines = len((ROOT / "README.md").read_text(encoding="utf-8").splitlines())
    assert lines <= README_LINES, f"The README has {lines} lines. Move the rest into docs/."


def test_decisions_are_short_and_numbered():
    for file in (ROOT / "docs" / "decisions").glob("*.md"):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", file.name), f"Call {file.name} NNNN-title.md."
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= DECISION_LINES, f"{file.name} has {lines} lines. Keep context, choice and cost."


def test_every_word_of_make_that_is_named_exists():
    papers = [ROOT / paper for paper in PAPERS[:-1]] + [*(ROOT / "docs").rglob("*.md"), ROOT / ".ci" / "run"]
    wrong = [
        f"{paper.relative_to(ROOT)}: make {word}"
        for paper in papers
        for word in re.findall(
            r"(?:`|^\s*\$? ?)make ([a-z]+)\b", paper.read_text(encoding="utf-8"), re.MULTILINE
        )
        if word not in WORDS
    ]
    assert not wrong, f"Add the word to the Makefile, or correct the paper:{listed(wrong)}"


def test_every_file_a_paper_links_to_exists():
    papers = [ROOT / name for name in PAPERS[:-1]] + list((ROOT / "docs").rglob("*.md"))
    wrong = [
        f"{paper.relative_to(ROOT)}: {link}"
        for paper in papers
        for link in re.findall(r"\]\(([^)#\s]+)", paper.read_text(encoding="utf-8"))
        if not link.startswith(("http", "mailto:")) and not (paper.parent / link).exists()
    ]
    assert not wrong, f"Correct these links:{listed(wrong)}"


def test_the_chain_of_layers_is_told_as_it_is_held():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (each["layers"] for each in contracts["contracts"] if each["type"] == "layers")
    *named, last = [f"({layer})" if "|" in layer else layer for layer in layers]
    chain = " → ".join([*named, "model" if "model" in last else last])
    for paper in ("ARCHITECTURE.md", "CONTRIBUTING.md"):
        told = " ".join((ROOT / paper).read_text(encoding="utf-8").split())
        assert chain in told, f"Write the layers into {paper} as pyproject.toml holds them: {chain}"


def test_no_paper_or_source_uses_emoji():
    """Badges and signs are drawn, never typed; letters of every language are welcome in tests."""
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    sources = [
        file
        for room in (ROOT / "src", ROOT / "dashboard")
        for file in room.rglob("*")
        if file.suffix in TEXTS and not is_made(file) and SOURCE / "web" / "dashboard" not in file.parents
    ]
    found = [
        f"{shown(file)}:{number} {sign[0]!r}"
        for file in (*papers, *sources)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (sign := EMOJI.search(line))
    ]
    assert not found, f"Use a word, or a drawing of our own:{listed(found)}"


def test_the_locks_pin_hashes_and_name_no_index():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text, f"Make {lock} with `make lock`, which pins hashes."
        assert not re.search(r"index-url|https?://|find-links", text), (
            f"{lock} names an index. Make it with `make lock`."
        )
