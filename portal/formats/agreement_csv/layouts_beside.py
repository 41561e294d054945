"""The files of an agreement that only some have: history, other figures, reviews, money, assessment, proposals."""

from models.rules.terms import AreaKind
from portal.formats.agreement_csv.layout import Column, Kind, Layout, words

SOURCE_FIGURES = Layout(
    ("measure", "period"),
    "What the national source published later; a newer load adds rows.",
    (
        Column("measure", "the measure's code"),
        Column("period", "the period"),
        Column("published_on", "the day on which it came out", kind=Kind.DAY),
        Column("value", "the figure", kind=Kind.FIGURE),
        Column("source", "who published it"),
    ),
)
HISTORIC_FIGURES = Layout(
    ("measure", "period"),
    "A measure's figures from before the agreement, as far back as they go.",
    (
        Column("measure", "the measure's code"),
        Column(
            "period", "the period, one that ends before the agreement begins: a month, quarter, half or financial year"
        ),
        Column("value", "the figure, in the unit that the measure is reported in", kind=Kind.FIGURE),
        Column("source", "who published it, or where it was found; empty where that is not known"),
    ),
)
AREA_FIGURES = Layout(
    ("measure", "period"),
    "What other areas have.",
    (
        Column("measure", "the measure's code"),
        Column("period", "the period"),
        Column("area", "the other area's name"),
        Column("kind", "`neighbour`, `region` or `country`", words=words(AreaKind)),
        Column("value", "its figure", kind=Kind.FIGURE),
        Column("source", "who published it"),
    ),
)
PROFILES = Layout(
    ("measure", "number"),
    "How a measure that is cumulative in the year usually comes in, period by period.",
    (
        Column("measure", "the measure's code"),
        Column("number", "the period in the year, from 1", kind=Kind.FIGURE),
        Column("share", "the share of the year's target that is usually reached by its end, 0 to 1", kind=Kind.FIGURE),
    ),
)
SERIES_BREAKS = Layout(
    ("measure", "period"),
    "From where on figures cannot be held against those before.",
    (
        Column("measure", "the measure's code"),
        Column("period", "the period from which figures cannot be held against those before"),
        Column("reason", "why"),
    ),
)
REVIEW_ANSWERS = Layout(
    ("question",),
    "The texts of the self-assessment in the annual review of the year in the file's name.",
    (
        Column(
            "question",
            "`summary`, `climate` (the note on the economic climate) or the number of one of the nineteen "
            "questions: 1.1 to 1.5, 2.1 to 2.3, 3.1 to 3.5, 4.1 to 4.6",
        ),
        Column(
            "text",
            "the answer; lines that begin with `- ` are a list. A figure is a live figure: `{NI 16 figure}` (or "
            "milestone, target, baseline, forecast, rating, category), `{count at risk}` (or on track, off "
            "trajectory, no data, designated, indicators, measures), `{safer worse}` (or better, within, no "
            "rating, indicators; a theme by its key)",
        ),
        Column("contributors", "who helped to write it"),
    ),
)
REVIEW_COMMITMENTS = Layout(
    ("text",),
    "What the review of the year in the file's name says will be done by the next one.",
    (
        Column("text", "what will be done"),
        Column("indicator", "the code of the indicator that it is for, if for one"),
        Column("owner", "the key of the organisation that does it; without one the partnership team"),
    ),
)
REVIEWS = Layout(
    ("review", "scope"),
    "Counts that the partnership published: read for what does not add up, and not loaded.",
    (
        Column("review", "which review"),
        Column("scope", "of what: 58 in the agreement"),
        Column("category", "the category"),
        Column("count", "how many", kind=Kind.FIGURE),
        Column("indicators", "which, where it is said"),
        Column("note", "a remark"),
    ),
)
FUNDING = Layout(
    ("indicator", "source"),
    "Money committed to indicators.",
    (
        Column("indicator", "the indicator's code"),
        Column("source", "where the money comes from"),
        Column("proposal", "what it is for; once for each indicator and source"),
        Column("amount_gbp", "how much, in pounds and pence", kind=Kind.FIGURE),
        Column("note", 'a remark; "printed total £26,000" is held against the sum'),
    ),
)
FUNDING_TOTALS = Layout(
    ("indicator", "source"),
    "The totals that a document prints under lines of `funding.csv`, as they are printed.",
    (
        Column("indicator", "the indicator's code"),
        Column("source", "where the money comes from, as in `funding.csv`"),
        Column("printed_total_gbp", "the total as it is printed, in pounds", kind=Kind.FIGURE),
        Column("printed_in", "the document that prints it"),
    ),
)
HISTORY = Layout(
    ("period_end",),
    "The half-yearly shares of earlier agreements, of which nothing else is known.",
    (
        Column("agreement", "the earlier agreement's title, with its years: Leicester LAA 2006-09"),
        Column("period_end", "the half-year's last day", kind=Kind.DAY),
        Column("above_target_pct", "the share of measures above target, in per cent", kind=Kind.FIGURE),
        Column("near_target_pct", "the share near target", kind=Kind.FIGURE),
        Column("below_target_pct", "the share below target", kind=Kind.FIGURE),
        Column("missing_pct", "the share without a figure", kind=Kind.FIGURE),
    ),
)
ASSESSMENT = Layout(
    ("theme",),
    "The corporate assessment: five themes, or none.",
    (
        Column("theme", "the theme's title"),
        Column("anticipated_score", "the score that is anticipated: 1, 2, 3 or 4", kind=Kind.FIGURE),
        Column("key_risk", "what could bring it down"),
        Column("evidence", "what shows that it is right", optional=True),
        Column("actions", "what is done about the risk", optional=True),
    ),
)
ASSESSMENT_RULES = Layout(
    ("overall",),
    "The published sentences for the overall score.",
    (
        Column("overall", "the overall score", kind=Kind.FIGURE),
        Column("rule", "when it is reached"),
    ),
)
ASSESSMENT_SCALE = Layout(
    ("score",),
    "What each score means.",
    (
        Column("score", "1, 2, 3 or 4", kind=Kind.FIGURE),
        Column("description", "what it means"),
        Column("judgement", "how it is called"),
    ),
)
PRIORITIES = Layout(
    ("priority",),
    "The priorities that proposals serve.",
    (
        Column("priority", "the priority's letter"),
        Column("title", "its title"),
    ),
)
OUTCOMES = Layout(
    ("outcome",),
    "The outcomes that proposals serve.",
    (
        Column("outcome", "the outcome's number", kind=Kind.FIGURE),
        Column("title", "its title; two that say the same are told, and kept apart"),
    ),
)
PROPOSALS = Layout(
    ("proposal", "target"),
    "The proposals of the Local Public Service Agreement, a row for each target.",
    (
        Column("proposal", "its number", kind=Kind.FIGURE),
        Column("priority_for_improvement", "its title"),
        Column("target", "the target's letter: a, b …"),
        Column("target_text", "the target; needed where it is defined"),
        Column("state", "`defined` or `to be developed`", words=("defined", "to be developed")),
        Column("corporate_priorities", "the letters of the priorities that it serves, with semicolons between them"),
        Column("corporate_outcomes", "the numbers of the outcomes that it serves, with semicolons between them"),
        Column("lead", "who leads it, in the document's words"),
        Column("partners", "its partners, in the document's words, with semicolons between them"),
    ),
)
