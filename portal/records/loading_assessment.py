"""Loading the corporate assessment: its themes with their first scores, and what the scores mean."""

from datetime import date

from sqlalchemy import select

from models.agreement import Agreement
from models.assessment import AssessmentLevel, AssessmentStep, AssessmentTheme
from portal.formats.agreement_csv import rows
from portal.history import as_of
from portal.records.agreement import known_versions
from portal.records.assessment import said_of
from portal.records.loading import Loading
from portal.records.noting import put

FILE = "corporate_assessment.csv"


def put_assessment(loading: Loading, agreement: Agreement, file: rows.AgreementFile) -> None:
    """Every theme that did not come in before. One that did has a life of its own by now, and is left alone; that the
    file says it otherwise is told."""
    session = loading.session
    held = {
        row.title: row
        for row in session.scalars(select(AssessmentTheme).where(AssessmentTheme.agreement_id == agreement.id))
    }
    for said in file.corporate.themes:
        if held and said.title not in held:
            message = f"{said.title} is none of the themes that are loaded already: {', '.join(held)}"
            loading.problem(FILE, said.line, "theme", message)
            continue
        step = AssessmentStep(
            score=said.score, evidence=said.evidence, key_risk=said.key_risk, actions=said.actions, reason=""
        )
        if theme := held.get(said.title):
            first = select(AssessmentStep).where(AssessmentStep.theme_id == theme.id).order_by(AssessmentStep.id)
            if said_of(next(session.scalars(first))) != said_of(step):
                loading.noticed.append(
                    f"{said.title} is said otherwise in {FILE} than when it came in: it is changed on /assessment, not "
                    "by a load."
                )
            continue
        theme = AssessmentTheme(agreement_id=agreement.id, title=said.title, position=said.position, version=1)
        loading.add(theme)
        with as_of(session, first_day(loading, agreement)):
            step.theme_id = theme.id
            put(session, step)
    for level in file.corporate.levels:
        key = {"agreement_id": agreement.id, "score": level.score}
        values = {"description": level.description, "judgement": level.judgement, "rule": level.rule}
        rules = {"rule": ("corporate_assessment_rules.csv", level.rule_line)}
        loading.put(AssessmentLevel, "corporate_assessment_scale.csv", level.line, key, values, said_in=rules)


def first_day(loading: Loading, agreement: Agreement) -> date:
    """The day from which what the files say without a date is known: that on which the agreement was signed."""
    clock = loading.session.info["clock"]
    signed: date = known_versions(loading.session, agreement.id)[0].agreed_on
    return min(signed, clock.today())
