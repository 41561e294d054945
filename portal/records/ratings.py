"""A rating and its grounds: written down once, with its revision, and read from there ever after."""

from models.returns import ReturnRevision, RevisionRating
from models.rules.expected import Expected
from models.rules.interval import Interval
from models.rules.judging import judge, judge_forecast
from models.rules.rating import Judgement
from portal.records.agreed import AgreedMeasure
from portal.viewmodels.returns import Answers


def rating_of(revision: ReturnRevision, answers: Answers, item: AgreedMeasure) -> RevisionRating:
    """How the rule rates a revision by what is agreed now, with its grounds."""
    found = judge(answers.value, answers.no_value_reason, item.agreed, answers.grounds)
    held, interval = found.expected, found.interval
    return RevisionRating(
        revision_id=revision.id,
        version_id=item.terms.version_id,
        by_rule=found.rating,
        no_rating_reason=found.reason,
        basis=held.basis if held else None,
        expected_value=held.value if held else None,
        expected_low=held.low if held else None,
        expected_high=held.high if held else None,
        lead=found.lead,
        margin=found.margin,
        interval_low=interval.low if interval else None,
        interval_high=interval.high if interval else None,
        forecast=judge_forecast(answers.forecast_value, answers.forecast_rating, item.agreed),
    )


def judgement_of(rated: RevisionRating) -> Judgement:
    """What the rule said of a revision when it was submitted, and why: the same whatever was agreed since."""
    low, high = rated.interval_low, rated.interval_high
    return Judgement(
        rated.by_rule,
        rated.no_rating_reason,
        Expected(rated.expected_value, rated.expected_low, rated.expected_high, rated.basis) if rated.basis else None,
        rated.lead,
        rated.margin,
        Interval(low, high) if low is not None and high is not None else None,
    )
