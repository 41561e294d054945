"""Loading an agreement that was read from files: all or nothing, and a second time it changes nothing."""

from dataclasses import dataclass, field

from sqlalchemy import select

from models.agreement import Agreement, Indicator, Measure, Period, Theme
from models.people import Organisation, OrganisationName
from models.rules.calendar import periods as periods_of
from models.rules.codes import title_key
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.formats.agreement_csv import rows
from portal.policy import Action, require
from portal.records.loading import Loading
from portal.records.loading import NotLoaded as NotLoaded  # for those who load
from portal.records.loading_actions import put_actions
from portal.records.loading_assessment import first_day, put_assessment
from portal.records.loading_elsewhere import put_figures, put_history
from portal.records.loading_money import put_money
from portal.records.loading_proposals import put_proposals
from portal.records.loading_returns import put_returns
from portal.records.loading_review import put_reviews
from portal.records.loading_shares import put_shares
from portal.records.loading_versions import put_versions


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load: how many rows of each table were added, and what else is to be known, in sentences.
    `key` names the agreement."""

    added: dict[str, int]
    noticed: tuple[str, ...] = ()
    key: str = field(default="", compare=False)


def load_agreement(database: Database, actor: Actor, file: rows.AgreementFile) -> Loaded:
    """Write an agreement with its versions, periods, targets, milestones and past returns. Of one that is there, what
    is new is added, and other terms than it has now are proposed as a refresh, which changes nothing until it is agreed.
    NotLoaded, with every contradiction, when the database holds something else already."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.write(actor) as session:
        loading = Loading(session)
        agreement = _put_agreement(loading, file)
        session.info["agreement"] = agreement.key
        organisations = _put_organisations(loading, file)
        is_new = loading.added["agreement"] > 0
        indicators = _put_indicators(loading, agreement, file)
        measures = {row.code: _put_measure(loading, row, indicators[row.indicator]) for row in file.measures}
        periods = _put_periods(loading, agreement.id, file)
        put_versions(loading, agreement, file, organisations, indicators, measures, periods)
        put_returns(loading, file, measures, periods)
        put_actions(loading, file, organisations, indicators, periods)
        put_figures(loading, file, measures, periods)
        # What an agreement is set up with was known when it was signed; what comes later, from then on.
        known_from = first_day(loading, agreement) if is_new else session.info["clock"].today()
        put_history(loading, file, measures, known_from)
        put_shares(loading, file)
        put_reviews(loading, agreement, file, organisations, indicators, periods)
        put_money(loading, file, indicators)
        put_assessment(loading, agreement, file)
        put_proposals(loading, agreement, file)
        if loading.problems:
            raise NotLoaded(loading.problems)
        if loading.added:
            audit.record(session, Action.AGREEMENT_CHANGE, f"agreement {file.title}", after=dict(loading.added))
        return Loaded(dict(loading.added), tuple(loading.noticed), agreement.key)


def _put_agreement(loading: Loading, file: rows.AgreementFile) -> Agreement:
    """The agreement with the key that the files say; with its title, where they say none."""
    held = loading.session.scalars(select(Agreement).where(Agreement.title == file.title)).one_or_none()
    if held is not None and file.key and held.key != file.key:
        loading.problem("agreement.csv", 2, "key", f"says {file.key}, but {file.title} is loaded as {held.key} already")
        raise NotLoaded(loading.problems)
    row: Agreement = loading.put(
        Agreement,
        "agreement.csv" if file.key else "the agreement",
        2 if file.key else 0,
        {"key": file.key or (held.key if held else title_key(file.title))},
        {"title": file.title, "area": file.area, "first_year": file.years[0], "last_year": file.years[-1]},
    )
    return row


def _put_organisations(loading: Loading, file: rows.AgreementFile) -> dict[str, int]:
    """Older files may still give an organisation a name that it had: a rename is no contradiction."""
    former = {
        (key, name)
        for key, name in loading.session.execute(
            select(Organisation.key, OrganisationName.name).join(
                OrganisationName, OrganisationName.organisation_id == Organisation.id
            )
        )
    }
    held = {row.key: row.name for row in loading.session.scalars(select(Organisation))}
    numbers = {}
    for row in file.organisations:
        said = {"name": row.name, "sector": row.sector, "also_known_as": "; ".join(row.also_known_as)}
        if (row.key, row.name) in former:
            del said["name"]
        elif held.get(row.key, row.name) != row.name:
            message = (
                f"{row.key} is called {held[row.key]} here, and {row.name} in the file: where it was renamed, an "
                "administrator gives it its new name on /people first"
            )
            loading.problem("organisations.csv", row.line, "name", message)
            del said["name"]
        numbers[row.key] = loading.put(Organisation, "organisations.csv", row.line, {"key": row.key}, said).id
    return numbers


def _put_indicators(loading: Loading, agreement: Agreement, file: rows.AgreementFile) -> dict[str, int]:
    """Themes and indicators; answers the indicators' ids by code."""
    themes = {
        row.key: loading.put(
            Theme,
            "themes.csv",
            row.line,
            {"agreement_id": agreement.id, "key": row.key},
            {name: getattr(row, name) for name in ("title", "title_in_strategy", "title_in_agreement", "position")},
        ).id
        for row in file.themes
    }
    same = ("title", "group", "reward_weighted", "baseline_printed", "note", "position")
    return {
        row.code: loading.put(
            Indicator,
            "indicators.csv",
            row.line,
            {"agreement_id": agreement.id, "code": row.code},
            {"theme_id": themes[row.theme], **{name: getattr(row, name) for name in same}},
        ).id
        for row in file.indicators
    }


def _put_measure(loading: Loading, row: rows.Measure, indicator_id: int) -> Measure:
    measure: Measure = loading.put(
        Measure,
        "measures.csv",
        row.line,
        {"indicator_id": indicator_id, "code": row.code},
        {name: getattr(row, name) for name in ("part", "position", "source", "release_days")},
        {"decimals": row.decimals},  # made out from the figures: later ones may have more
    )
    return measure


def _put_periods(loading: Loading, agreement_id: int, file: rows.AgreementFile) -> dict[str, Period]:
    fixed = ("year", "frequency", "number", "starts_on", "ends_on")
    begins = ("opens_on", "due_on", "closes_on")  # the team may set these otherwise
    return {
        one.key: loading.put(
            Period,
            "the agreement",
            0,
            {"agreement_id": agreement_id, "key": one.key},
            {name: getattr(one, name) for name in fixed},
            {name: getattr(one, name) for name in begins},
        )
        for year in file.years
        for one in periods_of(year)
    }
