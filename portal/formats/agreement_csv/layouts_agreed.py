"""The files of an agreement that everyone fills in first: themes to targets, versions, and what was returned."""

from models.rules.rating import DEFAULT_TOLERANCE
from models.rules.terms import RETURNABLE_REASONS, Evidence, Frequency, Group, Polarity, TargetState, ToleranceKind
from portal.formats.agreement_csv.layout import RATINGS, YES_NO, Column, Kind, Layout, words

THEMES = Layout(
    ("theme",),
    "The priorities of the agreement.",
    (
        Column("theme", "the priority's key"),
        Column("title_in_strategy", "its title in the strategy, which is shown"),
        Column(
            "title_in_agreement",
            "its title in the agreement, shown where the strategy has none; one of the two is needed",
        ),
        Column("position", "its place in lists: 1, 2, 3 …", kind=Kind.FIGURE),
    ),
)
ORGANISATIONS = Layout(
    ("organisation",),
    "The members of the partnership.",
    (
        Column("organisation", "the organisation's key; the same key is the same organisation in every agreement"),
        Column("name", "its name; needed"),
        Column("sector", "free text: council, health, police …"),
        Column("also_printed_as", "other names in the documents, with semicolons between them"),
    ),
)
INDICATORS = Layout(
    ("indicator",),
    "What the agreement promises to move.",
    (
        Column("indicator", "its code"),
        Column("title", "its title; needed"),
        Column("theme", "the key of its theme"),
        Column("group", "`designated`, `statutory education` or `local`", words=words(Group)),
        Column("reward_weighted", "`yes` or `no`", words=YES_NO),
        Column(
            "placeholder_at_signing",
            "`yes` where it had no targets yet when the agreement was signed, else `no`",
            words=YES_NO,
        ),
        Column(
            "polarity", "of its targets: `higher`, `lower` (which is good), `range` or `none`", words=words(Polarity)
        ),
        Column(
            "unit",
            "of its targets: `%`, `people`, `£ million` … Unit and polarity are needed unless all targets are `maa only`",
        ),
        Column("baseline_printed", "the baseline in the document's own words"),
        Column("note", "a remark, printed by a load"),
        Column("placeholder_reason", "why it is a placeholder", optional=True),
        Column("expected", "when its targets are expected", optional=True),
    ),
)
INDICATOR_PARTNERS = Layout(
    ("indicator", "organisation"),
    "Who leads each indicator, and who signed up to it.",
    (
        Column("indicator", "the indicator's code"),
        Column("organisation", "the organisation's key"),
        Column(
            "role",
            "`lead` (at most one for an indicator; without one the team returns it) or `signed up`",
            words=("lead", "signed up"),
        ),
    ),
)
MEASURES = Layout(
    ("measure",),
    "What is counted of each indicator: most have one measure.",
    (
        Column("measure", "its code; the indicator's own where there is one measure"),
        Column("indicator", "the code of its indicator"),
        Column("part", "what it is of the indicator: females, males"),
        Column("baseline_value", "where it started", kind=Kind.FIGURE),
        Column("baseline_period", "when that was"),
        Column(
            "frequency",
            "how often it is returned: `monthly`, `quarterly`, `half-yearly` or `yearly`; usually quarterly, "
            "yearly for statutory education",
            words=words(Frequency),
            optional=True,
        ),
        Column("source", "who publishes its figures, where they are not the partner's own", optional=True),
        Column(
            "release_days",
            "how many days after a period's end the source comes out; nobody is late before",
            kind=Kind.FIGURE,
            optional=True,
        ),
        Column(
            "tolerance",
            "how far from what is expected is still within the acceptable range; empty for the default, "
            f"{DEFAULT_TOLERANCE} per cent of the milestone",
            kind=Kind.FIGURE,
            optional=True,
        ),
        Column(
            "tolerance_kind",
            "what `tolerance` is in: `percent` of the milestone, or the measure's own `unit`",
            words=words(ToleranceKind),
            optional=True,
        ),
        Column("reported_unit", "the unit of what is returned, where it is another than the target's", optional=True),
        Column(
            "reported_polarity",
            "the polarity of what is returned, where it is another: as in `indicators.csv`, or `range 10 to 15`",
            optional=True,
        ),
        Column(
            "evidence",
            "what a figure rests on: `figure`, `proportion`, `count` or `survey`",
            words=words(Evidence),
            optional=True,
        ),
        Column(
            "per",
            "how a share or rate is written: 100 for per cent, 1000 for each thousand",
            kind=Kind.FIGURE,
            optional=True,
        ),
        Column("seasonal", "`yes` where the time of year moves the figure, else `no`", words=YES_NO, optional=True),
        Column(
            "rolling", "`yes` where each figure covers a year that rolls on, else `no`", words=YES_NO, optional=True
        ),
    ),
)
TARGETS = Layout(
    ("measure", "year"),
    "One row a measure and year, of the newest version.",
    (
        Column("measure", "the measure's code"),
        Column("year", "the year at whose end it holds; at least half of the measures have it"),
        Column(
            "state",
            "`set`, `not applicable`, `not set`, `dropped`, `withdrawn` or `maa only` (in the Multi-Area Agreement alone)",
            words=words(TargetState),
        ),
        Column("low", "the target, or the range's lower end; needed where it is set, else empty", kind=Kind.FIGURE),
        Column("high", "the same again, or the range's upper end", kind=Kind.FIGURE),
        Column("printed", "the target in the document's own words"),
        Column("note", "a remark"),
    ),
)
AGREEMENT = Layout(
    ("key",),
    "One row: what the agreement is called. Without it area and title are made from the folder's or the workbook's name.",
    (
        Column("key", "the agreement's key, whatever the folder is called"),
        Column("title", "its title"),
        Column("area", "its area"),
    ),
)
VERSIONS = Layout(
    ("version",),
    "The versions of the agreement, the oldest first. Without it there is one.",
    (
        Column("version", "1, 2, 3 …", kind=Kind.FIGURE),
        Column("title", "such as: Refresh of March 2009"),
        Column("in_force_from", "the day from which its targets hold", kind=Kind.DAY),
        Column("agreed_on", "the day on which it was agreed; one still to come is loaded as a proposal", kind=Kind.DAY),
        Column("reason", "why it was made"),
        Column("agreed_by", "who agreed it"),
    ),
)
EARLIER_TARGETS = Layout(
    ("version", "measure", "year"),
    "What an earlier version said otherwise than `targets.csv`, which is the newest.",
    (
        Column("version", "the version's number", kind=Kind.FIGURE),
        Column("measure", "the measure's code"),
        Column("year", "the year; `baseline` gives a baseline, in `low`"),
        Column("state", "as in `targets.csv`", words=words(TargetState)),
        Column("low", "as in `targets.csv`", kind=Kind.FIGURE),
        Column("high", "as in `targets.csv`", kind=Kind.FIGURE),
        Column("printed", "as in `targets.csv`"),
        Column("note", "as in `targets.csv`"),
    ),
)
RETURNS = Layout(
    ("measure",),
    "What was returned for the period in the file's name. It comes in verified, as of the day on which it was due.",
    (
        Column("measure", "the measure's code"),
        Column("value", "the figure", kind=Kind.FIGURE),
        Column("milestone", "what it is held against at that date; empty where none was agreed", kind=Kind.FIGURE),
        Column("reported_unit", "as in `measures.csv`; the newest period's holds"),
        Column("reported_polarity", "as in `measures.csv`"),
        Column(
            "performance_printed",
            "the rating as the document prints it: `better`, `within range`, `worse`, or empty",
            words=RATINGS,
        ),
        Column("forecast_printed", "the forecast as the document prints it", words=RATINGS),
        Column("performance", "the rating as it is to be taken", words=RATINGS),
        Column("forecast", "the forecast as it is to be taken", words=RATINGS),
        Column("note", 'a remark, printed by a load; where it has the word "judgement", the reason for one'),
        Column("numerator", "the two counts of a share", kind=Kind.FIGURE, optional=True),
        Column("denominator", "the two counts of a share", kind=Kind.FIGURE, optional=True),
        Column(
            "interval_low", "the figure's 95% interval, where the source gives one", kind=Kind.FIGURE, optional=True
        ),
        Column(
            "interval_high", "the figure's 95% interval, where the source gives one", kind=Kind.FIGURE, optional=True
        ),
        Column(
            "year_value",
            "the year's figure, where the returned one is of a shorter time",
            kind=Kind.FIGURE,
            optional=True,
        ),
        Column(
            "no_value_reason",
            "why there is no figure: `source not yet published`, `no survey this year`, `suppressed` or `not reported`",
            words=words(RETURNABLE_REASONS),
            optional=True,
        ),
        Column("forecast_value", "the figure that was forecast for the year's end", kind=Kind.FIGURE, optional=True),
        Column(
            "commentary",
            "what was said with the figure; where it is empty, what `exceptions_*.csv` says of the indicator",
            optional=True,
        ),
        Column(
            "judgement",
            "why people judge it otherwise than the rule: `performance` is then their rating, whatever the note says",
            optional=True,
        ),
    ),
)
EXCEPTIONS = Layout(
    ("indicator",),
    "What was said of the indicators at risk in the period in the file's name.",
    (
        Column("indicator", "the indicator's code"),
        Column(
            "field", "`analysis` (what the matter is) or `action` (what is being done)", words=("analysis", "action")
        ),
        Column("text", "the words"),
        Column(
            "owner", "of an action: the key of the organisation whose it is; else the indicator's lead", optional=True
        ),
    ),
)
