"""The memorandum as a file: one row for each target, so that a machine can read what people read on the page."""

from models.rules.terms import TargetState
from portal.formats.table_csv import written
from portal.viewmodels.memorandum import Memorandum

HEADER = (
    *("agreement", "version", "agreed_on", "in_force_from", "period_from", "period_to"),
    *("indicator", "title", "group", "designated", "lead", "partners"),
    *("placeholder", "placeholder_reason", "expected"),
    *("measure", "part", "unit", "baseline", "baseline_period"),
    *("year", "state", "low", "high", "printed"),
    "frequency",
)
_YES_NO = {True: "yes", False: "no"}


def memorandum_csv(view: Memorandum) -> str:
    """The file's text. Figures keep the digits that they were agreed with; `printed` is the agreement's own wording."""
    version = view.version
    dated = (view.agreement, version.number, version.agreed_on, version.in_force_from, view.starts_on, view.ends_on)
    return written(
        HEADER,
        (
            (
                *dated,
                *(one.code, one.title, one.group, _YES_NO[one.designated], one.lead, "; ".join(one.partners)),
                *(_YES_NO[one.placeholder], one.placeholder_reason, one.expected),
                *(measure.code, measure.part, measure.unit, measure.baseline, measure.baseline_period),
                *(said.year, said.state, said.low, said.high),
                # What a source prints where there is no target ('X') means nothing without the source.
                said.printed if said.state is TargetState.SET else "",
                measure.frequency,
            )
            for one in view.indicators
            for measure in one.measures
            for said in measure.promises
        ),
    )
