"""The gate: exactly what would change in public, before anything does."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Indicator, Measure, Period
from models.returns import Return, ReturnMessage, ReturnRevision
from models.rules.broken import NotReady
from models.rules.gate import Place, PublicationState, Publishing, Shown, missing
from models.rules.terms import Message, State
from models.scorecard import Publication
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.edition import shown_in, unrated_since
from portal.policy import Action, require
from portal.records.agreement import current_agreement, find_period
from portal.records.edition_rows import card_of, find_edition, latest_edition, latest_number
from portal.records.periods import one_a_day, open_periods, quarters_first
from portal.records.preview import Preview, changed_since, digest_of, preview
from portal.records.publication import open_publication, require_ready
from portal.records.return_names import title_of
from portal.records.suppression import count_of, rules
from portal.viewmodels.gate import Front, Gate, GateLine, Prepared, SmallNumbers, Unrated
from portal.wall import Beyond, beyond

_ORDER = list(Publishing)


def gate(database: Database, actor: Actor, key: str | None = None) -> Gate:
    """What publishing a day would change, and the publication that is worked on; the day is that of the open
    publication, else of the newest verified returns that no edition shows, else the newest open period."""
    require(actor, Action.EDITION_PUBLISH)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        row = open_publication(session, agreement.id)
        waiting = _waiting(session, agreement)
        shown = _shown(session, agreement, key, row, waiting)
        found = preview(session, agreement, shown)
        latest = latest_edition(session, agreement.id)
        states = _states(session, shown)
        return Gate(
            agreement=agreement.title,
            period=shown.key,
            periods=tuple(period.key for period in one_a_day([*waiting, *([] if shown in waiting else [shown])])),
            edition=latest.number + 1 if latest else 1,
            corrects=found.corrects,
            digest=digest_of(found.content),
            says_something=found.news,
            refused=_refused(session, shown),
            counts=found.card.counts,
            front=_front(session, agreement, shown),
            unrated=_unrated(found, states),
            lines=_lines(session, agreement, found, states),
            prepared=_prepared(session, agreement, actor, row, found) if row else None,
            small=_small(session, agreement),
            measures=_measures(session, agreement),
        )


def _waiting(session: Session, agreement: Agreement) -> list[Period]:
    """The days with verified, unpublished returns, the latest first."""
    there = select(Return.id).where(Return.period_id == Period.id, Return.state == State.VERIFIED)
    days = select(Period.ends_on).where(Period.agreement_id == agreement.id, there.exists())
    return one_a_day(
        session.scalars(
            select(Period)
            .where(Period.agreement_id == agreement.id, Period.ends_on.in_(days))
            .order_by(Period.ends_on.desc(), *quarters_first())
        ).all()
    )


def _shown(
    session: Session, agreement: Agreement, key: str | None, row: Publication | None, waiting: list[Period]
) -> Period:
    if key:
        return find_period(session, agreement.id, key)
    if row is not None:
        return row.period
    for period in (*waiting, *open_periods(session, agreement.id)):
        return period
    raise NotFound("No period has been opened yet, so there is nothing to publish.")


def _refused(session: Session, period: Period) -> str:
    try:
        require_ready(session, period)
    except NotReady as too_early:
        return str(too_early)
    return ""


def _front(session: Session, agreement: Agreement, shown: Period) -> Front | None:
    number = latest_number(session, agreement.id)
    if number is None:
        return None
    edition = find_edition(session, number)
    card = card_of(session, edition)
    return Front(number, card.period, card.counts, replaced=shown.ends_on.isoformat() >= card.ends_on)


def _states(session: Session, shown: Period) -> Mapping[str, State]:
    """Where the return of each measure stands on the day that is shown, by the measure's code."""
    query = (
        select(Measure.code, Return.state)
        .join(Return, Return.measure_id == Measure.id)
        .join(Period, Period.id == Return.period_id)
        .where(Period.agreement_id == shown.agreement_id, Period.ends_on == shown.ends_on)
    )
    with beyond(session, Beyond.STANDING):
        return dict(session.execute(query).all())


def _unrated(found: Preview, states: Mapping[str, State]) -> tuple[Unrated, ...]:
    """The indicators that the edition before rates, and this one would not."""
    if found.base is None:
        return ()
    return tuple(
        Unrated(
            code=old.code,
            title=old.title,
            rating=old.rating,
            measures=tuple(measure for measure in old.measures if measure.value is not None),
            reason=new.no_rating_reason,
            state=states.get(new.measures[0].code),
        )
        for old, new in unrated_since(found.base, found.card)
        if old.rating is not None
    )


def _lines(session: Session, agreement: Agreement, found: Preview, states: Mapping[str, State]) -> tuple[GateLine, ...]:
    """What changes, by kind and then in the edition's order."""
    before = shown_in(found.base) if found.base else {}
    now = shown_in(found.card)
    reasons = _reasons(session, agreement)
    about = {
        measure.code: (f"{one.title}, {measure.part.lower()}" if measure.part else one.title, measure)
        for card in (found.base, found.card)
        if card is not None
        for theme in card.themes
        for one in theme.indicators
        for measure in one.measures
    }
    lines = []
    for place, kind in found.changes.items():
        old, new = before.get(place, Shown()), now.get(place, Shown())
        code, period = place
        title, measure = about[code]
        changed = kind in (Publishing.REVISED, Publishing.WITHDRAWN)
        rated = new.own  # an older period's rating is not printed beside its figure
        lines.append(
            GateLine(
                kind=kind,
                measure=code,
                title=title,
                period=period,
                unit=measure.unit,
                decimals=measure.decimals,
                old=old.value,
                new=new.value,
                old_rating=old.rating if rated else None,
                new_rating=new.rating if rated else None,
                reason=reasons.get(place, "") if changed else "",
                missing=new.reason,
                state=(state := states.get(code) if new.own else None),
                waits=missing(state, new.reason) if kind is Publishing.MISSING else None,
                hidden=found.hidden.get(place),
                was=old if old.own and new.own else None,
                now=new if new.own and (old.own or kind is Publishing.NEW) else None,
            )
        )
    return tuple(sorted(lines, key=lambda line: _ORDER.index(line.kind)))


def _reasons(session: Session, agreement: Agreement) -> dict[Place, str]:
    """Why returns were reopened, as it was said last, by measure and period."""
    rows = session.execute(
        select(Measure.code, Period.key, ReturnMessage.text)
        .join(Return, Return.id == ReturnMessage.return_id)
        .join(Measure, Measure.id == Return.measure_id)
        .join(Period, Period.id == Return.period_id)
        .where(Period.agreement_id == agreement.id, ReturnMessage.kind == Message.REOPENING)
        .order_by(ReturnMessage.id)
    )
    return {(code, key): text for code, key, text in rows}


def _prepared(session: Session, agreement: Agreement, actor: Actor, row: Publication, shown: Preview) -> Prepared:
    now = shown if shown.card.period == row.period.key else preview(session, agreement, row.period)
    scheduled = row.state is PublicationState.SCHEDULED  # released as it was looked at: what comes in later comes later
    differs = () if scheduled else changed_since(row.content, now.content)
    return Prepared(
        id=row.id,
        version=row.version,
        state=row.state,
        period=row.period.key,
        note=row.note,
        prepared_by=row.prepared_by.name if row.prepared_by else "",
        prepared_at=row.prepared_at,
        released_by=row.released_by.name if row.released_by else "",
        publish_at=row.publish_at,
        reason=row.reason,
        changed=bool(differs),
        may_release=row.prepared_by_id != actor.person_id,
        differs=differs,
    )


def _small(session: Session, agreement: Agreement) -> tuple[SmallNumbers, ...]:
    stored = rules(session, agreement.id)
    rows = session.execute(
        select(Measure.code, ReturnRevision)
        .join(Return, Return.id == ReturnRevision.return_id)
        .join(Measure, Measure.id == Return.measure_id)
        .join(Period, Period.id == Return.period_id)
        .where(Period.agreement_id == agreement.id, Measure.code.in_(stored))
        .where(Return.verified_revision == ReturnRevision.number, ReturnRevision.value.is_not(None))
        .order_by(Period.ends_on)
    )
    latest = {row.code: row.ReturnRevision for row in rows}
    titles = dict(_measures(session, agreement))
    return tuple(
        SmallNumbers(
            code, titles[code], rule.below, rule.total, code in latest and count_of(latest[code]).number is None
        )
        for code, rule in stored.items()
    )


def _measures(session: Session, agreement: Agreement) -> tuple[tuple[str, str], ...]:
    rows = session.scalars(
        select(Measure)
        .join(Indicator, Indicator.id == Measure.indicator_id)
        .where(Indicator.agreement_id == agreement.id)
        .order_by(Indicator.position, Measure.position)
    )
    return tuple((row.code, title_of(row)) for row in rows)
