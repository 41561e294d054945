"""The page of one indicator, for everybody who reads verified returns: one reading, at most seventeen statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from models.actions import IndicatorAction
from models.agreement import Indicator, Measure, MeasureTerms, Period, SeriesBreak
from models.returns import Return, ReturnMessage, ReturnRevision, RevisionRating
from models.risks import Risk
from models.rules.codes import indicator_code, slug
from models.rules.terms import CONCURRENCE, Message, State
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.history import standing_returns
from portal.policy import Action, may, require
from portal.records.actions import standing_actions
from portal.records.agreed import AgreedMeasure, agreed_measures
from portal.records.agreement import current_agreement, in_force
from portal.records.elsewhere import ByMeasure, compared_by_period, elsewhere
from portal.records.events import events_of
from portal.records.forecasts import year_end
from portal.records.historic import historic_points
from portal.records.indicator_agreed import agreements, aims_of, definition_of, organisations, targets_of, versions_of
from portal.records.indicator_chart import Verified, chart_of, history_of
from portal.records.indicators import indicator_standing, revised, silent
from portal.records.messages import said_of
from portal.records.money import money_of
from portal.records.reward import improvements
from portal.records.risks import standing_risks
from portal.records.themes import shown_period
from portal.scopes import scope
from portal.viewmodels.actions import Actions
from portal.viewmodels.charts import ChartAim, HistoricPoint
from portal.viewmodels.elsewhere import Elsewhere
from portal.viewmodels.indicator_page import (
    AgreedTarget,
    Event,
    IndicatorPage,
    MeasurePage,
    VerifiedRevision,
)
from portal.viewmodels.money import IndicatorMoney
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Said
from portal.viewmodels.risks import Risks
from portal.wall import Beyond, beyond


@dataclass(frozen=True, slots=True)
class _Returned:
    """What one measure was asked and what was verified of it, oldest first; `state` is where its return for the shown
    day stands, `came_in` when that first came in."""

    state: State | None = None
    came_in: date | None = None
    verified: tuple[Verified, ...] = ()


def indicator_page(
    database: Database, actor: Actor, code: str, period: str | None = None, as_at: AsAt | None = None
) -> IndicatorPage:
    """One indicator with its figures up to a period's end, by its code in any spelling; `period` defaults to the one
    published last. Nothing in it but what was verified. NotFound for what is no indicator of the agreement."""
    require(actor, Action.THEME_READ)
    try:
        key = indicator_code(code)
    except ValueError as error:
        raise NotFound(str(error)) from None
    with database.read(actor, as_at) as session:
        agreement = current_agreement(session)
        shown, links = shown_period(session, agreement, period)
        found = versions_of(session, actor, agreement, key)
        version, indicator = in_force(found.versions, shown.ends_on), found.indicator
        if version.id not in found.terms:
            raise NotFound(f"{key} is not in the agreement that was in force in {shown.key}.")
        today = in_force(found.versions, session.info["clock"].today())
        may_record = as_at is None and today.number in found.recorded
        returned = _returned(session, actor, indicator, shown)
        agreed = agreements(session, found)
        events = events_of(session, indicator.id, withdrawn=may_record)
        items = agreed_measures(session, version, shown, indicator_id=indicator.id)
        historic = historic_points(session, items)
        compared = compared_by_period(session, items)
        measures = tuple(
            _measure(
                session,
                item,
                agreement.first_year,
                shown,
                returned[item.measure.id],
                aims_of(agreed, found, agreement, item.measure),
                targets_of(agreed, found, item.measure),
                events,
                historic.get(item.measure.id, ()),
                compared,
            )
            for item in items
        )
        signed_up, known = organisations(session, version, indicator.id)
        may_act = as_at is None and today.number in found.acted
        actions = Actions(
            standing_actions(session, IndicatorAction.indicator_id == indicator.id, whole=True),
            may_change=may_act,
            lead_key=lead.key if (now := found.terms.get(today.id)) and (lead := now.lead) else "",
            owners=known if may_act else (),
        )
        # Of the whole agreement: whoever adds to it chooses among the sources that there are.
        money, may_fund = money_of(session, Indicator.agreement_id == agreement.id), today.number in found.funded
        standing = indicator_standing(indicator, found.terms[version.id], [one.standing for one in measures])
        return IndicatorPage(
            agreement=agreement.title,
            period=shown.key,
            periods=links,
            slug=slug(indicator.code),
            theme_key=indicator.theme.key,
            theme_title=indicator.theme.title,
            indicator=standing,
            reward_weighted=indicator.reward_weighted,
            baseline_printed=indicator.baseline_printed,
            note=indicator.note,
            in_force=found.view(version),
            versions=tuple(found.view(one) for one in found.versions),
            signed_up=signed_up,
            # Who dissents is the present's business.
            said=_said(session, actor, indicator, shown) if as_at is None else (),
            as_at=as_at,
            measures=measures,
            revisions=_revisions(items, returned),
            events=events,
            may_record=may_record,
            may_audit=may(actor, Action.AUDIT_READ),
            actions=actions,
            risks=_risks(session, indicator, actions, may_write=as_at is None and today.number in found.risked),
            money=IndicatorMoney(money.of([indicator.code]), may_fund and as_at is None, money.sources),
            improvements=improvements(session, agreement, shown.ends_on, indicator.id)
            if indicator.reward_weighted
            else (),
        )


def _risks(session: Session, indicator: Indicator, actions: Actions, *, may_write: bool) -> Risks:
    """The indicator's risks; they are owned by whom its actions are."""
    writable = frozenset({indicator.id} if may_write else ())
    lines = standing_risks(session, Risk.indicator_id == indicator.id, whole=True, writable=writable)
    about = ((slug(indicator.code), indicator.code),) if may_write else ()
    return Risks(lines, about, actions.owners, actions.lead_key)


def _returned(session: Session, actor: Actor, indicator: Indicator, shown: Period) -> dict[int, _Returned]:
    """What was asked and verified of each measure up to a day, by the measure's id."""
    standing = standing_returns(session)
    query = (
        select(
            Return.measure_id,
            Return.id,
            scope(actor, Action.RETURN_READ),
            standing.c.state,
            standing.c.came_in,
            standing.c.verified_revision,
            Period,
            ReturnRevision,
            RevisionRating,
            MeasureTerms,
            SeriesBreak.reason,
        )
        .join(standing, standing.c.return_id == Return.id)
        .join(Measure, Measure.id == Return.measure_id)
        .join(Period, Period.id == Return.period_id)
        .outerjoin(
            ReturnRevision,
            # What was reopened and never published counts no more, until a correction of it is verified.
            (ReturnRevision.return_id == Return.id)
            & (ReturnRevision.number <= standing.c.verified_revision)
            & ReturnRevision.verified_at.is_not(None),
        )
        .outerjoin(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
        .outerjoin(
            MeasureTerms,
            (MeasureTerms.version_id == RevisionRating.version_id) & (MeasureTerms.measure_id == Return.measure_id),
        )
        .outerjoin(SeriesBreak, (SeriesBreak.measure_id == Measure.id) & (SeriesBreak.period_id == Period.id))
        .where(Measure.indicator_id == indicator.id, Period.ends_on <= shown.ends_on)
        .order_by(Period.ends_on, Period.starts_on, ReturnRevision.number)
        .options(lazyload("*"))
    )
    with beyond(session, Beyond.STANDING):
        rows = session.execute(query).all()
    found: dict[int, _Returned] = defaultdict(_Returned)
    for measure_id, number, opens, state, came_in, current, period, revision, rated, terms, anew in rows:
        so_far = found[measure_id]
        verified = so_far.verified
        if revision is not None:
            opened = number if opens else None
            verified += (Verified(opened, period, revision, rated, terms, anew or "", revision.number == current),)
        now = _Returned(state, came_in) if period.ends_on == shown.ends_on else so_far
        found[measure_id] = _Returned(now.state, now.came_in, verified)
    return found


def _measure(
    session: Session,
    item: AgreedMeasure,
    first_year: str,
    shown: Period,
    returned: _Returned,
    aims: tuple[ChartAim, ...],
    targets: Mapping[str, Mapping[int, AgreedTarget]],
    events: Sequence[Event],
    historic: tuple[HistoricPoint, ...],
    compared: Mapping[int, ByMeasure],
) -> MeasurePage:
    history = history_of(returned.verified)
    last = next((one for one in reversed(returned.verified) if one.current), None)
    if last is not None and last.period.ends_on == shown.ends_on:
        standing = revised(item.measure, last.terms, returned.state, last.revision, last.rated, history)
    else:
        today = session.info["clock"].today()
        standing = silent(item, item.reason_for_silence(returned.state, today, returned.came_in), history)
    outlook = None
    if not item.agreed.placeholder:
        outlook = year_end(item, shown.year, history, standing.forecast_value)
    return MeasurePage(
        standing=standing,
        chart=chart_of(item, standing, (first_year, shown.year), returned.verified, aims, outlook, events, historic),
        definition=definition_of(item),
        targets=targets,
        elsewhere=elsewhere(session, item.period, item.measure.id, standing, compared[item.period.id])
        if item.period and item.period.id in compared
        else Elsewhere(),
    )


def _said(session: Session, actor: Actor, indicator: Indicator, shown: Period) -> tuple[Said, ...]:
    """What partners said to the figures that were verified for a day. An open dissent lasts until its partner takes it
    back, whatever it was said to; all else was said to one revision and goes with it."""
    rows = session.scalars(
        select(ReturnMessage)
        .join(Return, Return.id == ReturnMessage.return_id)
        .join(Period, Period.id == Return.period_id)
        .join(Measure, Measure.id == Return.measure_id)
        .where(Measure.indicator_id == indicator.id, Period.ends_on == shown.ends_on)
        .where(ReturnMessage.kind.in_(CONCURRENCE), ReturnMessage.revision <= Return.verified_revision)
        .where(
            (ReturnMessage.revision == Return.verified_revision)
            | ((ReturnMessage.kind == Message.DISSENT) & ReturnMessage.closed_at.is_(None))
        )
        .order_by(ReturnMessage.id)
    )
    return tuple(said_of(row, actor) for row in rows)


def _revisions(items: Sequence[AgreedMeasure], returned: Mapping[int, _Returned]) -> tuple[VerifiedRevision, ...]:
    """Every verified revision of every measure: the latest period first, in it the latest revision."""
    found = [(one, item) for item in items for one in returned[item.measure.id].verified]
    found.sort(key=lambda pair: (pair[0].period.ends_on, -pair[1].measure.position, pair[0].revision.number))
    return tuple(_revision(one, item) for one, item in reversed(found))


def _revision(one: Verified, item: AgreedMeasure) -> VerifiedRevision:
    said, rated = one.revision, one.rated
    assert said.verified_at is not None  # only such revisions are asked for
    return VerifiedRevision(
        return_id=one.return_id,
        measure=item.measure.code,
        part=item.measure.part,
        unit=one.terms.reported_unit,
        decimals=item.measure.decimals,
        period=one.period.key,
        number=said.number,
        current=one.current,
        verified_at=said.verified_at,
        value=said.value,
        no_value_reason=said.no_value_reason,
        rating=rated.override or rated.by_rule,
        by_rule=rated.by_rule,
        override_reason=rated.override_reason,
        no_rating_reason=None if rated.override else rated.no_rating_reason,
        forecast_value=said.forecast_value,
        forecast_rating=said.forecast_rating,
        commentary=said.commentary,
    )
