"""What the consistency check finds in a sentence, and above all what it must leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.claims import number_of
from models.rules.consistency import (
    Facts,
    Found,
    IndicatorFact,
    Kind,
    ThemeFact,
    contradictions,
    short_names,
    unmentioned,
)

CARBON = ThemeFact(
    "carbon",
    ("Reducing our carbon footprint",),
    2,
    1,
    {"worse": frozenset({1}), "better": frozenset({0}), "at_risk": frozenset({1})},
)
SAFER = ThemeFact(
    "safer",
    ("Creating safer and stronger communities",),
    3,
    2,
    {"worse": frozenset({2}), "better": frozenset({1}), "at_risk": frozenset({1})},
)
SKILLS = ThemeFact("skills", ("Investing in skills and enterprise",), 2, 0, {"worse": frozenset({0})})
EMPTY = ThemeFact("talking-up", ("Talking up Leicester",), 0, 0, {})
FACTS = Facts(
    indicators=(
        IndicatorFact("NI 16", "Serious acquisitive crime rate", frozenset({"at_risk", "worse"}), at_risk=True),
        IndicatorFact("NI 20", "Assault with injury crime rate", frozenset({"on_track", "better"})),
        IndicatorFact("NI 120", "Mortality rate", frozenset({"on_track", "within"})),
        IndicatorFact("NI 131", "Delayed transfers", frozenset({"at_risk", "within"}), at_risk=True, explained=False),
    ),
    themes=(CARBON, SAFER, SKILLS, EMPTY),
    counts={
        "on_track": frozenset({16}),
        "off_trajectory": frozenset({3}),
        "at_risk": frozenset({5}),
        "no_data": frozenset({11, 32}),
        "worse": frozenset({7, 8}),
    },
    total=frozenset({35, 58}),
)


def found(text: str) -> list[tuple[Kind, str]]:
    return [(one.kind, one.about) for one in contradictions("1.1", text, FACTS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Creating safer and stronger communities is going very well.", [(Kind.PRAISED, "safer")]),
        ("We are proud of the results in safer and stronger communities.", [(Kind.PRAISED, "safer")]),
        ("Performance in the safer theme is excellent.", [(Kind.PRAISED, "safer")]),
        ("With {safer better} of {safer indicators}, this has been a success.", [(Kind.PRAISED, "safer")]),
        ("Reducing our carbon footprint is an outstanding success.", [(Kind.PRAISED, "carbon")]),
        ("Investing in skills and enterprise has been disappointing.", [(Kind.BLAMED, "skills")]),
        ("Six indicators are at risk.", [(Kind.COUNT, "at_risk")]),
        ("Of the 35, twenty-one are on track.", [(Kind.COUNT, "on_track")]),
        ("There are 17 on track.", [(Kind.COUNT, "on_track")]),
        ("More than five designated indicators are at risk.", [(Kind.COUNT, "at_risk")]),
        ("None of the designated indicators is at risk.", [(Kind.COUNT, "at_risk")]),
        ("No indicator is at risk.", [(Kind.COUNT, "at_risk")]),
        ("All indicators are on track.", [(Kind.COUNT, "on_track")]),
        ("Four of the 35 indicators are off trajectory.", [(Kind.COUNT, "off_trajectory")]),
        ("Nine indicators are worse than anticipated.", [(Kind.COUNT, "worse")]),
        ("Three indicators in safer and stronger communities are worse than anticipated.", [(Kind.COUNT, "worse")]),
        ("NI 16 is on track.", [(Kind.STATUS, "NI 16")]),
        ("Burglary (NI016) is now firmly on track.", [(Kind.STATUS, "NI 16")]),
        ("The rate of {NI 16 figure} is on track.", [(Kind.STATUS, "NI 16")]),
        ("The serious acquisitive crime rate is on track.", [(Kind.STATUS, "NI 16")]),
        ("NI 20 and NI 16 are both on track.", [(Kind.STATUS, "NI 16")]),
        ("NI 20 is at risk.", [(Kind.STATUS, "NI 20")]),
        ("NI 120(i) is better than anticipated.", [(Kind.STATUS, "NI 120")]),
        ("NI 20 is on track, NI 16 is on track too.", [(Kind.STATUS, "NI 16")]),
    ],
)
def test_what_contradicts_the_data_is_found(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Five indicators are at risk.",
        "Five of the 35 designated indicators are at risk, 16 are on track and three off trajectory.",
        "{count at risk} indicators are at risk.",
        "At least four indicators are at risk.",
        "Fewer than six indicators are at risk.",
        "Six indicators were at risk last year.",
        "By March six indicators would be at risk.",
        "If nothing is done, nine indicators will be at risk.",
        "We expect six indicators to be at risk.",
        "Two of the indicators at risk have new actions.",
        "One of the indicators at risk is burglary.",
        "The other two at risk are new.",
        "Two further indicators at risk were discussed.",
        "About six indicators are at risk.",
        "Only 16% are on track.",
        "2.42 is the figure; 2.14 at risk of confusion.",
        "There were 40 children at risk of harm.",
        "No one at risk of homelessness is turned away.",
        "Two local indicators are at risk.",
        "Two of the health indicators are at risk.",
        "11 indicators are without data.",
        "Eight indicators are worse than anticipated.",
        "Two indicators in safer and stronger communities are worse than anticipated.",
        "NI 16 is at risk and worse than anticipated.",
        "NI 16 is not on track.",
        "NI 16 is no longer on track.",
        "NI 16 will be on track by March.",
        "NI 16 is expected to be back on track.",
        "NI 16 was on track last year.",
        "Earlier reports said that NI 131 was on track.",
        "NI 16, unlike others that are on track, needs patrols.",
        "NI 20 is on track, NI 16 is not.",
        "NI 20 is on track, but NI 16 is at risk.",
        "NI 160 is on track.",
        "Is NI 16 on track?",
        "The paper said “NI 16 is on track”.",
        "People feel safer, and the work goes well.",
        "The safer theme is not doing well.",
        "It is far from a success in the safer theme.",
        "In safer and stronger communities the council as well as the police take part.",
        "Good practice in safer and stronger communities is shared.",
        "Safer and stronger communities should become a success.",
        "Investing in skills and enterprise is going well.",
        "Investing in skills and enterprise has not failed.",
        "Talking up Leicester is a great success.",
        "Talking up Leicester has failed.",
        "The delivery groups work very well.",
        "Skills are excellent, and so is the safer neighbourhood team.",
        "Burglary is poor reading, but safer and stronger communities has a plan.",
        "NI 16 on track 1.5.",
        "",
    ],
)
def test_what_does_not_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_finding_says_where_what_was_said_and_what_is_right() -> None:
    text = "All is in hand. Six indicators are at risk. Nothing else."
    assert contradictions("4.2", text, FACTS) == (
        Found(Kind.COUNT, "4.2", "at_risk", "Six indicators are at risk.", "5"),
    )


def test_who_is_at_risk_must_be_named_and_explained() -> None:
    assert [(one.kind, one.about) for one in unmentioned([], FACTS)] == [
        (Kind.UNMENTIONED, "NI 16"),
        (Kind.UNMENTIONED, "NI 131"),
        (Kind.UNEXPLAINED, "NI 131"),
    ]
    for text in ("NI 16", "ni016", "{NI 16 rating}", "the serious acquisitive crime rate"):
        assert [one.about for one in unmentioned([f"On {text}."], FACTS)] == ["NI 131", "NI 131"]
    assert [one.about for one in unmentioned(["NI 160 and NI 1"], FACTS)] == ["NI 16", "NI 131", "NI 131"]


def test_a_theme_is_mostly_worse_from_half_of_what_is_rated() -> None:
    assert [(one.mostly_worse, one.nothing_worse) for one in (CARBON, SAFER, SKILLS, EMPTY)] == [
        (True, False), (True, False), (False, True), (False, False),
    ]  # fmt: skip
    assert short_names(["Talking up Leicester", "", "Investing in our children"]) == (
        "Talking up Leicester",
        "Investing in our children",
    )


@given(st.integers(0, 99))
def test_the_right_count_is_never_found_and_every_other_is(number: int) -> None:
    assert found(f"{number} indicators are at risk.") == ([] if number == 5 else [(Kind.COUNT, "at_risk")])
    assert number_of(str(number)) == number


@given(st.text())
def test_any_text_can_be_checked(text: str) -> None:
    for one in contradictions("1.1", text, FACTS):
        assert one.said
        assert one.right
