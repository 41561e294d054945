"""Loading the actions of a review's exceptions: they come in open, as of the day of that review."""

from collections.abc import Mapping

from sqlalchemy import select

from models.actions import ActionStep, IndicatorAction
from models.agreement import IndicatorTerms, Period
from models.people import Organisation
from models.rules.actions import ActionState
from models.rules.codes import period_slug
from portal.formats.agreement_csv import rows
from portal.history import as_of
from portal.records.agreement import version_in_force
from portal.records.loading import Loading
from portal.records.noting import put


def put_actions(
    loading: Loading,
    file: rows.AgreementFile,
    organisations: Mapping[str, int],
    indicators: Mapping[str, int],
    periods: Mapping[str, Period],
) -> None:
    """Every action that did not come in before, without a due date, since the files know none. One that did has a life
    of its own by now, and is left alone; another owner is told."""
    session = loading.session
    for said in file.actions:
        period, indicator_id = periods[said.period], indicators[said.indicator]
        owner_id = organisations.get(said.owner) or _lead(loading, period, indicator_id)
        first = session.scalars(
            select(ActionStep)
            .join(IndicatorAction, IndicatorAction.id == ActionStep.action_id)
            .where(IndicatorAction.indicator_id == indicator_id, IndicatorAction.period_id == period.id)
            .where(ActionStep.text == said.text, ActionStep.person_id.is_(None))
        ).one_or_none()
        if first is not None:
            if said.owner and first.owner_id != owner_id:
                loading.noticed.append(_otherwise(said, first.owner))
            continue
        action = IndicatorAction(indicator_id=indicator_id, period_id=period.id, version=1)
        loading.add(action)
        with as_of(session, min(period.due_on, session.info["clock"].today())):
            step = ActionStep(action_id=action.id, text=said.text, owner_id=owner_id, named="", state=ActionState.OPEN)
            step.evidence = step.reason = ""
            put(session, step)


def _lead(loading: Loading, period: Period, indicator_id: int) -> int | None:
    """Who led the indicator when the period ended; nobody where it is the team's own."""
    version = version_in_force(loading.session, period.agreement_id, period.ends_on)
    return loading.session.get_one(IndicatorTerms, (version.id, indicator_id)).lead_id


def _otherwise(said: rows.ActionSaid, held: Organisation | None) -> str:
    name = f"exceptions_{period_slug(said.period).replace('-', '_')}.csv"
    return (
        f"{said.indicator}: '{said.text}' has the owner {said.owner} in {name}, and came in with "
        f"{held.key if held else 'the partnership team'}: an action is changed on its indicator's page, not by a load."
    )
