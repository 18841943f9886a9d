"""Settings come from one table and say what is wrong with a value."""

from pathlib import Path

import pytest

from adverts.errors import StopRun
from adverts.settings import Settings, iter_declarations, load_settings, to_environment


def test_defaults_hold_without_any_variable() -> None:
    assert load_settings({"PATH": "/bin"}) == Settings()


def test_values_are_parsed_to_their_types() -> None:
    settings = load_settings({"ASW_HOME": "/data", "ASW_PORT": "0", "ASW_ASK_REASON": "no"})
    assert (settings.home, settings.port, settings.ask_reason) == (Path("/data"), 0, False)
    assert settings.database_url == "sqlite:////data/asw.db"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ASW_PORT", "x"), ("ASW_ASK_REASON", "maybe"), ("ASW_LOG_LEVEL", "loud"), ("ASW_DATABSE", "x")],
)
def test_a_wrong_setting_is_named_with_exit_code_2(variable: str, value: str) -> None:
    with pytest.raises(StopRun, match=variable) as caught:
        load_settings({variable: value})
    assert caught.value.code == 2


def test_a_child_process_gets_equal_settings() -> None:
    settings = Settings(home=Path("x"), ask_reason=False, lawful_basis="s.35", port=1)
    assert load_settings(to_environment(settings)) == settings


def test_each_setting_has_its_own_variable_and_a_help_sentence() -> None:
    rows = list(iter_declarations())
    assert len({row.variable for row in rows}) == len(rows)
    assert all(row.help.endswith(".") for row in rows)
    secret = {"ASW_DATABASE", "ASW_SEARCH", "ASW_SEARCH_API_KEY", "ASW_SEARCH_PASSWORD", "ASW_WEBHOOK"}
    assert {row.variable for row in rows if row.secret} == secret
