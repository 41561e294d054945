"""A refresh as the team reads it: each change beside what was agreed, what it would have meant, who has consented."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import AgreementVersion, Indicator, Measure, MeasureTerms, Period
from models.people import Organisation
from models.refresh import Refresh, RefreshChange, RefreshConsent
from models.returns import Return, ReturnRevision, RevisionRating
from models.rules.expected import YearTarget
from models.rules.judging import judge
from models.rules.refresh import (
    GOVERNMENT_OFFICE,
    Moves,
    Stretch,
    Term,
    Value,
    consents_needed,
    counterfactual,
    stretch,
)
from models.rules.terms import Polarity, Rating
from portal.records.agreed import AgreedMeasure, agreed_measures
from portal.records.indicators import answers_of
from portal.records.refresh_rows import live_changes, place_of, value_of, with_changes
from portal.records.versions import NO, Place, Said, differences, says
from portal.viewmodels.refresh import Change, Consent, Proposed, RefreshPage, Summary, VersionLine

PAST_FIGURES = 4
OFFICE = "Government Office"


def refresh_page(session: Session, refresh: Refresh) -> RefreshPage:
    """All of a refresh; ten statements and one for each past period with figures."""
    base = says(session, refresh.base)
    rows = live_changes(session, refresh)
    new = with_changes(base, {place_of(row): value_of(row) for row in rows})
    units, polarities = _terms(session, refresh.base)
    would = _Counterfactual(session, refresh.base)
    by_indicator: dict[int, list[RefreshChange]] = defaultdict(list)
    for row in rows:
        by_indicator[row.indicator_id].append(row)
    names = {row.key: row.name for row in session.execute(select(Organisation.key, Organisation.name))}
    said = _consents(session, refresh)
    proposed = []
    for changes in by_indicator.values():
        indicator = changes[0].indicator
        drawn = tuple(_change(row, base, units, polarities, would) for row in changes)
        consents = _asked(indicator, changes, base, new, names, said)
        proposed.append(Proposed(indicator.code, indicator.title, indicator.group, drawn, consents))
    return RefreshPage(
        refresh.id,
        refresh.version,
        refresh.title,
        refresh.reason,
        refresh.in_force_from,
        version_line(refresh.base, in_force=True),
        tuple(proposed),
        summary(base, new, (change for one in proposed for change in one.changes)),
    )


def version_line(version: AgreementVersion, *, in_force: bool) -> VersionLine:
    """One version as pages tell of it."""
    same = ("number", "title", "in_force_from", "agreed_on", "reason", "agreed_by")
    return VersionLine(**{name: getattr(version, name) for name in same}, in_force=in_force)


def changes_between(
    session: Session, old: AgreementVersion, new: AgreementVersion
) -> tuple[tuple[Change, ...], Summary]:
    """What a version changed against an older one, in the agreement's order, and what that comes to."""
    before, after = says(session, old), says(session, new)
    units, polarities = _terms(session, new)
    named = select(Indicator.code, Indicator.title).where(Indicator.agreement_id == new.agreement_id)
    named = named.order_by(Indicator.position)
    titles = {row.code: row.title for row in session.execute(named)}
    changes = tuple(
        Change(
            indicator=place.indicator,
            measure=place.measure,
            title=titles[place.indicator],
            term=place.term,
            year=place.year,
            old=was,
            new=now,
            unit=units.get(place.measure, ""),
            stretch=_stretch(place, was, now, polarities),
        )
        for place, (was, now) in differences(before, after).items()
    )
    place = {code: number for number, code in enumerate(titles)}
    return tuple(sorted(changes, key=lambda change: place[change.indicator])), summary(before, after, changes)


def summary(old: Said, new: Said, changes: Iterable[Change]) -> Summary:
    """What changes come to: the placeholders that they resolve, the targets by what becomes of them, the rest."""
    resolved = [
        place.indicator
        for place, (_, now) in differences(old, new).items()
        if place.term is Term.PLACEHOLDER and now.word == NO
    ]
    changes = list(changes)
    stretches = Counter(change.stretch for change in changes if change.stretch)
    others = sum(change.term not in (Term.TARGET, Term.PLACEHOLDER) for change in changes)
    return Summary(tuple(resolved), {word: stretches[word] for word in Stretch if stretches[word]}, others)


def _terms(session: Session, version: AgreementVersion) -> tuple[Mapping[str, str], Mapping[str, Polarity]]:
    """The unit and the polarity of each measure's target, by its code."""
    rows = session.execute(
        select(Measure.code, MeasureTerms.unit, MeasureTerms.polarity)
        .join(Measure, Measure.id == MeasureTerms.measure_id)
        .where(MeasureTerms.version_id == version.id)
    ).all()
    return {code: unit for code, unit, _ in rows}, {code: polarity for code, _, polarity in rows}


def _stretch(place: Place, old: Value, new: Value, polarities: Mapping[str, Polarity]) -> Stretch | None:
    return stretch(old, new, polarities[place.measure]) if place.term is Term.TARGET else None


def _change(
    row: RefreshChange,
    base: Said,
    units: Mapping[str, str],
    polarities: Mapping[str, Polarity],
    would: "_Counterfactual",
) -> Change:
    place, new = place_of(row), value_of(row)
    return Change(
        indicator=place.indicator,
        measure=place.measure,
        title=row.indicator.title,
        term=place.term,
        year=place.year,
        old=base[place],
        new=new,
        unit=units.get(place.measure, ""),
        reason=row.reason,
        id=row.id,
        stretch=_stretch(place, base[place], new, polarities),
        moves=would.moves(row) if place.term is Term.TARGET else None,
    )


def _consents(session: Session, refresh: Refresh) -> Mapping[tuple[int, int | None], RefreshConsent]:
    """The last word of each, by indicator and organisation."""
    rows = session.scalars(
        select(RefreshConsent).where(RefreshConsent.refresh_id == refresh.id).order_by(RefreshConsent.id)
    )
    return {(row.indicator_id, row.organisation_id): row for row in rows}


def consented_to(changes: Sequence[RefreshChange]) -> str:
    """What a consent to an indicator's changes is a consent to: their numbers."""
    return " ".join(str(number) for number in sorted(change.id for change in changes))


def partners_of(code: str, *versions: Said) -> set[str]:
    """The keys of the lead and the partners of an indicator, in any of these versions."""
    words = [said[Place(code, "", term)].word for said in versions for term in (Term.LEAD, Term.PARTNERS)]
    return {key.strip() for word in words for key in word.split(";") if key.strip()}


def _asked(
    indicator: Indicator,
    changes: Sequence[RefreshChange],
    base: Said,
    new: Said,
    names: Mapping[str, str],
    said: Mapping[tuple[int, int | None], RefreshConsent],
) -> tuple[Consent, ...]:
    valid = {
        row.organisation.key if row.organisation else GOVERNMENT_OFFICE: row
        for (indicator_id, _), row in said.items()
        if indicator_id == indicator.id and row.changes == consented_to(changes)
    }
    return tuple(
        Consent(
            key,
            names.get(key, key) if key != GOVERNMENT_OFFICE else OFFICE,
            valid[key].given if key in valid else None,
            valid[key].said_by if key in valid else "",
        )
        for key in consents_needed(indicator.group, partners_of(indicator.code, base, new))
    )


class _Counterfactual:
    """What past figures would have been rated under a proposed target: verified ones, the milestones left aside that
    were agreed for the old target."""

    def __init__(self, session: Session, base: AgreementVersion) -> None:
        self._session, self._base = session, base
        self._agreed: dict[int, dict[int, AgreedMeasure]] = {}
        self._figures: dict[int, list[tuple[Period, ReturnRevision, Rating | None]]] = defaultdict(list)
        for period, measure_id, revision, rated in session.execute(
            select(Period, Return.measure_id, ReturnRevision, RevisionRating)
            .join(Return, Return.period_id == Period.id)
            .join(
                ReturnRevision,
                (ReturnRevision.return_id == Return.id) & (ReturnRevision.number == Return.verified_revision),
            )
            .join(RevisionRating, RevisionRating.revision_id == ReturnRevision.id)
            .where(Period.agreement_id == base.agreement_id, ReturnRevision.value.is_not(None))
            .order_by(Period.ends_on)
        ):
            self._figures[measure_id].append((period, revision, rated.override or rated.by_rule))

    def moves(self, change: RefreshChange) -> Moves | None:
        """None where nothing was returned yet."""
        assert change.measure is not None
        figures = self._figures[change.measure.id]
        of_year = [one for one in figures if one[0].year == change.year]
        looked_at = of_year or figures[-PAST_FIGURES:]
        if not looked_at:
            return None
        pairs = [(rating, self._rated(change, period, revision)) for period, revision, rating in looked_at]
        return counterfactual(pairs, own_year=bool(of_year))

    def _rated(self, change: RefreshChange, period: Period, revision: ReturnRevision) -> Rating | None:
        assert change.measure is not None
        if period.id not in self._agreed:
            items = agreed_measures(self._session, self._base, period)
            self._agreed[period.id] = {item.measure.id: item for item in items}
        item = self._agreed[period.id][change.measure.id]
        low, high = change.low, change.high
        target = YearTarget(low, high, item.terms.unit) if low is not None and high is not None else None
        agreed = replace(item.agreed, target=target, milestone=None)
        if change.state is not None:
            agreed = replace(agreed, target_state=change.state)
        answers = answers_of(revision)
        return judge(answers.value, answers.no_value_reason, agreed, answers.grounds).rating
