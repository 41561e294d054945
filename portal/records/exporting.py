"""An agreement as it stands, read back into what its files say: the versions with their terms, and what hangs on them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from models.agreement import (
    AgreementVersion,
    Indicator,
    IndicatorTerms,
    Measure,
    MeasureTerms,
    Profile,
    SeriesBreak,
    SignedUp,
    Target,
    Theme,
)
from models.people import Organisation
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.measures import CUMULATIVE
from portal.records.exporting_beside import corporate, figures, money, reviews, shares
from portal.records.exporting_names import Exporting
from portal.records.exporting_returns import actions, milestones, returns


def agreement_file(of: Exporting) -> rows.AgreementFile:
    """All that the files of the agreement can say of it."""
    session, agreement, newest = of.session, of.agreement, of.newest
    measures = _measures(of)
    found = figures(of)
    themes = session.scalars(
        select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position, Theme.id)
    ).all()
    breaks = select(SeriesBreak).where(SeriesBreak.measure_id.in_(of.measures))
    profiles = select(Profile).where(Profile.version_id == newest.id).order_by(Profile.number)
    order = {number: place for place, number in enumerate(of.measures)}
    texts, commitments = reviews(of)
    lines, totals = money(of)
    return rows.AgreementFile(
        title=agreement.title,
        area=agreement.area,
        years=(),
        key=agreement.key,
        themes=tuple(
            rows.Theme(one.key, one.title, one.title_in_strategy, one.title_in_agreement, one.position)
            for one in themes
        ),
        organisations=tuple(
            rows.Organisation(one.key, one.name, one.sector, tuple(filter(None, one.also_known_as.split("; "))))
            for one in session.scalars(select(Organisation).order_by(Organisation.id))
        ),
        indicators=_indicators(of, {theme.id: theme.key for theme in themes}),
        partners=_partners(of),
        measures=measures,
        versions=tuple(_version(of, one) for one in of.versions),
        milestones=milestones(of),
        returns=returns(of),
        actions=actions(of),
        historic_figures=found.historic,
        source_figures=found.source,
        area_figures=found.area,
        profiles=tuple(
            rows.ProfileShare(of.measures[one.measure_id], one.number, one.share)
            for one in sorted(session.scalars(profiles), key=lambda one: order[one.measure_id])
        ),
        series_breaks=tuple(
            rows.SeriesBreak(of.measures[one.measure_id], of.periods[one.period_id].key, one.reason)
            for one in sorted(
                session.scalars(breaks), key=lambda one: (order[one.measure_id], of.periods[one.period_id].ends_on)
            )
        ),
        review_texts=texts,
        review_commitments=commitments,
        earlier=shares(of),
        funding=lines,
        funding_totals=totals,
        corporate=corporate(of),
    )


def _indicators(of: Exporting, themes: Mapping[int, str]) -> tuple[rows.Indicator, ...]:
    """The indicators with what the first version, as it was signed, says of them as placeholders."""
    query = (
        select(Indicator, IndicatorTerms)
        .join(IndicatorTerms, IndicatorTerms.indicator_id == Indicator.id)
        .where(IndicatorTerms.version_id == of.versions[0].id)
        .order_by(Indicator.position)
        .options(lazyload("*"))
    )
    same = ("code", "title", "group", "reward_weighted", "baseline_printed", "note", "position")
    return tuple(
        rows.Indicator(
            theme=themes[row.theme_id],
            placeholder=terms.placeholder,
            placeholder_reason=terms.placeholder_reason,
            expected=terms.expected,
            **{name: getattr(row, name) for name in same},
        )
        for row, terms in of.session.execute(query)
    )


def _partners(of: Exporting) -> tuple[rows.Partner, ...]:
    """Who leads and who signed up in the newest version, indicator by indicator, the lead first."""
    terms = select(IndicatorTerms.indicator_id, IndicatorTerms.lead_id).where(IndicatorTerms.version_id == of.newest.id)
    signed = select(SignedUp.indicator_id, SignedUp.organisation_id).where(SignedUp.version_id == of.newest.id)
    leads = dict(of.session.execute(terms).all())
    others: dict[int, list[str]] = {}
    for indicator_id, organisation_id in of.session.execute(signed):
        others.setdefault(indicator_id, []).append(of.organisations[organisation_id])
    found: list[rows.Partner] = []
    for number, code in of.indicators.items():
        lead = leads.get(number)
        found += [rows.Partner(code, of.organisations[lead], "lead")] if lead is not None else []
        found += [rows.Partner(code, key, "signed up") for key in sorted(others.get(number, []))]
    return tuple(found)


def _measures(of: Exporting) -> tuple[rows.Measure, ...]:
    """The measures with the terms of the newest version."""
    query = (
        select(Measure, MeasureTerms)
        .join(MeasureTerms, MeasureTerms.measure_id == Measure.id)
        .where(MeasureTerms.version_id == of.newest.id)
        .order_by(Measure.position)
        .options(lazyload("*"))
    )
    fixed = ("code", "part", "position", "decimals", "source", "release_days")
    agreed = (
        *("unit", "polarity", "reported_unit", "reported_polarity", "baseline_period", "frequency"),
        *("tolerance_kind", "tolerance", "evidence", "per", "seasonal", "rolling"),
    )
    return tuple(
        rows.Measure(
            indicator=of.indicators[measure.indicator_id],
            range_low=None,  # each period's own is with its milestone
            range_high=None,
            cumulative=terms.reported_unit.endswith(CUMULATIVE),
            baseline_value=terms.baseline,
            **{name: getattr(measure, name) for name in fixed},
            **{name: getattr(terms, name) for name in agreed},
        )
        for measure, terms in of.session.execute(query)
    )


def _version(of: Exporting, version: AgreementVersion) -> rows.Version:
    """One version with its own targets, baselines and placeholders."""
    order = {number: place for place, number in enumerate(of.measures)}
    targets = of.session.scalars(select(Target).where(Target.version_id == version.id).order_by(Target.year)).all()
    baselines = select(MeasureTerms.measure_id, MeasureTerms.baseline).where(MeasureTerms.version_id == version.id)
    terms = select(IndicatorTerms.indicator_id).where(
        IndicatorTerms.version_id == version.id, IndicatorTerms.placeholder
    )
    said = ("year", "state", "low", "high", "printed", "note")
    return rows.Version(
        placeholders=frozenset(of.indicators[number] for number in of.session.scalars(terms)),
        targets=tuple(
            rows.Target(of.measures[one.measure_id], *(getattr(one, name) for name in said))
            for one in sorted(targets, key=lambda one: order[one.measure_id])
        ),
        baselines={of.measures[number]: value for number, value in of.session.execute(baselines)},
        **{
            name: getattr(version, name)
            for name in ("number", "title", "in_force_from", "agreed_on", "reason", "agreed_by")
        },
    )
