"""Settings, all from the environment with PORTAL_ first. A wrong one refuses to start and says which."""

import difflib
import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from models.rules.reward import THRESHOLD

PREFIX = "PORTAL_"
DEFAULT_DATABASE = "sqlite:///var/portal.sqlite"
SHORTEST_KEY = 32
UNREADABLE = {
    "date": "is not a day; write it like 2009-01-20",
    "bool": "is neither on nor off; write 1 or 0",
    "decimal": "is not a number; write it like 60",
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
    trusted_proxies: int = Field(
        0, ge=0, le=9, description="how many proxies stand before the portal, each adding to X-Forwarded-For"
    )

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

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"is shorter than {SHORTEST_KEY} characters")
        return value

    def require_secret_key(self) -> str:
        """The key; WrongSetting when there is none, for everything but the demo."""
        if self.secret_key is None:
            raise WrongSetting(
                "PORTAL_SECRET_KEY is not set. It signs the sign-in cookies; make one with: "
                "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self.secret_key.get_secret_value()


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
        raise WrongSetting(f"{name}: {said.removeprefix('Value error, ')}.") from None


def package_data(name: str) -> Path:
    """A folder of data that ships with the portal: 'leicester' is Leicester's agreement as CSV files."""
    return Path(__file__).parent / "data" / name
