"""Briefing packs in words: what they are called and begin with, and how far one that is being made has come."""

from collections.abc import Sequence

from models.rules.actions import Urgency
from models.rules.exceptions import Ground
from models.rules.jobs import JobState
from models.rules.packs import PackForm, PackKind
from models.rules.rollup import Counts
from models.rules.terms import Rating, State
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.exceptions import ExceptionReport
from portal.viewmodels.indicators import IndicatorStanding, MeasureStanding
from portal.viewmodels.packs import Briefing, FileLine, JobLine, PackLine
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Task
from portal.words.actions import action_due, first_sentence, owner, said_once
from portal.words.changes import was
from portal.words.dates import capital, day, due, months, past, period, plural
from portal.words.exceptions import GROUND
from portal.words.ratings import beside_its_aim
from portal.words.vocabulary import REASON, SHAPE, SHORT, STATE

FORM = {PackForm.PDF: "PDF", PackForm.DOCX: "Word"}
KIND = {PackKind.EXECUTIVE: "Executive meeting", PackKind.THEME: "Theme", PackKind.PARTNER: "Partner"}
NOT_SAID = "The lead has not said why."
NO_ACTION = "No action is open."
WORST_FIRST = "What is worse, why, and what is being done"
WORST = "Worse than anticipated now or by the year’s end, the most pressing first"
NOTHING_WORSE = "No rated indicator is worse than anticipated, or forecast to be."
WHO_MAY = {
    PackKind.EXECUTIVE: "For the partnership executive and the partnership team.",
    PackKind.THEME: "For the partnership executive and the partnership team.",
    PackKind.PARTNER: "For this partner’s own people and the partnership team.",
}
NOT_PUBLIC = (
    "Every figure in it has been verified by the partnership team. What is not published yet is not for the public."
)
HOW_RATED = (
    (Rating.BETTER, "the figure beats its milestone by more than the tolerance"),
    (Rating.WITHIN, "it is within the tolerance of its milestone, either way"),
    (Rating.WORSE, "it misses its milestone by more than the tolerance"),
)
SOURCES = (
    "Figures, forecasts and commentary are what the lead partners returned and the partnership team verified; actions, "
    "risks and money are as they were recorded. Ratings follow one rule, the same on every page: a figure is held against "
    "the milestone agreed for the end of its period, else against the share of the year’s target that is due by then. The "
    "tolerance is 10% of the milestone unless the agreement says otherwise, and only unrounded figures are compared. An "
    "indicator with several measures takes the worst rating. Where people judged otherwise than the rule, that is said."
)


def title(view: Briefing) -> str:
    """'Executive briefing, quarter 2 of 2008/09'."""
    return f"{about(view.subject.kind, view.subject.name)}, {period(view.period)}"


def about(kind: PackKind, name: str) -> str:
    """What a pack is on: 'Executive briefing', 'Briefing on …', 'Briefing for …'."""
    if kind is PackKind.EXECUTIVE:
        return "Executive briefing"
    return f"Briefing {'on' if kind is PackKind.THEME else 'for'} {name}"


def choice(kind: PackKind, name: str) -> str:
    """As the form lists it."""
    return f"{KIND[kind]}: {name or 'the whole partnership'}"


def as_at(when: AsAt) -> str:
    """The day, and for an instant when that was."""
    if when.instant is None:
        return f"As at the end of {day(when.day)}"
    return f"As at {day(when.day)}, made {past(when)}"


def stamp(view: Briefing, fingerprint: str) -> str:
    """What a file says of itself."""
    return f"{as_at(view.as_at)}. Its content has the SHA-256 hash {fingerprint}."


def headline(counts: Counts, key: str) -> str:
    """'5 of 24 rated indicators are worse than anticipated at the end of quarter 2 of 2008/09 (July to …).'"""
    when = f"{period(key)} ({months(key)})"
    if not counts.rated:
        return f"No indicator is rated for {when} yet."
    verb = "is" if counts.worse == 1 else "are"
    many = plural(counts.rated, "rated indicator")
    return f"{counts.worse or 'None'} of {many} {verb} worse than anticipated at the end of {when}."


def forecast_headline(concerns: Sequence[IndicatorStanding]) -> str:
    """How many more are expected to end the year worse; '' for none."""
    more = sum(one.rating is not Rating.WORSE for one in concerns)
    if not more:
        return ""
    return f"{more} more {'is' if more == 1 else 'are'} expected to end the year worse than anticipated."


def themes_worse(counts: Sequence[Counts]) -> str:
    """What the bars of themes show: '5 of 7 themes have an indicator that is worse than anticipated'."""
    found = [one for one in counts if one.total]
    worse = sum(bool(one.worse) for one in found)
    verb = "has" if worse == 1 else "have"
    return f"{worse or 'None'} of {plural(len(found), 'theme')} {verb} an indicator that is worse than anticipated"


def mark(rating: Rating | None, otherwise: str = "–") -> str:
    """A rating as its shape and a word; what else there is to say for none."""
    return f"{SHAPE[rating]} {SHORT[rating]}" if rating else otherwise


def now(one: IndicatorStanding | MeasureStanding) -> str:
    """How it is rated, or why it is not."""
    return mark(one.rating, capital(REASON[one.no_rating_reason]) if one.no_rating_reason else "No rating")


def standing(one: IndicatorStanding) -> str:
    """Its figures that are worse, or all where none is; then its rating now and by the year's end, and what it was."""
    figures = [m for m in one.measures if m.value is not None]
    worse = [m for m in figures if m.rating is Rating.WORSE] or figures
    lines = [capital(beside_its_aim(m)) for m in worse]
    lines += [
        f"{now(one)} now",
        f"{mark(one.forecast)} at the year’s end" if one.forecast else "Year’s end: not stated",
    ]
    return "\n".join([*lines, *([capital(was(one))] if was(one) else [])])


def why_in_short(one: IndicatorStanding, actions: Sequence[ActionLine]) -> str:
    """The lead's first sentence."""
    return first_sentence(said_once(one.commentary, actions)) or NOT_SAID


def doing(actions: Sequence[ActionLine]) -> str:
    """The most urgent action with who does it and until when, and how many more there are."""
    if not actions:
        return NO_ACTION
    first = actions[0]
    more = f"\n{plural(len(actions) - 1, 'more action')}" if len(actions) > 1 else ""
    return f"{first.now.text}\n{owner(first.now)}. {action_due(first)}{more}"


def counted_overdue(actions: Sequence[ActionLine]) -> str:
    """How many of all open actions are overdue."""
    late = sum(line.urgency is Urgency.OVERDUE for line in actions)
    undated = sum(line.urgency is Urgency.UNDATED for line in actions)
    said = f"{late or 'None'} of {plural(len(actions), 'open action')} {'is' if late < 2 else 'are'} overdue"
    return f"{said}; {undated} {'has' if undated == 1 else 'have'} no due date." if undated else f"{said}."


def exceptions_counted(report: ExceptionReport) -> str:
    """How many indicators are in the month's report, and why."""
    found = report.counts
    said = ", ".join(f"{found[ground]} {GROUND[ground]}" for ground in Ground if found[ground])
    if not said:
        return "None of these indicators is in this month’s exception report."
    return f"{plural(len(report.entries), 'indicator')}: {said}. One may be here for several reasons."


def task_state(task: Task) -> str:
    """Where a return stands: 'Late: not started'."""
    said = STATE[task.state]
    if task.late:
        return f"Late: {said.lower()}"
    return f"{said}, to be verified" if task.state is State.SUBMITTED else said


def task_due(task: Task, today: AsAt) -> str:
    """When a return is due."""
    return due(task.due_on, today.day)


def job_about(job: JobLine) -> str:
    """Which pack a job makes: 'Executive briefing, as PDF and Word'."""
    forms = " and ".join(FORM[form] for form in job.asked.forms)
    past_day = f", as at the end of {day(job.asked.day)}" if job.asked.day else ""
    return f"{about(job.asked.kind, job.name)}{past_day}, as {forms}"


def job_state(job: JobLine) -> str:
    """How far it has come, in a sentence."""
    match job.state:
        case JobState.WAITING:
            return "Waits to be begun."
        case JobState.RUNNING:
            return f"Being made: {job.done} of {plural(job.steps, 'step')} done." if job.steps else "Being made."
        case JobState.FAILED:
            return f"It could not be made. {job.error}"
        case JobState.DONE:
            if job.pack is None:
                return "It was made, and is not yours to read any more."
            return "Nothing has changed since it was made before: it is in the list below." if job.before else "Ready."


def announced(jobs: Sequence[JobLine]) -> str:
    """What has become of the packs that were asked for, for who does not see it; '' for none."""
    making = sum(job.to_do for job in jobs)
    if making:
        return f"{plural(making, 'pack')} {'is' if making == 1 else 'are'} being made."
    if not jobs:
        return ""
    last = jobs[0]
    return f"{job_about(last)}: {job_state(last)}"


def pack_name(pack: PackLine) -> str:
    """'Executive briefing, quarter 2 of 2008/09'."""
    return f"{about(pack.kind, pack.name)}, {period(pack.period)}"


def file_name(file: FileLine) -> str:
    """'PDF, 120 kB'."""
    return f"{FORM[file.form]}, {max(1, round(file.size / 1000))}\N{NO-BREAK SPACE}kB"
