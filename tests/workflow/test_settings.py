"""Settings: one prefix, read once, checked at the start."""

from pathlib import Path

import pytest

from schema.errors import ConfigurationError
from workflow.settings import CATALOGUE, environment_example, load_settings, read_secret


def test_the_defaults_need_no_environment(tmp_path: Path) -> None:
    """Without a variable the database is SQLite in the data folder and there is no broker."""
    settings = load_settings({}, data=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'chengnuo.sqlite3'}"
    assert settings.broker_url == ""


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"CHENGNUO_LANG": "fr"}, ("CHENGNUO_LANG", "zh, en")),
        ({"CHENGNUO_PORT": "x"}, ("CHENGNUO_PORT", "65535")),
        ({"CHENGNUO_ALLOW_NETWORKS": "10.0.0.0/99"}, ("CHENGNUO_ALLOW_NETWORKS", "10.0.0.0/99")),
        ({"CHENGNUO_DATABSE_URL": "x"}, ("CHENGNUO_DATABSE_URL", ".env.example")),
        ({"CHENGNUO_SMTP_URL": "a", "CHENGNUO_SMTP_URL_FILE": "b"}, ("CHENGNUO_SMTP_URL", "not both")),
        ({"CHENGNUO_SMTP_URL_FILE": "/nowhere"}, ("CHENGNUO_SMTP_URL_FILE", "/nowhere")),
    ],
)
def test_a_wrong_setting_is_named_with_the_way_out(environment: dict[str, str], names: tuple[str, ...]) -> None:
    """The line names the variable and what is allowed."""
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environment)
    assert [name for name in names if name not in str(caught.value)] == []


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    """NAME_FILE is read and stripped."""
    file = tmp_path / "secret"
    file.write_text("canary\n", encoding="utf-8")
    assert read_secret("SMTP_URL", {"CHENGNUO_SMTP_URL_FILE": str(file)}) == "canary"


def test_every_setting_stands_in_the_example() -> None:
    """.env.example lists every setting, and the file in the repository is the generated one."""
    example = environment_example()
    assert [s.name for s in CATALOGUE if f"CHENGNUO_{s.name}=" not in example] == []
    assert (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8") == example
