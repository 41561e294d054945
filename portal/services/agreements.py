"""Several agreements beside each other: which there are, which one is shown, and choosing another."""

from sqlalchemy import update

from models.agreement import Agreement
from models.people import SignIn
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.passwords import digest
from portal.policy import Action, require
from portal.records.agreement import agreement_with, agreements, shown_agreement
from portal.viewmodels.agreements import FEW, AgreementLine, Agreements


def choice(database: Database, actor: Actor) -> Agreements | None:
    """The agreement that the actor is shown, and the others that there are to choose from, if they are few; None when
    none is loaded. NotFound where the actor asks for one that is not there."""
    require(actor, Action.AGREEMENT_READ)
    with database.read(actor, replica=True) as session:
        shown = shown_agreement(session)
        if shown is None:
            return None
        others = agreements(session, shown, FEW + 1) if actor.bound_to is None else ()
        many = len(others) > FEW
        return Agreements(_line(shown), () if many else tuple(map(_line, others)), many)


def listed(database: Database, actor: Actor) -> tuple[AgreementLine, ...]:
    """Every agreement that the actor can be shown, in the order in which they were loaded: for what is about all of
    them, and for no page that is about one."""
    require(actor, Action.AGREEMENT_READ)
    with database.read(actor, replica=True) as session:
        return tuple(map(_line, agreements(session)))


def choose(database: Database, actor: Actor, token: str, key: str) -> None:
    """Show another agreement from now on, in the session of this token alone. It is kept with the session's row.
    NotFound for a key of none that can be shown."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        chosen = agreement_with(session, key)
        if chosen is None:
            raise NotFound("There is no such agreement to choose.")
        session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(agreement_id=chosen.id))


def _line(row: Agreement) -> AgreementLine:
    return AgreementLine(row.key, row.title, row.area)
