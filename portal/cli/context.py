"""What every command needs: the settings, the database, and plain words when something is wrong."""

from dataclasses import replace
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup

from models.rules.broken import RuleBroken
from portal.actor import OPERATOR, Actor
from portal.database import Database, configured
from portal.errors import NotFound, PortalError
from portal.migrate import NotMigrated, require_current
from portal.settings import Settings, WrongSetting, read_settings


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say what is wrong and end with an error."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


class Commands(TyperGroup):
    """A group of commands that ends with a sentence, not with a traceback: 2 for a wrong setting, 1 for a refusal."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WrongSetting as error:
            fail(f"Wrong setting: {error}", 2)
        except (NotFound, NotMigrated) as error:  # it may well be in another database than this one
            fail(f"{error}\nThe database is {_address()}; set PORTAL_DATABASE_URL for another one.")
        except (PortalError, RuleBroken) as error:
            fail(str(error))
        except BrokenPipeError:  # whoever reads the answer, as `head` does, has read enough: nothing to complain of
            raise
        except OSError as error:
            fail(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")
        except SQLAlchemyError as error:
            fail(f"The database cannot be used: {str(error).splitlines()[0]}")


def _address() -> str:
    return make_url(settings().database_url).render_as_string(hide_password=True)


Agreement = Annotated[
    str, typer.Option("--agreement", help="The agreement's key, where there are several; by default the usual one.")
]


def operator(agreement: str) -> Actor:
    """Whoever holds the command line, working on an agreement."""
    return replace(OPERATOR, agreement=agreement)


def settings() -> Settings:
    """The settings of the environment."""
    return read_settings()


def database(*, migrated: bool = True) -> Database:
    """The database of the settings; refused when its tables are not the present ones."""
    found = settings()
    base = configured(found)
    if migrated:
        require_current(base)
    return base
