"""Settings come from PORTAL_ variables alone, and a wrong one refuses to start by its name."""

import os
from datetime import date

import pytest

from portal.settings import DEFAULT_DATABASE, Settings, WrongSetting, package_data, read_settings

KEY = "k" * 32


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine that tests has set."""
    for variable in list(os.environ):
        if variable.upper().startswith("PORTAL_"):
            monkeypatch.delenv(variable)


def refused(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> str:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSetting) as caught:
        read_settings()
    return str(caught.value)


def test_the_number_of_proxies_is_a_small_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().trusted_proxies == 0
    for value in ("-1", "10", "one"):
        assert "PORTAL_TRUSTED_PROXIES" in refused(monkeypatch, "PORTAL_TRUSTED_PROXIES", value)
    monkeypatch.setenv("PORTAL_TRUSTED_PROXIES", "2")
    assert read_settings().trusted_proxies == 2


def test_everything_has_a_default_but_the_secret_key() -> None:
    settings = read_settings()
    assert (settings.database_url, settings.today, settings.https) == (DEFAULT_DATABASE, None, False)
    assert (settings.secret_key, settings.demo_password) == (None, None)
    assert settings.database_url == "sqlite:///var/portal.sqlite"


def test_every_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql+psycopg://portal@db/portal",
        "SECRET_KEY": KEY,
        "DEMO_PASSWORD": "a demo",
        "TODAY": "2009-01-20",
        "HTTPS": "1",
    }.items():
        monkeypatch.setenv(f"PORTAL_{name}", value)
    settings = read_settings()
    assert settings.database_url == "postgresql+psycopg://portal@db/portal"
    assert settings.require_secret_key() == KEY
    assert settings.demo_password is not None
    assert settings.demo_password.get_secret_value() == "a demo"
    assert (settings.today, settings.https) == (date(2009, 1, 20), True)


def test_settings_may_be_read_from_a_given_environment() -> None:
    assert read_settings({"PORTAL_TODAY": "2009-01-20", "HOME": "/"}).today == date(2009, 1, 20)
    with pytest.raises(WrongSetting, match="PORTAL_SECRET_KEY"):
        read_settings({"PORTAL_SECRET_KEY": "short"})


@pytest.mark.parametrize("url", ["sqlite:///x.sqlite", "postgresql://u@h/n", "postgresql+psycopg://u@h/n"])
def test_sqlite_and_postgresql_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    assert read_settings().database_url == url


@pytest.mark.parametrize("url", ["", "var/portal.sqlite", "not an address"])
def test_what_is_no_database_address_is_refused_with_how_to_write_one(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    assert refused(monkeypatch, "PORTAL_DATABASE_URL", url) == (
        "PORTAL_DATABASE_URL: is not a database address; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
    )


@pytest.mark.parametrize("backend", ["mysql", "mssql", "oracle", "postgres"])
def test_a_database_that_the_portal_does_not_run_on_is_refused(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    assert refused(monkeypatch, "PORTAL_DATABASE_URL", f"{backend}://u:hush@h/n") == (
        f"PORTAL_DATABASE_URL: names the database '{backend}'; the portal runs on sqlite and postgresql."
    )


@pytest.mark.parametrize("driver", ["sqlite+nosuch", "sqlite+aiosqlite", "postgresql+psycopg2"])
def test_a_driver_that_the_portal_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    said = refused(monkeypatch, "PORTAL_DATABASE_URL", f"{driver}://u:hush@h/n")
    assert said.startswith(f"PORTAL_DATABASE_URL: names the driver '{driver}'; the portal knows sqlite, ")
    assert "hush" not in said


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_a_short_secret_key_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    said = refused(monkeypatch, "PORTAL_SECRET_KEY", key)
    assert said == "PORTAL_SECRET_KEY: is shorter than 32 characters."


@pytest.mark.parametrize("value", ["", "yesterday", "20-01-2009", "2009-02-29", "2009-01-20T10:00:00"])
def test_a_day_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    said = refused(monkeypatch, "PORTAL_TODAY", value)
    assert said == "PORTAL_TODAY: is not a day; write it like 2009-01-20."


def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(monkeypatch, "PORTAL_HTTPS", "perhaps") == "PORTAL_HTTPS: is neither on nor off; write 1 or 0."


def test_a_second_factor_is_required_unless_it_is_said_to_be_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().second_factor == "required"
    for value in ("", "off", "Offered", "0"):
        assert refused(monkeypatch, "PORTAL_SECOND_FACTOR", value) == (
            "PORTAL_SECOND_FACTOR: is not one of the choices; write required or offered."
        )
    monkeypatch.setenv("PORTAL_SECOND_FACTOR", "offered")
    assert read_settings().second_factor == "offered"


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("PORTAL_DATABSE_URL", "PORTAL_DATABASE_URL"),
        ("PORTAL_SECRETKEY", "PORTAL_SECRET_KEY"),
        ("PORTAL_DEMO_PASSWD", "PORTAL_DEMO_PASSWORD"),
        ("PORTAL_TODAYS", "PORTAL_TODAY"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, misspelt: str, meant: str
) -> None:
    assert refused(monkeypatch, misspelt, "x") == f"{misspelt} is not a setting of the portal; did you mean {meant}?"


@pytest.mark.parametrize("name", ["PORTAL_ZZZZ", "PORTAL_WORKERS", "PORTAL_DEBUG"])
def test_a_setting_that_is_like_no_other_is_refused_with_the_list(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """That it begins with PORTAL_ makes it like none of them."""
    assert refused(monkeypatch, name, "x") == (
        f"{name} is not a setting of the portal; the settings are "
        "PORTAL_API_PUBLIC_LIMIT, PORTAL_API_TOKEN_LIMIT, PORTAL_BACKGROUND, PORTAL_BASE_URL, PORTAL_CONTACT, "
        "PORTAL_DATABASE_URL, PORTAL_DEMO_PASSWORD, PORTAL_HTTPS, PORTAL_LOG, PORTAL_MAIL_FOLDER, PORTAL_MAIL_FROM, "
        "PORTAL_METRICS_HOST, PORTAL_METRICS_PORT, PORTAL_PG_BIN, PORTAL_POOLER, PORTAL_POOL_OVERFLOW, "
        "PORTAL_POOL_SIZE, PORTAL_REPLICA_URL, PORTAL_REWARD_POT, PORTAL_REWARD_THRESHOLD, "
        "PORTAL_SECOND_FACTOR, PORTAL_SECRET_KEY, PORTAL_SMTP_URL, PORTAL_TODAY, PORTAL_TRUSTED_PROXIES."
    )


def test_a_replica_is_of_postgresql_and_has_a_pool_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    there = "postgresql+psycopg://portal@replica/portal"
    assert "SQLite, which has no replicas" in refused(monkeypatch, "PORTAL_REPLICA_URL", there)
    monkeypatch.setenv("PORTAL_DATABASE_URL", "postgresql://portal@db/portal")
    assert "PORTAL_REPLICA_URL: is not a PostgreSQL address" in refused(
        monkeypatch, "PORTAL_REPLICA_URL", "sqlite:///x"
    )
    monkeypatch.setenv("PORTAL_REPLICA_URL", there)
    assert (read_settings().replica_url, read_settings().pool_size, read_settings().pool_overflow) == (there, 5, 5)
    assert "PORTAL_POOL_SIZE" in refused(monkeypatch, "PORTAL_POOL_SIZE", "0")


def test_other_programs_variables_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTALS_OPEN", "x")
    monkeypatch.setenv("MY_PORTAL_TODAY", "x")
    assert read_settings().today is None


def test_a_missing_secret_key_says_how_to_make_one() -> None:
    with pytest.raises(WrongSetting) as caught:
        read_settings().require_secret_key()
    assert str(caught.value).startswith("PORTAL_SECRET_KEY is not set.")
    assert "secrets.token_urlsafe(48)" in str(caught.value)


def test_no_secret_is_shown_where_settings_are_printed() -> None:
    settings = Settings(secret_key=KEY, demo_password="hush hush")
    assert KEY not in f"{settings!r} {settings}"
    assert "hush" not in f"{settings!r} {settings}"


def test_leicesters_files_ship_with_the_portal() -> None:
    assert (package_data("leicester") / "returns_2008_09_q2.csv").is_file()
