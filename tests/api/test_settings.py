"""Settings: what stands in variables and arguments, what a wrong value is told, and what may never change."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from api.cli import app
from api.errors import SettingsProblem
from api.settings import Settings, read_settings


def test_every_setting_has_a_default_and_a_description() -> None:
    assert read_settings() == Settings()
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} is not described"
        assert field.description.endswith("."), f"{name} is not described in a sentence"


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "9000")
    monkeypatch.setenv("STANCEBASE_STATEMENT_SECONDS", "0.5")
    settings = read_settings()
    assert (settings.port, settings.statement_seconds) == (9000, 0.5)


def test_arguments_go_before_variables_and_none_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "9000")
    monkeypatch.setenv("STANCEBASE_HOST", "0.0.0.0")
    settings = read_settings(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


WRONG = {
    ("PORT", "abc"): ("STANCEBASE_PORT=abc: input should be a valid integer, unable to parse string as an integer"),
    ("PORT", "70000"): "STANCEBASE_PORT=70000: input should be less than or equal to 65535",
    ("HOST", ""): "STANCEBASE_HOST=: string should have at least 1 character",
    ("STATEMENT_SECONDS", "0"): "STANCEBASE_STATEMENT_SECONDS=0: input should be greater than 0",
    ("STATEMENT_SECONDS", "inf"): "STANCEBASE_STATEMENT_SECONDS=inf: input should be a finite number",
    ("READER_THREADS", "0"): "STANCEBASE_READER_THREADS=0: input should be greater than or equal to 1",
    ("CORS_ORIGINS", "https://a.example"): ('STANCEBASE_CORS_ORIGINS: write it as a JSON list, as in ["a", "b"]'),
    ("MAX_PAGE_SIZE", "10"): (
        "STANCEBASE_DEFAULT_PAGE_SIZE=20 is more than STANCEBASE_MAX_PAGE_SIZE=10: raise the second or lower the first"
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.items(), ids=[f"{name}={value}" for name, value in WRONG])
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, str], message: str) -> None:
    monkeypatch.setenv(f"STANCEBASE_{wrong[0]}", wrong[1])
    with pytest.raises(SettingsProblem) as refused:
        read_settings()
    assert str(refused.value) == message


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "abc")
    monkeypatch.setenv("STANCEBASE_MAX_DEPTH", "-1")
    with pytest.raises(SettingsProblem) as refused:
        read_settings()
    assert [line.split("=")[0] for line in str(refused.value).splitlines()] == [
        "STANCEBASE_PORT",
        "STANCEBASE_MAX_DEPTH",
    ]


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file `.env` of the working directory."""
    monkeypatch.chdir(tmp_path)
    for module in ("api.settings", "api.variables"):
        monkeypatch.setattr(f"{module}.ENV_FILE", Path(".env"))
    return tmp_path / ".env"


def test_a_file_sets_what_the_environment_does_not(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text("STANCEBASE_PORT=9000\nSTANCEBASE_CORS_ORIGINS='[\"https://a.example\"]'\nOTHERS=1\n", "utf-8")
    monkeypatch.setenv("STANCEBASE_PORT", "9001")
    settings = read_settings()
    assert (settings.port, settings.cors_origins) == (9001, ["https://a.example"])
    assert read_settings(port=9002).port == 9002


def test_a_wrong_value_in_the_file_is_named(env_file: Path) -> None:
    env_file.write_text("STANCEBASE_MAX_DEPTH=deep\n", "utf-8")
    with pytest.raises(SettingsProblem, match=r"^STANCEBASE_MAX_DEPTH=deep: input should be a valid integer"):
        read_settings()


def test_a_file_that_is_no_text_is_refused(env_file: Path) -> None:
    env_file.write_bytes(b"STANCEBASE_HOST=\xff\n")
    with pytest.raises(SettingsProblem, match=r"^\.env is not UTF-8: save it as that$"):
        read_settings()


def test_a_misspelled_name_is_refused(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PROT", "1")
    monkeypatch.setenv("STANCEBASE_COLOUR_OF_THE_SKY", "blue")
    monkeypatch.setenv("STANCEBASE_TEST_POSTGRES_URL", "postgresql://localhost")
    env_file.write_text("stancebase_worker=2\n", "utf-8")
    with pytest.raises(SettingsProblem) as refused:
        read_settings()
    assert str(refused.value).splitlines() == [
        "STANCEBASE_COLOUR_OF_THE_SKY is set in the environment, and there is no such setting."
        " Take it out, and `stancebase settings` lists them all",
        "STANCEBASE_PROT is set in the environment, and there is no such setting. Did you mean 'STANCEBASE_PORT'?",
        "STANCEBASE_WORKER is set in .env, and there is no such setting. Did you mean 'STANCEBASE_WORKERS'?",
    ]


def test_the_command_tells_each_setting_with_its_source(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text("STANCEBASE_WORKERS=4\nSTANCEBASE_PORT=1\n", "utf-8")
    monkeypatch.setenv("STANCEBASE_HOST", "0.0.0.0")
    told = CliRunner().invoke(app, ["settings", "--port", "9000", "--no-proxy-headers"])
    assert (told.exit_code, told.stderr) == (0, "")
    lines = told.stdout.splitlines()
    assert lines[1::2] == [f"    {field.description}" for field in Settings.model_fields.values()]
    values = dict(line.split("=", 1) for line in lines[::2])
    assert list(values) == [f"STANCEBASE_{name.upper()}" for name in Settings.model_fields]
    assert values["STANCEBASE_HOST"] == "0.0.0.0  (environment)"
    assert values["STANCEBASE_PORT"] == "9000  (flag)"
    assert values["STANCEBASE_PROXY_HEADERS"] == "false  (flag)"
    assert values["STANCEBASE_WORKERS"] == "4  (.env)"
    assert values["STANCEBASE_SSL_KEYFILE"] == "  (default)"
    assert values["STANCEBASE_CORS_ORIGINS"] == '["*"]  (default)'


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sqlite:///x.db", "sqlite:///x.db"),
        ("postgresql://ann:s3cret@db.example/stances", "postgresql://ann:***@db.example/stances"),
        ("postgresql//ann:s3cret@db.example", "***"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_password_is_not_told(address: str, told: str) -> None:
    output = CliRunner().invoke(app, ["settings", "--database-url", address]).stdout
    assert output.startswith(f"STANCEBASE_DATABASE_URL={told}  (flag)\n")
    assert "s3cret" not in output


def test_a_wrong_value_stops_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_LOG_LEVEL", "loud")
    told = CliRunner().invoke(app, ["settings"])
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == (
        "stancebase: STANCEBASE_LOG_LEVEL=loud: input should be 'debug', 'info', 'warning' or 'error'\n"
    )
