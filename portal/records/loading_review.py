"""Loading the texts and commitments of annual reviews: they come in once, and are written on the portal from then on."""

from collections.abc import Mapping

from sqlalchemy import select

from models.agreement import Agreement, Period
from models.rules.review import REVIEW_QUARTER
from models.self_assessment import ReviewAnswer, ReviewCommitment
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.review_rows import ReviewText
from portal.history import as_of, noted
from portal.records.loading import Loading


def put_reviews(
    loading: Loading,
    agreement: Agreement,
    file: rows.AgreementFile,
    organisations: Mapping[str, int],
    indicators: Mapping[str, int],
    periods: Mapping[str, Period],
) -> None:
    """Every text and commitment that did not come in before, as of the day on which the review's quarter was due. A text
    that is there already has a life of its own, and is left alone; where the file says otherwise, that is told."""
    session = loading.session
    today = session.info["clock"].today()
    for said in file.review_texts:
        held = select(ReviewAnswer).where(ReviewAnswer.agreement_id == agreement.id, ReviewAnswer.year == said.year)
        held = held.where(ReviewAnswer.question == said.question, ReviewAnswer.number == 1)
        first = session.scalars(held).one_or_none()
        if first is not None:
            if first.text != said.text:
                loading.noticed.append(_otherwise(said))
            continue
        with as_of(session, min(periods[f"{said.year} Q{REVIEW_QUARTER}"].due_on, today)):
            row = ReviewAnswer(agreement_id=agreement.id, year=said.year, question=said.question, number=1)
            row.text, row.contributors = said.text, said.contributors
            row.day, row.at = noted(session)
            loading.add(row)
    for will in file.review_commitments:
        same = select(ReviewCommitment.id).where(ReviewCommitment.agreement_id == agreement.id)
        if session.scalar(same.where(ReviewCommitment.year == will.year, ReviewCommitment.text == will.text).limit(1)):
            continue
        with as_of(session, min(periods[f"{will.year} Q{REVIEW_QUARTER}"].due_on, today)):
            made = ReviewCommitment(agreement_id=agreement.id, year=will.year, text=will.text)
            made.indicator_id, made.owner_id = indicators.get(will.indicator), organisations.get(will.owner)
            made.day, made.at = noted(session)
            loading.add(made)


def _otherwise(said: ReviewText) -> str:
    return (
        f"The text of {said.question} in review_answers_{said.year.replace('/', '_')}.csv is another than came in first: "
        "it is changed on the page of the annual review, not by a load."
    )
