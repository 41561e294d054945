"""The refresh of an agreement: start it, propose, record consents, then agree it as a whole, or leave it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from models.agreement import Agreement, AgreementVersion, Indicator, Measure, Period
from models.people import Organisation
from models.refresh import Refresh, RefreshChange, RefreshConsent
from models.rules.codes import indicator_code, measure_code
from models.rules.refresh import RefreshState, Term
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid, NotFound, Stale
from portal.formats.terms import parse_term
from portal.history import looked_at, only_known
from portal.policy import Action, require
from portal.records.agreement import agreed_by, current_agreement, version_in_force
from portal.records.messages import checked
from portal.records.refresh_making import make_version
from portal.records.refresh_rows import live_changes, open_refresh, place_of, propose, start, value_of
from portal.records.refresh_view import changes_between, consented_to, refresh_page, summary, version_line
from portal.records.versions import Place, says
from portal.viewmodels.refresh import AgreementPage, Choice, RefreshDesk, RefreshPage, VersionLine

NONE_OPEN = "No refresh is open: start one first."


def agreement_page(database: Database, actor: Actor, number: int | None = None) -> AgreementPage:
    """The agreement's versions, and what one of them changed; by default the one in force. NotFound for another."""
    require(actor, Action.THEME_READ)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        versions, lines, in_force = _versions(session, agreement)
        wanted = in_force.number if number is None else number
        shown = next((v for v in versions if v.number == wanted), None)
        if shown is None:
            raise NotFound("This agreement has no such version.")
        before = next((v for v in reversed(versions) if v.number < shown.number), None)
        held = says(session, shown)
        changes, comes_to = changes_between(session, before, shown) if before else ((), summary(held, held, ()))
        named = {line.number: line for line in lines}
        return AgreementPage(
            agreement.title,
            agreement.area,
            (agreement.first_year, agreement.last_year),
            lines,
            named[shown.number],
            named[before.number] if before else None,
            changes,
            comes_to,
        )


def _versions(
    session: Session, agreement: Agreement
) -> tuple[list[AgreementVersion], tuple[VersionLine, ...], AgreementVersion]:
    """The versions that were agreed by today, oldest first, and the one in force today."""
    today = session.info["clock"].today()
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    known = only_known(looked_at(session), query, AgreementVersion.agreed_on, AgreementVersion.recorded_at)
    agreed = agreed_by(session.scalars(known.order_by(AgreementVersion.number)).all(), today)
    in_force = version_in_force(session, agreement.id, today)
    return agreed, tuple(version_line(v, in_force=v.id == in_force.id) for v in agreed), in_force


def refresh_desk(database: Database, actor: Actor) -> RefreshDesk:
    """The open refresh, if any, and what is needed to work on one."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        _, lines, _ = _versions(session, agreement)
        refresh = open_refresh(session, agreement.id)
        measures = session.execute(
            select(Measure.code, Indicator.code, Indicator.title)
            .join(Indicator, Measure.indicator_id == Indicator.id)
            .where(Indicator.agreement_id == agreement.id)
            .order_by(Indicator.position, Measure.position)
        )
        years = select(Period.year).where(Period.agreement_id == agreement.id).distinct().order_by(Period.year)
        return RefreshDesk(
            agreement.title,
            database.clock.today(),
            tuple(session.scalars(years)),
            refresh_page(session, refresh) if refresh else None,
            tuple(Choice(*row) for row in measures),
            lines,
        )


def start_refresh(database: Database, actor: Actor, title: str, reason: str, in_force_from: date) -> None:
    """Start a refresh of the newest version. Invalid without title or reason, or in force from a day that is over;
    Conflict while one is open, or when a later version is waiting already."""
    require(actor, Action.AGREEMENT_CHANGE)
    title = checked(title, "title", "Name the refresh, for example Refresh of March 2009.")[:200]
    reason = checked(reason, "refresh_reason", "Say why the agreement is refreshed.")
    if in_force_from < database.clock.today():
        raise Invalid({"in_force_from": "That day is over: what was rated by then stays as it was agreed then."})
    with database.write(actor) as session:
        agreement = current_agreement(session)
        newest = _newest(session, agreement)
        if newest.in_force_from >= in_force_from:
            raise Conflict(f"{newest.title} is in force from {newest.in_force_from}: choose a later day.")
        start(session, agreement, newest, title, reason, in_force_from)
        said = {"in_force_from": in_force_from, "base": newest.number}
        audit.record(session, Action.AGREEMENT_CHANGE, f"refresh {title}", after=said, reason=reason)


def _newest(session: Session, agreement: Agreement) -> AgreementVersion:
    query = select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)
    return session.scalars(query.order_by(AgreementVersion.number.desc()).limit(1)).one()


def _open(session: Session, version: int | None) -> Refresh:
    """The open refresh, at the version that was looked at; NotFound without one, Stale at another one."""
    refresh = open_refresh(session, current_agreement(session).id)
    if refresh is None:
        raise NotFound(NONE_OPEN)
    if version is not None and version != refresh.version:
        raise Stale("The refresh changed after you opened it. Nothing was saved: open it again and look.")
    flag_modified(refresh, "title")  # whatever is done to it makes it another version
    return refresh


def propose_change(
    database: Database, actor: Actor, version: int | None, code: str, term: str, typed: str, reason: str
) -> None:
    """Propose a term of a measure, or of its indicator, as typed; `term` is a word of `Term`, a target's with its year
    ('target 2009/10'). Invalid with a sentence for what is wrong; NotFound for what the agreement does not have."""
    require(actor, Action.AGREEMENT_CHANGE)
    reason = checked(reason, "change_reason", "Say why: the partners that consent read it.")
    word, _, year = term.partition(" ")
    try:
        what = Term(word)
    except ValueError:
        raise Invalid({"term": "Choose what is to change."}) from None
    if what is Term.PLACEHOLDER:
        raise Invalid({"term": "A placeholder is resolved by a target."})
    try:
        value = parse_term(what, typed)
    except ValueError as error:
        raise Invalid({"proposed": str(error)}) from None
    with database.write(actor) as session:
        refresh = _open(session, version)
        place = _place(session, refresh, code, what, year)
        base = says(session, refresh.base)
        if place not in base:
            raise NotFound(f"{code} has no {term}.")
        if base[place] == value:
            raise Invalid({"proposed": "That is what is agreed already."})
        known = set(session.scalars(select(Organisation.key)))
        keys = [key.strip() for key in value.word.split(";") if key.strip()]
        if what in (Term.LEAD, Term.PARTNERS) and not known.issuperset(keys):
            raise Invalid({"proposed": f"No organisation has this key. The keys are: {', '.join(sorted(known))}."})
        propose(session, refresh, place, value, reason)
        said = {"low": value.low, "high": value.high, "state": value.state, "word": value.word}
        subject = f"{place.measure or place.indicator} {term} in refresh {refresh.title}"
        audit.record(session, Action.AGREEMENT_CHANGE, subject, after=said, reason=reason)


def _place(session: Session, refresh: Refresh, code: str, term: Term, year: str) -> Place:
    try:
        measure = measure_code(code)
    except ValueError:
        try:
            measure = indicator_code(code)
        except ValueError as error:
            raise Invalid({"measure": str(error)}) from None
    indicator = session.scalar(
        select(Indicator.code)
        .join(Measure, Measure.indicator_id == Indicator.id)
        .where(Indicator.agreement_id == refresh.agreement_id, Measure.code == measure)
    )
    if indicator is None:
        raise Invalid({"measure": "Choose a measure of this agreement."})
    return Place(indicator, "" if term in (Term.LEAD, Term.PARTNERS) else measure, term, year)


def take_back(database: Database, actor: Actor, version: int | None, change_id: int) -> None:
    """Propose a change no more. NotFound for one that is not proposed."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.write(actor) as session:
        refresh = _open(session, version)
        row = next((row for row in live_changes(session, refresh) if row.id == change_id), None)
        if row is None:
            raise NotFound("This is not proposed.")
        row.live = False
        name = row.measure.code if row.measure else row.indicator.code
        subject = f"{name} {row.term} {row.year}".strip() + f" in refresh {refresh.title}"
        audit.record(session, Action.AGREEMENT_CHANGE, subject, after={"proposed": False})


def record_consent(
    database: Database, actor: Actor, version: int | None, who: str, said_by: str, *, given: bool, indicator: str = ""
) -> int:
    """Note what a partner (its key; '' for Government Office) said to what is proposed for one indicator, or for all
    that need its consent; answers for how many. Invalid without a name, or where its consent is not needed."""
    require(actor, Action.AGREEMENT_CHANGE)
    said_by = checked(said_by, "said_by", "Say who consented, and when: 'Chief Superintendent, 2 March 2009'.")[:200]
    with database.write(actor) as session:
        refresh = _open(session, version)
        page = refresh_page(session, refresh)
        asked = [
            one
            for one in page.proposed
            if indicator in ("", one.code) and any(consent.key == who for consent in one.consents)
        ]
        if not asked:
            raise Invalid({"who": "Nothing is proposed that needs this consent."})
        organisation = session.scalar(select(Organisation.id).where(Organisation.key == who)) if who else None
        rows = live_changes(session, refresh)
        for one in asked:
            own = [row for row in rows if row.indicator.code == one.code]
            session.add(_consent(session, refresh, own, organisation, said_by, given=given))
        after = {"given": given, "said_by": said_by, "indicators": [one.code for one in asked]}
        subject = f"consent of {who or 'Government Office'} to refresh {refresh.title}"
        audit.record(session, Action.AGREEMENT_CHANGE, subject, after=after)
        return len(asked)


def _consent(
    session: Session, refresh: Refresh, own: list[RefreshChange], organisation: int | None, said_by: str, *, given: bool
) -> RefreshConsent:
    return RefreshConsent(
        refresh_id=refresh.id,
        indicator_id=own[0].indicator_id,
        organisation_id=organisation,
        given=given,
        said_by=said_by,
        changes=consented_to(own),
        person_id=session.info["actor"].person_id,
        at=session.info["clock"].now(),
    )


def agree(database: Database, actor: Actor, version: int | None) -> int:
    """Make the version that a refresh proposes, as a whole; answers its number. Conflict while nothing is proposed or
    a consent is missing."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.write(actor) as session:
        refresh = _open(session, version)
        page = refresh_page(session, refresh)
        if not page.proposed:
            raise Conflict("Nothing is proposed yet, so there is nothing to agree.")
        if page.missing:
            raise Conflict(_missing(page))
        agreement = session.get_one(Agreement, refresh.agreement_id)
        newest = _newest(session, agreement)
        if newest.id != refresh.base_id:
            raise Conflict(f"{newest.title} was agreed meanwhile: leave this refresh and start from that version.")
        changes = {place_of(row): value_of(row) for row in live_changes(session, refresh)}
        made = make_version(session, refresh, newest, changes, _agreed_by(page))
        refresh.state, refresh.made_id, refresh.ended_at = RefreshState.AGREED, made.id, session.info["clock"].now()
        after = {"version": made.number, "in_force_from": made.in_force_from, "changes": len(changes)}
        audit.record(session, Action.AGREEMENT_CHANGE, f"refresh {refresh.title}", after=after, reason=refresh.reason)
        return made.number


def _missing(page: RefreshPage) -> str:
    missing = [f"{consent.name} ({one.code})" for one in page.proposed for consent in one.missing]
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return f"Consent is missing: {', '.join(missing[:5])}{more}. Nothing was agreed."


def _agreed_by(page: RefreshPage) -> str:
    names = dict.fromkeys(consent.name for one in page.proposed for consent in one.consents)
    return "; ".join(names)[:200]


def leave(database: Database, actor: Actor, version: int | None, reason: str) -> None:
    """End a refresh without agreeing it: nothing changes. Invalid without a reason."""
    require(actor, Action.AGREEMENT_CHANGE)
    reason = checked(reason, "leave_reason", "Say why it is left: the record keeps it.")
    with database.write(actor) as session:
        refresh = _open(session, version)
        refresh.state, refresh.ended_at = RefreshState.LEFT, session.info["clock"].now()
        audit.record(
            session, Action.AGREEMENT_CHANGE, f"refresh {refresh.title}", after={"state": "left"}, reason=reason
        )
