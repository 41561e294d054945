"""Making a briefing pack: gathered from the services that the pages ask, as the person who asked for it, and kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from layouts.packs_drawn import pictures
from models.rules.actions import rank as of_actions
from models.rules.change import moved
from models.rules.packs import Asked, PackForm, PackKind
from models.rules.risks import rank as of_risks
from models.rules.rollup import count
from portal.actor import Actor
from portal.database import Database
from portal.formats.pack_document import parts_of
from portal.formats.pack_docx import pack_docx
from portal.formats.pack_parts import Part, fingerprint
from portal.formats.pack_pdf import pack_pdf
from portal.services import packs
from portal.services.exceptions import exception_report
from portal.services.indicator_page import indicator_page
from portal.services.jobs import who_asked
from portal.services.performance import performance
from portal.services.themes import theme, themes
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.indicator_page import IndicatorPage
from portal.viewmodels.indicators import IndicatorStanding, ThemeStanding
from portal.viewmodels.money import Money
from portal.viewmodels.packs import Briefing, Claimed, Subject, WentOn
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import RiskLine

MAKERS: dict[PackForm, Callable[[Briefing, Sequence[Part], str], bytes]] = {
    PackForm.PDF: pack_pdf,
    PackForm.DOCX: pack_docx,
}
BESIDES = 2
"""The steps of every pack beside its indicators and its files: the overview, and keeping it."""


def make(database: Database, job: Claimed, went_on: WentOn) -> None:
    """Do a job: the pack is kept, or that it was made before and nothing has changed since. Whatever the services raise,
    and Lost when the job is another worker's by now."""
    actor = who_asked(database, job)
    view, parts = gathered(database, actor, job.asked, went_on)
    says = fingerprint(view, parts)
    there = packs.kept(database, actor, says)
    if there is not None:  # what is missing of it says the same instant
        view = replace(view, as_at=there[0])
    missing = [form for form in job.asked.forms if there is None or form not in there[1]]
    steps = len(view.concerns) + len(job.asked.forms) + BESIDES
    files = {}
    for form in missing:
        files[form] = MAKERS[form](view, parts, says)
        went_on(len(view.concerns) + 1 + len(files), steps)
    packs.keep(database, actor, job, view.period, view.as_at, says, files)


def written(database: Database, actor: Actor, asked: Asked) -> dict[PackForm, bytes]:
    """The files of a pack at once, without a job and without keeping them."""
    view, parts = gathered(database, actor, asked, lambda _done, _steps: None)
    return {form: MAKERS[form](view, parts, fingerprint(view, parts)) for form in asked.forms}


def gathered(database: Database, actor: Actor, asked: Asked, went_on: WentOn) -> tuple[Briefing, list[Part]]:
    """What a pack says, read as at one instant: now, or the end of the day that was asked for."""
    as_at = AsAt(asked.day) if asked.day else AsAt(database.clock.today(), database.clock.now())
    view = briefing(database, actor, asked, as_at, went_on)
    codes = {measure.code for one in view.indicators for measure in one.measures}
    spine = performance(database, actor, asked.period or None, as_at).spine
    spine = replace(spine, rows=tuple((one, by) for one, by in spine.rows if one.code in codes))
    return view, parts_of(view, pictures(view, spine))


def briefing(database: Database, actor: Actor, asked: Asked, as_at: AsAt, went_on: WentOn) -> Briefing:
    """The figures of a pack, all as at the same instant or day."""
    subject = packs.subject(database, actor, asked)
    period = asked.period or None
    overview = themes(database, actor, period, as_at)
    wanted = [one for one in overview.themes if subject.kind is not PackKind.THEME or one.key == subject.key]
    pages = [theme(database, actor, one.key, period, as_at) for one in wanted]
    own = [shown for page in pages if (shown := _own(page.theme, subject)).indicators or len(pages) == 1]
    indicators = [one for each in own for one in each.indicators]
    codes = {one.code for one in indicators}
    pressing = [one.code for one in overview.pressing if one.code in codes]
    steps = len(pressing) + len(asked.forms) + BESIDES
    concerns: list[IndicatorPage] = []
    for code in pressing:
        went_on(len(concerns) + 1, steps)
        concerns.append(indicator_page(database, actor, code, period, as_at))
    went_on(len(concerns) + 1, steps)
    report = None
    if subject.kind is not PackKind.PARTNER:
        whole = exception_report(database, actor, None, as_at)
        entries = tuple(one for one in whole.entries if one.standing.code in codes)
        report = replace(whole, entries=entries, left=tuple(one for one in whole.left if one.code in codes))
    return Briefing(
        subject=subject,
        period=overview.period,
        as_at=as_at,
        counts=count((one.rating, one.no_rating_reason) for one in indicators),
        moved=moved((one.change, one.since_baseline) for one in indicators),
        concerns=tuple(concerns),
        themes=tuple(own),
        actions=_urgent(line for page in pages for line in page.actions if _theirs(line, codes, subject)),
        risks=_weighty(line for page in pages for line in page.risks if _theirs(line, codes, subject)),
        money=Money(
            tuple(line for page in pages for line in page.money.of(codes).lines),
            tuple(one for page in pages for one in page.money.of(codes).printed),
        ),
        planned=frozenset(code for page in pages for code in page.planned if code in codes),
        exceptions=report,
    )


def _own(shown: ThemeStanding, subject: Subject) -> ThemeStanding:
    """Of a theme what a pack is about: for a partner the indicators that it leads."""
    if subject.kind is not PackKind.PARTNER:
        return shown
    own: tuple[IndicatorStanding, ...] = tuple(one for one in shown.indicators if one.lead_key == subject.key)
    counts = count((one.rating, one.no_rating_reason) for one in own)
    return replace(shown, indicators=own, counts=counts, moved=moved((one.change, one.since_baseline) for one in own))


def _theirs(line: ActionLine | RiskLine, codes: Iterable[str], subject: Subject) -> bool:
    """Whether an action or a risk belongs into a pack: for a partner on what it leads, or its own elsewhere."""
    return subject.kind is not PackKind.PARTNER or line.indicator in codes or line.now.owner_key == subject.key


def _urgent(lines: Iterable[ActionLine]) -> tuple[ActionLine, ...]:
    """Of several themes in one order: as one page of them would have it."""
    return tuple(sorted(lines, key=lambda line: (*of_actions(line.now.state, line.now.due_on), line.id)))


def _weighty(lines: Iterable[RiskLine]) -> tuple[RiskLine, ...]:
    def order(line: RiskLine) -> tuple[object, ...]:
        now = line.now
        return (*of_risks(now.state, now.review_on, line.today, now.likelihood, now.impact), line.id)

    return tuple(sorted(lines, key=order))
