"""Settings: the environment over a file over defaults, and a sentence for whatever cannot be used."""

import pytest

from plaudit.config import Settings, SettingsError, load_settings


def test_without_anything_the_embedded_database_is_served_on_this_machine_only():
    assert load_settings({}) == Settings()
    assert Settings().database == "sqlite:plaudit-data/plaudit.db"
    assert (Settings().host, Settings().port, Settings().workers) == ("127.0.0.1", 8000, 1)


def test_the_environment_beats_the_file_and_an_option_beats_both(tmp_path):
    file = tmp_path / "plaudit.toml"
    file.write_text('port = 1\nworkers = 1\nlog = "off"\nhost = "0.0.0.0"\n')
    environ = {"PLAUDIT_CONFIG": str(file), "PLAUDIT_PORT": "2", "PLAUDIT_HOST": "::1"}
    found = load_settings(environ, overrides={"port": 3, "database": None})
    assert (found.port, found.host, found.log) == (3, "::1", "off")


def test_switches_are_read_from_words():
    assert load_settings({"PLAUDIT_DEMO": "true", "PLAUDIT_UNSAFE_DATABASE": "1"}).demo is True
    assert load_settings({"PLAUDIT_DEMO": "0"}).demo is False


def test_an_empty_variable_counts_as_not_set():
    assert load_settings({"PLAUDIT_HOST": "", "PLAUDIT_CONFIG": ""}) == Settings()


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PLAUDIT_PROT": "80"}, ["prot", "Remove", "port"]),
        ({"PLAUDIT_PORT": "eighty"}, ["The setting port is 'eighty'. Give a whole number."]),
        ({"PLAUDIT_WORKERS": "x"}, ["The setting workers is 'x'. Give a whole number."]),
        (
            {"PLAUDIT_WEBHOOK_PORTS": "443,https"},
            ["webhook_ports is '443, https'. Give a list of whole numbers"],
        ),
        ({"PLAUDIT_PORT": "65536"}, ["65536", "65535"]),
        ({"PLAUDIT_LOG": "debug"}, ["The setting log is 'debug'. Give one of: errors, all, off."]),
        ({"PLAUDIT_DEMO": "perhaps"}, ["The setting demo is 'perhaps'. Give true or false."]),
        ({"PLAUDIT_DATABASE": "mysql://x"}, ["mysql://x", "postgresql://"]),
        ({"PLAUDIT_DATABASE": "sqlite:"}, ["sqlite:PATH"]),
        ({"PLAUDIT_WORKERS": "0"}, ["workers", "1 or more"]),
        ({"PLAUDIT_WORKERS": "2"}, ["SQLite", "one writing process", "PostgreSQL"]),
        ({"PLAUDIT_BASE_URL": "plaudit.example.com"}, ["base_url", "https://"]),
        ({"PLAUDIT_BASE_URL": "https://plaudit.example.com/?a=1"}, ["base_url"]),
        ({"PLAUDIT_CORS_ORIGINS": "app.example.com"}, ["cors_origins", "https://"]),
        ({"PLAUDIT_CORS_ORIGINS": "https://a.example,https://b.example/app"}, ["b.example/app"]),
        ({"PLAUDIT_CONFIG": "missing.toml"}, ["missing.toml", "Check its path"]),
    ],
)
def test_what_cannot_be_used_is_named_in_a_sentence(environ, words):
    with pytest.raises(SettingsError) as refused:
        load_settings(environ)
    for word in words:
        assert word in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ports = 1\n", "ports"),
        ("port = \n", "TOML"),
        ('port = "x"\n', "port is 'x'. Give a whole number"),
        ("host = 1\n", "host is '1'. Give a text"),
        ("base_url = 1\n", "base_url is '1'. Give a text"),
        ('cors_origins = "*"\n', "cors_origins is '[*]'. Give a list of texts"),
    ],
)
def test_a_bad_file_is_refused(tmp_path, text, word):
    file = tmp_path / "plaudit.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=word):
        load_settings({}, str(file))


def test_postgresql_may_have_several_workers():
    found = load_settings({"PLAUDIT_DATABASE": "postgresql://localhost/plaudit", "PLAUDIT_WORKERS": "4"})
    assert found.workers == 4
    assert not found.is_sqlite
