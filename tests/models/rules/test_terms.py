"""The vocabularies are what tables and editions keep, files are written in, and other programs read."""

from enum import StrEnum

import pytest

from models.rules import terms

WORDS = {
    terms.Rating: ["better", "within", "worse"],
    terms.NoRating: [
        *("placeholder", "not due", "source not yet published", "return late", "not reported", "no survey this year"),
        *("suppressed", "target not set", "milestone not set", "dropped", "withdrawn", "maa only"),
        *("too early to say", "being checked"),
    ],
    terms.Silence: ["nothing measured", "not there yet", "confidential", "nothing agreed"],
    terms.Polarity: ["higher", "lower", "range", "none"],
    terms.TargetState: ["set", "not applicable", "not set", "dropped", "withdrawn", "maa only"],
    terms.Group: ["designated", "statutory education", "local"],
    terms.ToleranceKind: ["percent", "unit"],
    terms.Frequency: ["monthly", "quarterly", "half-yearly", "yearly"],
    terms.Evidence: ["figure", "proportion", "count", "survey"],
    terms.Forecaster: ["partner", "portal"],
    terms.AreaKind: ["neighbour", "region", "country"],
    terms.State: ["not_started", "draft", "submitted", "queried", "verified", "published"],
    terms.Message: [
        *(
            "query",
            "challenge",
            "answer",
            "reopening",
            "explanation",
            "countersignature",
            "contribution",
            "dissent",
            "chased",
        ),
    ],
    terms.ReviewCategory: ["on_track", "off_trajectory", "at_risk", "no_data"],
    terms.Role: ["contributor", "lead", "team", "executive", "reviewer", "admin"],
    terms.TokenScope: ["read", "draft", "write"],
}


@pytest.mark.parametrize("vocabulary", WORDS, ids=lambda vocabulary: vocabulary.__name__)
def test_what_was_written_in_these_words_can_still_be_read(vocabulary: type[StrEnum]) -> None:
    assert [*vocabulary] == WORDS[vocabulary]


def test_a_reason_for_no_rating_says_of_which_kind_it_is() -> None:
    kinds = {kind: {reason for reason in terms.NoRating if reason.kind is kind} for kind in terms.Silence}
    assert all(kinds.values())
    assert terms.NoRating.NO_SURVEY in kinds[terms.Silence.NOTHING_MEASURED]
    with pytest.raises(TypeError, match="kind"):
        terms.NoRating.__new_member__(terms.NoRating, "a reason without one")


def test_every_vocabulary_is_looked_at() -> None:
    assert set(WORDS) == {each for each in vars(terms).values() if isinstance(each, type) and each is not StrEnum}


def test_a_partner_may_say_why_it_has_no_figure_but_not_what_the_agreement_says() -> None:
    assert set(terms.RETURNABLE_REASONS) == {
        *("source not yet published", "no survey this year", "suppressed", "not reported"),
    }


def test_a_query_a_challenge_and_a_dissent_stay_open_and_only_the_first_two_want_an_answer() -> None:
    assert set(terms.QUESTIONS) == {"query", "challenge"}
    assert set(terms.CONCURRENCE) == {"countersignature", "contribution", "dissent"}
    assert set(terms.STAYS_OPEN) == {"query", "challenge", "dissent"}
