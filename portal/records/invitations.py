"""Links to choose a password: whether one is good, and the letter that brings it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.invitations import Invitation
from models.people import Person
from models.reminders import OutboxMessage
from models.rules.reminders import Occasion
from portal.formats.sealing import sealed
from portal.history import noted
from portal.records.agreement import shown_agreement
from portal.records.posting import post
from portal.viewmodels.people import Mailing
from portal.words import accounts as words_of

LETTER = "letter"
"""What a letter with a link in it is sealed for, until it is sent: the link itself is kept nowhere."""


def is_good(session: Session, link: Invitation) -> bool:
    """Whether a link still lets its person choose a password."""
    over = link.used_at or link.ended_at or link.expires_at < session.info["clock"].now()
    return not over and not link.person.disabled and link.email == link.person.email


def post_link(session: Session, person: Person, link: Invitation, path: str, mailing: Mailing) -> bool:
    """Put a letter with a link into the outbox, sealed; whether it is there. A letter is of an agreement: while there is
    none nothing is posted."""
    about = session.info.get("agreement")
    agreement = session.get(Agreement, person.agreement_id) if person.agreement_id else shown_agreement(session)
    session.info["agreement"] = about  # the letter is of an agreement, the account need not be
    if agreement is None:
        return False
    day, now = noted(session)
    before = (
        OutboxMessage.agreement_id == agreement.id,
        OutboxMessage.person_id == person.id,
        OutboxMessage.day == day,
    )
    text = words_of.letter(person.name, f"{mailing.base}{path}", link.expires_at)
    post(
        session,
        agreement,
        person,
        number=1 + (session.scalar(select(func.max(OutboxMessage.number)).where(*before)) or 0),
        title=words_of.LETTER,
        body=sealed(mailing.key, LETTER, text, now),
        named=f"link {link.token_hash}",
        said=[(Occasion.INVITED, str(link.id))],
    )
    return True
