"""The outbox in the database: what is to be said to whom, the messages of it, and one sender's claim on each."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from models.agreement import Agreement
from models.invitations import Invitation
from models.people import Person
from models.reminders import OutboxFact, OutboxMessage, ReminderChoice
from models.rules.outbox import KEEP_BODIES, LEASE, PAUSES, Delivery
from models.rules.reminders import Occasion, to_say
from portal.history import noted
from portal.records.invitations import is_good
from portal.records.people import actor_of
from portal.records.posting import post
from portal.records.reminder_facts import Facts, facts_of
from portal.scopes import makes
from portal.viewmodels.reminders import Draft, Fact, Letter, OutboxLine
from portal.wall import Beyond, beyond
from portal.words import reminders as words_of

UNDER_WAY = (Delivery.WAITING, Delivery.SENDING)


def drafts(
    session: Session,
    agreement: Agreement,
    base: str,
    only: Callable[[Person, Fact], bool] = lambda _person, _fact: True,
    *,
    at_once: bool = False,
) -> tuple[Draft, ...]:
    """The messages that are to be written in an agreement today, one for each person: of all that concerns them and was
    not said yet, or `only` of what is asked for. `base` is the portal's address."""
    today = session.info["clock"].today()
    with beyond(session, Beyond.REMINDING):
        facts = facts_of(session, agreement)
    said = _said(session, agreement, today)
    refused = declined(session, select(Person.id).where(_for(agreement.id)))
    found = []
    for person in _people(session, agreement):
        known, number = said.get(person.id, ({}, 0))
        own = [fact for fact in _of(person, facts) if only(person, fact)]
        told = to_say(own, known, refused.get(person.id, frozenset()), today, at_once=at_once)
        if told:
            name = words_of.title(agreement.title, told, today)
            text = words_of.body(person.name, agreement.title, told, today, base)
            found.append(Draft(person.id, person.email, number + 1, name, text, tuple(told)))
    return tuple(found)


def _people(session: Session, agreement: Agreement) -> Sequence[Person]:
    query = select(Person).where(Person.disabled.is_(False), _for(agreement.id)).order_by(Person.email)
    return session.scalars(query).all()


def _for(agreement_id: int) -> ColumnElement[bool]:
    return or_(Person.agreement_id.is_(None), Person.agreement_id == agreement_id)


def _of(person: Person, facts: Facts) -> Iterable[Fact]:
    """What concerns one person: their side's, and their role's."""
    actor = actor_of(person, "")
    own = [fact for side, each in facts.of_side.items() if makes(actor, side) for fact in each]
    return [*own, *facts.of_role[person.role]]


def _said(
    session: Session, agreement: Agreement, today: date
) -> Mapping[int, tuple[dict[tuple[Occasion, str], date], int]]:
    """By person, the days on which each thing was said last, and the number of today's last message. One statement: what
    another run writes between two would be seen in one and not in the other, and be said twice."""
    of_today = func.max(case((OutboxMessage.day == today, OutboxMessage.number), else_=0))
    found: dict[int, tuple[dict[tuple[Occasion, str], date], int]] = {}
    rows = session.execute(
        select(OutboxMessage.person_id, OutboxFact.occasion, OutboxFact.subject, func.max(OutboxMessage.day), of_today)
        .join(OutboxFact, OutboxFact.message_id == OutboxMessage.id)
        .where(OutboxMessage.agreement_id == agreement.id)
        .group_by(OutboxMessage.person_id, OutboxFact.occasion, OutboxFact.subject)
    )
    for person_id, occasion, subject, day, number in rows:
        known, last = found.get(person_id, ({}, 0))
        known[occasion, subject] = day
        found[person_id] = known, max(last, number)
    return found


def declined(session: Session, people: Iterable[int] | Select[int]) -> Mapping[int, frozenset[Occasion]]:
    """What these people do not want to be reminded of, by their ids."""
    theirs = ReminderChoice.person_id.in_(people)
    last = select(func.max(ReminderChoice.id)).where(theirs)
    last = last.group_by(ReminderChoice.person_id, ReminderChoice.occasion)
    query = select(ReminderChoice.person_id, ReminderChoice.occasion)
    query = query.where(ReminderChoice.id.in_(last), ReminderChoice.wanted.is_(False))
    found: dict[int, set[Occasion]] = defaultdict(set)
    for who, occasion in session.execute(query):
        found[who].add(occasion)
    return {who: frozenset(occasions) for who, occasions in found.items()}


def write(session: Session, agreement: Agreement, made: Iterable[Draft]) -> None:
    """Put drafts into the outbox. The database refuses the second of two that were made at the same moment."""
    day, now = noted(session)
    for draft in made:
        post(
            session,
            agreement,
            session.get_one(Person, draft.person_id),
            number=draft.number,
            title=draft.title,
            body=draft.body,
            named=f"{agreement.key}\n{draft.email}\n{day}\n{draft.number}\n{now.isoformat()}",
            said=[(fact.occasion, fact.subject) for fact in draft.facts],
        )
    session.flush()


def claim(session: Session) -> OutboxMessage | None:
    """One message whose time has come, from now on this sender's alone until its lease ends; None when there is none.
    Whoever is slower finds the row changed, and takes the next one."""
    now = session.info["clock"].now()
    # What lies further ahead than anything that is noted now was noted by a clock that was ahead.
    next_at, until = OutboxMessage.next_at, OutboxMessage.leased_until
    due = or_(
        and_(OutboxMessage.state == Delivery.WAITING, or_(next_at <= now, next_at > now + 2 * PAUSES[-1])),
        and_(OutboxMessage.state == Delivery.SENDING, or_(until < now, until > now + 2 * LEASE)),
    )
    for number in session.scalars(select(OutboxMessage.id).where(due).order_by(OutboxMessage.id)).all():
        taken = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == number, due)
            .values(state=Delivery.SENDING, leased_until=now + LEASE, tries=OutboxMessage.tries + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            return session.get_one(OutboxMessage, number, populate_existing=True)
    return None


def claimed(session: Session, letter: Letter) -> OutboxMessage | None:
    """The row of a letter, locked, while its claim holds; None once another sender has taken it over."""
    query = select(OutboxMessage).where(
        OutboxMessage.id == letter.id,
        OutboxMessage.state == Delivery.SENDING,
        OutboxMessage.tries == letter.tries,
    )
    return session.scalars(query.with_for_update(of=OutboxMessage)).one_or_none()


def still_wanted(session: Session, row: OutboxMessage) -> bool:
    """Whether a message still goes to whom it was made for: the account is in use, stands for the same side, and has not
    declined all that it says; of a link to choose a password, whether it is still good."""
    person = row.person
    same = (person.role, person.organisation_id) == (row.role, row.organisation_id)
    if person.disabled or not same or person.agreement_id not in (None, row.agreement_id):
        return False
    if (link := link_of(session, row)) is not None:
        return is_good(session, link)
    return not {fact.occasion for fact in row.said} <= declined(session, [person.id]).get(person.id, frozenset())


def link_of(session: Session, row: OutboxMessage) -> Invitation | None:
    """The link to choose a password that a message brings; None for a message that brings none."""
    return next(
        (session.get(Invitation, int(fact.subject)) for fact in row.said if fact.occasion is Occasion.INVITED), None
    )


def forget_bodies(session: Session) -> None:
    """Empty what old messages said; that they were sent is kept."""
    old = OutboxMessage.made_at < session.info["clock"].now() - KEEP_BODIES
    session.execute(
        update(OutboxMessage)
        .where(old, OutboxMessage.body != "", OutboxMessage.state.not_in(UNDER_WAY))
        .values(body="")
        .execution_options(synchronize_session=False)
    )


def lines(rows: Iterable[OutboxMessage]) -> tuple[OutboxLine, ...]:
    """Messages as they are listed."""
    return tuple(
        OutboxLine(
            id=row.id,
            day=row.day,
            made_at=row.made_at,
            name=row.person.name,
            email=row.person.email,
            organisation=row.person.organisation.name if row.person.organisation else "",
            occasions=_counted(row),
            state=row.state,
            tries=row.tries,
            next_at=row.next_at,
            sent_at=row.sent_at,
            way=row.way,
            error=row.error,
        )
        for row in rows
    )


def _counted(row: OutboxMessage) -> tuple[tuple[Occasion, int], ...]:
    counts = Counter(fact.occasion for fact in row.said)
    return tuple((occasion, counts[occasion]) for occasion in Occasion if counts[occasion])
