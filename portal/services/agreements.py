"""Several agreements beside each other: which there are, which one is shown, and choosing another."""

from sqlalchemy import update

from models.agreement import Agreement
from models.people import SignIn
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.passwords import digest
from portal.policy import Action, require
from portal.records.agreement import agreements, shown_agreement
from portal.viewmodels.agreements import AgreementLine, Agreements


def choice(database: Database, actor: Actor) -> Agreements | None:
    """The agreement that the actor is shown, with all that there are to choose from; None when none is loaded.
    NotFound where the actor asks for one that is not there."""
    require(actor, Action.AGREEMENT_READ)
    with database.read(actor, replica=True) as session:
        found = agreements(session)
        shown = shown_agreement(session, found)
        return Agreements(_line(shown), tuple(map(_line, found))) if shown else None


def choose(database: Database, actor: Actor, token: str, key: str) -> None:
    """Show another agreement from now on, in the session of this token alone. It is kept with the session's row.
    NotFound for a key of none that can be shown."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        chosen = next((one for one in agreements(session) if one.key == key), None)
        if chosen is None:
            raise NotFound("There is no such agreement to choose.")
        session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(agreement_id=chosen.id))


def _line(row: Agreement) -> AgreementLine:
    return AgreementLine(row.key, row.title, row.area)
