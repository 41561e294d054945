"""The self-assessment in words: its nineteen questions under four heads, its stages, and what the check has found.

How many questions there are under which head is known from the review of 2008/09 (1.1 to 1.5, 2.1 to 2.3, 3.1 to 3.5,
4.1 to 4.6); how Government Office worded them is not. The wording here is ours: change it here and nowhere else.
"""

from models.rules.circulation import Decision, Stage
from models.rules.consistency import Found, Kind
from models.rules.terms import Rating, ReviewCategory
from portal.words.vocabulary import CATEGORY, RATING

HEADS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "1",
        "Effective partnership working",
        (
            "How is the partnership led and governed, and who answers for which target?",
            "How do the delivery groups turn targets into plans, and how are plans followed up?",
            "How is performance managed: what is reported, how often, and to whom?",
            "How are money and people of the partners brought together for the targets?",
            "What does the partnership do to improve the way in which it works?",
        ),
    ),
    (
        "2",
        "Named partners",
        (
            "How do the partners that have a duty to co-operate take part?",
            "How are partners without such a duty, and the voluntary sector, brought in?",
            "Where does co-operation not work yet, and what is done about it?",
        ),
    ),
    (
        "3",
        "New ways of working and innovation",
        (
            "What is done differently because of the agreement?",
            "What has been tried out, and what came of it?",
            "How are data and evidence shared between partners?",
            "How do partners learn from others, and others from them?",
            "What stands in the way of innovation, and what would help?",
        ),
    ),
    (
        "4",
        "Accountability to citizens",
        (
            "How do people have a say in priorities and targets?",
            "How are people told how their area is doing?",
            "How do elected members and scrutiny hold the partnership to account?",
            "How are communities reached that are seldom heard?",
            "How is equality looked after in what the partners do?",
            "How do people's complaints and views change what is done?",
        ),
    ),
)
QUESTIONS: dict[str, str] = {
    f"{head}.{number}": question for head, _, questions in HEADS for number, question in enumerate(questions, 1)
}
"""The nineteen questions of the delivery part, by key."""
NOTES = {"summary": "Executive summary", "climate": "The economic climate"}
"""The two notes that stand before them."""
KEYS = (*NOTES, *QUESTIONS)
"""Everything that is written, in the order of the document."""

STAGE = {
    Stage.DELIVERY_GROUPS: "Delivery groups",
    Stage.EXECUTIVE: "Partnership Executive",
    Stage.GOVERNMENT_OFFICE: "Government Office",
}
DECISION = {
    Decision.AGREED: "Agreed",
    Decision.AGREED_WITH_CHANGES: "Agreed with changes",
    Decision.SENT_BACK: "Sent back",
}
TOKENS = (
    "A figure is written as a live figure: {NI 16 figure}, or milestone, target, baseline, forecast, rating, category; "
    "{count at risk}, or on track, off trajectory, no data, designated, indicators, measures; "
    "{safer worse}, or better, within, no rating, indicators. It follows the returns until the text is signed off."
)
KEY = (
    (Rating.BETTER, "the figure, or the forecast for the year's end, is better than anticipated"),
    (Rating.WITHIN, "it is within the acceptable range"),
    (Rating.WORSE, "it is worse than anticipated"),
)
NOT_ANSWERED = "Not answered yet."
CHECKED = (
    "The check reads the texts sentence by sentence. It holds praise, blame and 'on track' against the rating of the "
    "indicators and themes that a sentence names – a theme counts as mostly worse from half of its rated indicators on – "
    "and the numbers that are said to be at risk, on track or rated against the counts. It looks whether every indicator "
    "at risk is named and explained, and for commitments of the year before without an outcome. A figure that is typed, "
    "and not put in as a live figure, it holds against nothing: use live figures."
)
"""What the check reads, and what it does not."""
COUNTED_HOW = {
    ReviewCategory.ON_TRACK: "neither worse than anticipated now nor forecast to be",
    ReviewCategory.OFF_TRAJECTORY: "worse than anticipated now, and forecast to recover by the year's end",
    ReviewCategory.AT_RISK: "forecast to end the year worse than anticipated",
    ReviewCategory.NO_DATA: "placeholders and others without anything to judge by yet",
}


def heading_of(key: str) -> str:
    """What a text is headed by: '1.3 How is performance managed …', 'Executive summary'."""
    return NOTES[key] if key in NOTES else f"{key} {QUESTIONS[key]}"


def short_of(key: str) -> str:
    """What a text is called in a sentence: 'question 1.3', 'the executive summary'."""
    return (
        f"question {key}"
        if key in QUESTIONS
        else {"summary": "the executive summary"}.get(key, "the note on the climate")
    )


def found(one: Found, themes: dict[str, str]) -> str:
    """What the check has found, in a sentence."""
    match one.kind:
        case Kind.PRAISED:
            return f"Praises {themes[one.about]}, where {one.right} rated indicators are worse than anticipated."
        case Kind.BLAMED:
            return (
                f"Finds fault with {themes[one.about]}, where {one.right} rated indicators are worse than anticipated."
            )
        case Kind.COUNT:
            return f"Counts otherwise than the data: {_phrase(one.about)}: {one.right}."
        case Kind.STATUS:
            states = " and ".join(_phrase(each) for each in one.right.split(", "))
            return f"Says otherwise than the data of {one.about}, which is: {states}."
        case Kind.UNMENTIONED:
            return f"{one.about} is at risk, and no text mentions it."
        case Kind.UNEXPLAINED:
            return f"{one.about} is at risk, and has no analysis or no action."
        case Kind.NO_OUTCOME:
            return f"Last year's commitment has no outcome yet: “{one.said}”"


def _phrase(state: str) -> str:
    said = {**{each.value: CATEGORY[each] for each in ReviewCategory}, **{each.value: RATING[each] for each in Rating}}
    return said[state].lower()
