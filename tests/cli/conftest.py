"""A command line on a database of its own."""

import pytest
from click.testing import CliRunner

from plaudit.cli import main


@pytest.fixture
def database(tmp_path):
    return f"sqlite:{tmp_path / 'data' / 'plaudit.db'}"


@pytest.fixture
def plaudit(database, monkeypatch):
    """Run a command and give its result; ``code`` is the exit code it must have."""
    monkeypatch.setenv("PLAUDIT_DATABASE", database)

    def call(*words, code=0):
        result = CliRunner().invoke(main, words)
        assert result.exit_code == code, f"{result.output}\n{result.exception!r}"
        return result

    return call


@pytest.fixture
def home(plaudit):
    """An environment called ``home``."""
    plaudit("environment", "create", "home")
    return "home"
