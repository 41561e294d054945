"""What the reward-weighted indicators have achieved: from verified figures alone, by the terms of the settings."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from layouts import reward as draw
from models.rules.reward import NoShare, Terms
from models.rules.terms import Role
from portal.actor import public
from portal.database import Database
from portal.errors import Forbidden, SignInRequired
from portal.services import returns
from portal.services.indicator_page import indicator_page
from portal.services.reward import reward
from portal.settings import WrongSetting, read_settings
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from portal.viewmodels.reward import Reward
from portal.words import reward as words_of
from tests.conftest import person
from tests.layouts.test_layouts import text_of

POT = Terms(pot=Decimal(3_000_000))


def read(database: Database, terms: Terms = POT, as_at: AsAt | None = None) -> Reward:
    return reward(database, person(database, "executive"), terms, as_at)


def test_leicesters_three_are_shown_uncapped_and_none_is_above_the_threshold(database: Database) -> None:
    view = read(database)
    shares = {one.of.code: words_of.percent(one.of.share) for one in view.earnings}
    assert shares == {"NI 117": "−158.3%", "NI 152": "26.4%", "NI 163": "19%"}
    assert {one.most for one in view.earnings} == {Decimal(1_000_000)}
    assert {one.amount for one in view.earnings} == {Decimal(0)}
    assert {one.of.period for one in view.earnings} == {"2008/09 Q2"}
    lower = read(database, replace(POT, threshold=Decimal(19)))
    assert [words_of.pounds(one.amount) for one in lower.earnings] == ["£0", "£264,285", "£190,000"]


def test_without_a_pot_there_are_shares_and_no_amounts(database: Database) -> None:
    view = read(database, Terms())
    assert {(one.most, one.amount) for one in view.earnings} == {(None, None)}
    said = text_of(draw.reward(view)[1])
    assert "No pot is set here" in said
    assert "Would pay" not in said
    assert said.count("Indicative") == 1
    assert "is not known to us" in said
    assert "Would pay" in text_of(draw.reward(read(database))[1])


def test_only_verified_figures_count_and_a_past_day_is_as_it_was(database: Database) -> None:
    lead = person(database, "lsc")
    number = returns.find_return(database, lead, "2008-09-q3", "NI 163")
    returns.save(database, lead, number, None, Typed(value="61.9"))
    returns.submit(database, lead, number, None)
    assert "61.9" not in {str(one.of.value) for one in read(database).earnings}
    before = read(database, as_at=AsAt(date(2008, 9, 30)))
    assert {one.of.share for one in before.earnings} == {NoShare.NO_FIGURE}


def test_the_page_of_an_indicator_says_its_share_and_of_no_other(database: Database) -> None:
    executive = person(database, "executive")
    (one,) = indicator_page(database, executive, "ni-163").improvements
    assert one.share == Decimal("0.19")
    assert words_of.why(one) == (
        "From the baseline of 55.9% (2006/07) to the target of 61.9% for 2010/11 it is 6; to 57.04% in quarter 2 of "
        "2008/09 it is 1.14, which is 19% of it."
    )
    assert indicator_page(database, executive, "ni-16").improvements == ()


def test_whoever_reads_themes_reads_it_and_nobody_else(database: Database) -> None:
    for who in ("police", "police.contributor", "team"):
        assert len(reward(database, person(database, who), Terms()).earnings) == 3
    for who in (Role.REVIEWER, Role.ADMIN):
        with pytest.raises(Forbidden):
            reward(database, person(database, who), Terms())
    with pytest.raises(SignInRequired):
        reward(database, public(), Terms())


def test_every_reason_has_its_words(database: Database) -> None:
    (one, *_) = read(database).earnings
    for reason in NoShare:
        found = replace(one.of, share=reason)
        assert words_of.why(found).endswith(".")
        assert "{" not in words_of.why(found)
        assert words_of.share(found).startswith("None: ")


def test_the_settings_say_threshold_and_pot() -> None:
    assert (read_settings({}).reward_threshold, read_settings({}).reward_pot) == (Decimal(60), None)
    found = read_settings({"PORTAL_REWARD_THRESHOLD": "55.5", "PORTAL_REWARD_POT": "1200000"})
    assert (found.reward_threshold, found.reward_pot) == (Decimal("55.5"), Decimal(1_200_000))
    for name, value in (
        ("THRESHOLD", "101"),
        ("THRESHOLD", "-1"),
        ("THRESHOLD", "high"),
        ("THRESHOLD", "NaN"),
        ("POT", "0"),
        ("POT", "Infinity"),
    ):
        with pytest.raises(WrongSetting, match=f"PORTAL_REWARD_{name}"):
            read_settings({f"PORTAL_REWARD_{name}": value})
