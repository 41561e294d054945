"""Settings, all from the environment with PORTAL_ first. A wrong one refuses to start and says which."""

import difflib
import os
import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.rules.reward import THRESHOLD
from portal.viewmodels.people import Mailing

PREFIX = "PORTAL_"
DEFAULT_DATABASE = "sqlite:///var/portal.sqlite"
SHORTEST_KEY = 32
UNREADABLE = {
    "date": "is not a day; write it like 2009-01-20",
    "bool": "is neither on nor off; write 1 or 0",
    "decimal": "is not a number; write it like 60",
    "int_": "is not a whole number; write it like 1",
}
"""What to say of a value that cannot be read, by what it should be."""
DRIVERS = ("sqlite", "postgresql", "postgresql+psycopg")


class WrongSetting(Exception):
    """A setting that cannot be used; the message names it and says what to write instead."""


class Settings(BaseModel):
    """What the environment may say. Each field is PORTAL_ and its name in capitals."""

    model_config = ConfigDict(frozen=True)

    database_url: str = Field(
        DEFAULT_DATABASE, description="where the data is: sqlite:///FILE or postgresql+psycopg://..."
    )
    secret_key: SecretStr | None = Field(None, description=f"signs cookies; {SHORTEST_KEY} characters or more")
    demo_password: SecretStr | None = Field(
        None, description="the password of the demo accounts, in `portal demo` only"
    )
    today: date | None = Field(
        None, description="pretend that today is this day (YYYY-MM-DD), for due dates and lateness"
    )
    https: bool = Field(False, description="1 where the portal is reached over HTTPS: cookies are then sent only there")
    second_factor: Literal["required", "offered"] = Field(
        "required", description="required: team and administrators sign in with a second factor; offered: whoever likes"
    )
    trusted_proxies: int = Field(
        0, ge=0, le=9, description="how many proxies stand before the portal, each adding to X-Forwarded-For"
    )

    api_token_limit: int = Field(600, ge=1, le=10**6, description="how many requests a minute each API token may make")
    api_public_limit: int = Field(
        600, ge=1, le=10**6, description="how many requests a minute to the API each address may make without a token"
    )

    pool_size: int = Field(5, ge=1, le=100, description="how many connections to PostgreSQL each process keeps")
    pool_overflow: int = Field(
        5, ge=0, le=100, description="how many more connections a process opens while all that it keeps are in use"
    )
    pooler: bool = Field(
        False, description="1 where pgbouncer in transaction mode stands before PostgreSQL: nothing is prepared then"
    )
    replica_url: str = Field(
        "", description="a PostgreSQL replica of the same database, for what the public reads: postgresql+psycopg://..."
    )
    log: Literal["json", "plain"] = Field(
        "json", description="how the log is written: json for programs, plain for people at a screen"
    )
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="the port on which Prometheus is told how the portal does; without it none"
    )
    metrics_host: str = Field("127.0.0.1", description="the address that PORTAL_METRICS_PORT is answered on")

    contact: str = Field(
        "", max_length=120, description="how people reach the partnership team: an e-mail address or a telephone number"
    )

    background: bool = Field(
        True, description="0 where `portal work`, in a process of its own, makes what is made in the background"
    )

    reward_threshold: Decimal = Field(
        THRESHOLD, ge=0, le=100, description="the share of an improvement, in per cent, below which no reward is paid"
    )
    reward_pot: Decimal | None = Field(
        None, gt=0, lt=10**12, description="the reward to be had in all, in pounds; without it only shares are shown"
    )

    smtp_url: SecretStr | None = Field(
        None, description="the mail server for reminders: smtp://USER:PASSWORD@HOST:587 or smtps://..."
    )
    mail_folder: Path | None = Field(
        None, description="a folder that reminders are written into instead, as .eml files"
    )
    pg_bin: Path | None = Field(None, description="the folder of pg_dump and pg_restore, where they are not on PATH")
    mail_from: str = Field("", max_length=254, description="the address that reminders come from")
    base_url: str = Field(
        "", max_length=120, description="the portal's own address, for links in reminders and sign-ons"
    )

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_url(value.get_secret_value(), ("smtp", "smtps")):
            raise ValueError("is not a mail server; write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w.+-]+@[\w.-]+", value, re.ASCII):
            raise ValueError("is not an e-mail address; write one like portal@partnership.example")
        return value

    @field_validator("base_url")
    @classmethod
    def _own_address(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not (_is_url(value, ("http", "https")) and not set("?#@") & set(value)):
            raise ValueError("is not the address of a site; write one like https://portal.partnership.example")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError(
                "is not a database address; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
            ) from None
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError(f"names the database {url.get_backend_name()!r}; the portal runs on sqlite and postgresql")
        if url.drivername not in DRIVERS:
            raise ValueError(f"names the driver {url.drivername!r}; the portal knows {', '.join(DRIVERS)}")
        return value

    @field_validator("replica_url")
    @classmethod
    def _known_replica(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgresql+psycopg://")):
            raise ValueError("is not a PostgreSQL address; write postgresql+psycopg://USER@HOST/NAME")
        return cls._known_database(value) if value else ""

    @model_validator(mode="after")
    def _replica_of_postgresql(self) -> Self:
        if self.replica_url and self.database_url.startswith("sqlite"):
            raise WrongSetting("PORTAL_REPLICA_URL is set, but PORTAL_DATABASE_URL is SQLite, which has no replicas.")
        return self

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"is shorter than {SHORTEST_KEY} characters")
        return value

    def require_mail(self) -> None:
        """WrongSetting where there is a mail server and not what its messages need."""
        needed = {
            "PORTAL_MAIL_FROM": self.mail_from,
            "PORTAL_BASE_URL": self.base_url,
            "PORTAL_SECRET_KEY": self.secret_key,
        }
        missing = [name for name, value in needed.items() if not value]
        if self.smtp_url is not None and missing:
            raise WrongSetting(f"PORTAL_SMTP_URL is set, but not {' and '.join(missing)}: reminders need it.")
        if self.smtp_url is not None and self.mail_folder is not None:
            raise WrongSetting("PORTAL_SMTP_URL and PORTAL_MAIL_FOLDER are both set: reminders go one way.")

    @property
    def mailing(self) -> Mailing | None:
        """What letters with a link need; None where no mail is set up, or not wholly."""
        if (self.smtp_url or self.mail_folder) and self.base_url and self.secret_key:
            return Mailing(self.base_url, self.secret_key.get_secret_value())
        return None

    def require_secret_key(self) -> str:
        """The key; WrongSetting when there is none, for everything but the demo."""
        if self.secret_key is None:
            raise WrongSetting(
                "PORTAL_SECRET_KEY is not set. It signs the sign-in cookies; make one with: "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self.secret_key.get_secret_value()


def _is_url(text: str, schemes: Collection[str]) -> bool:
    try:
        url = urlsplit(text)
        return url.scheme in schemes and bool(url.hostname) and url.port != 0 and text.isprintable() and " " not in text
    except ValueError:
        return False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment, by default this process's. A PORTAL_ variable that is none of ours is refused:
    it is most likely a misspelling, and the setting that was meant would silently keep its default."""
    given = {n: v for n, v in (os.environ if environment is None else environment).items() if n.startswith(PREFIX)}
    fields = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    for variable in given.keys() - fields.keys():
        near = difflib.get_close_matches(variable.removeprefix(PREFIX), [n.removeprefix(PREFIX) for n in fields], 1)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else f"the settings are {', '.join(sorted(fields))}."
        raise WrongSetting(f"{variable} is not a setting of the portal; {hint}")
    try:
        return Settings(**{fields[name]: value for name, value in given.items()})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()}"
        said = next((words for kind, words in UNREADABLE.items() if first["type"].startswith(kind)), first["msg"])
        if first["type"] == "literal_error":
            said = f"is not one of the choices; write {first['ctx']['expected'].replace(chr(39), '')}"
        raise WrongSetting(f"{name}: {said.removeprefix('Value error, ')}.") from None


def package_data(name: str) -> Path:
    """A folder of data that ships with the portal: 'leicester' is Leicester's agreement as CSV files."""
    return Path(__file__).parent / "data" / name
