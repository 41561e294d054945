"""What a briefing pack says: the figures of the pages, of one instant, in files that are the same each time."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from dash.development.base_component import Component

from layouts.theme import theme as drawn
from models.rules.packs import Asked, PackForm, PackKind
from models.rules.terms import Rating
from portal.actor import Actor
from portal.database import Database
from portal.errors import NotFound
from portal.formats.pack_parts import Facts, Heading, Paragraph, Part, Picture, Table
from portal.services import actions, jobs, packs, returns, review, risks
from portal.services.exceptions import exception_report
from portal.services.indicator_page import indicator_page
from portal.services.themes import theme, themes
from portal.viewmodels.actions import Typed as Wanted
from portal.viewmodels.packs import Briefing
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Typed
from portal.viewmodels.risks import RiskTyped
from portal.work.briefing import briefing, gathered, make
from tests.conftest import TODAY, person

BOTH = (PackForm.PDF, PackForm.DOCX)
EXECUTIVE = Asked(PackKind.EXECUTIVE, "", "", BOTH)
POLICE = Asked(PackKind.PARTNER, "police", "", BOTH)
SAFER = Asked(PackKind.THEME, "safer", "", BOTH)


def silent(_done: int, _steps: int) -> None:
    """Nobody listens to how far it has come."""


def read(database: Database, actor: Actor, asked: Asked) -> Briefing:
    return briefing(database, actor, asked, AsAt(TODAY, database.clock.now()), silent)


def table(parts: list[Part], caption: str) -> Table:
    return next(part for part in parts if isinstance(part, Table) and part.caption.startswith(caption))


def said(parts: list[Part]) -> str:
    """Everything that a pack says."""
    lines: list[str] = []
    for part in parts:
        match part:
            case Heading() | Paragraph():
                lines.append(part.text)
            case Facts():
                lines += [f"{term}: {text}" for term, text in part.pairs]
            case Table():
                lines += [part.caption, *(cell for row in part.rows for cell in row)]
            case Picture():
                lines += [part.title, part.about, part.said]
    return "\n".join(lines)


def rows_of(tree: Any) -> Iterator[list[str]]:
    """The rows of the tables of a page, as text."""
    if isinstance(tree, Component):
        if type(tree).__name__ == "Tr":
            yield [" ".join(text_of(cell)) for cell in tree.children]
            return
        yield from rows_of(getattr(tree, "children", None))
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from rows_of(each)


def text_of(tree: Any) -> Iterator[str]:
    if isinstance(tree, Component):
        if type(tree).__name__ != "Details":  # what is folded is not of the cell's own words
            yield from text_of(getattr(tree, "children", None))
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from text_of(each)
    elif tree is not None:
        yield str(tree)


@pytest.mark.parametrize(
    ("who", "asked"),
    [("executive", EXECUTIVE), ("team", SAFER), ("police", POLICE)],
    ids=lambda one: getattr(one, "about", one),
)
def test_a_pack_has_the_figures_of_the_pages(sqlite_database: Database, who: str, asked: Asked) -> None:
    database, actor = sqlite_database, person(sqlite_database, who)
    view = read(database, actor, asked)
    overview = themes(database, actor)
    pages = {one.key: theme(database, actor, one.key) for one in overview.themes}
    for own in view.themes:
        whole = {one.code: one for one in pages[own.key].theme.indicators}
        assert list(own.indicators) == [whole[one.code] for one in own.indicators]
    if asked.kind is PackKind.EXECUTIVE:
        assert (view.counts, view.moved) == (overview.counts, overview.moved)
        assert [one.indicator.code for one in view.concerns] == [one.code for one in overview.pressing]
        assert len(view.indicators) == 58
    if asked.kind is PackKind.THEME:
        assert (view.counts, view.actions, view.risks) == (
            pages["safer"].theme.counts,
            pages["safer"].actions,
            pages["safer"].risks,
        )
        assert view.money == pages["safer"].money
    if asked.kind is PackKind.PARTNER:
        assert {one.lead_key for one in view.indicators} == {"police"}
        assert [one.code for one in view.indicators] == ["NI 16", "NI 20", "NI 32"]
    assert view.period == overview.period
    for page in view.concerns:
        now = indicator_page(database, actor, page.indicator.code)
        assert [(one.standing, one.chart) for one in page.measures] == [
            (one.standing, one.chart) for one in now.measures
        ]
        assert Rating.WORSE in (page.indicator.rating, page.indicator.forecast)


def test_what_it_prints_is_what_the_pages_print(sqlite_database: Database) -> None:
    """Not only the same data: the same figures, aims and ratings, to the last digit."""
    executive = person(sqlite_database, "executive")
    _, parts = gathered(sqlite_database, executive, EXECUTIVE, silent)
    seen = 0
    for one in themes(sqlite_database, executive).themes:
        _, body = drawn(theme(sqlite_database, executive, one.key))
        page = [row for row in rows_of(body) if len(row) == 7 and row[0] != "Indicator"]
        pack = table(parts, f"Reported indicators of {one.title}").rows if page else ()
        for shown, printed in zip(page, pack, strict=True):
            code = " ".join(shown[0].split()[:2])
            assert printed[0].startswith(code)
            assert (printed[1], printed[2].replace("\n", " ")) == (shown[1], shown[2]), code
            assert printed[3].split("\n")[0].split(" ", 1)[-1] in shown[3], code
            assert printed[4].split("\n")[0].split(" ", 1)[-1] in shown[4] or shown[4] == "–", code
            seen += 1
    assert seen == 25


def test_what_is_worse_comes_first_with_why_and_what_is_done(sqlite_database: Database) -> None:
    view, parts = gathered(sqlite_database, person(sqlite_database, "executive"), EXECUTIVE, silent)
    headings = [part.text for part in parts if isinstance(part, Heading) and part.level == 1]
    assert headings == [
        "What is worse, why, and what is being done", "In numbers", "One by one", "Actions overdue",
        "Exceptions, January 2009", "All indicators", "Risks", "Sources, and how it is rated",
    ]  # fmt: skip
    worst = table(parts, "Worse than anticipated now")
    assert len(worst.rows) == len(view.concerns) == 8
    row = next(row for row in worst.rows if row[0].startswith("NI 16 "))
    assert row[1].startswith("2.42 offences per 1,000 population, monthly rate, against the milestone of 2.14")
    assert "▲ Worse now\n▲ Worse at the year’s end" in row[1]
    assert row[2].startswith("Dwelling burglary and theft from motor vehicles have risen")
    assert row[3].endswith("3 more actions")
    text = said(parts)
    assert "7 of 24 rated indicators are worse than anticipated at the end of quarter 2 of 2008/09" in text
    assert "2.42 is 0.28 above the milestone of 2.14." in text
    assert "Money committed: £208,158 in 14 lines from 3 sources." in text
    counts = table(parts, "Indicators by theme and rating")
    assert counts.rows[-1] == ("All", "7", "11", "6", "34", "58")
    assert counts.numeric == (1, 2, 3, 4, 5)
    pictures = [part for part in parts if isinstance(part, Picture)]
    assert [one.title for one in pictures] == [
        "5 of 7 themes have an indicator that is worse than anticipated",
        "7 of 22 figures miss the milestone by more than the tolerance, NI 112 by the most",
    ]
    assert view.exceptions == exception_report(sqlite_database, person(sqlite_database, "team"))


def test_overdue_actions_and_risks_are_in_it(sqlite_database: Database) -> None:
    police = person(sqlite_database, "police")
    actions.add_action(
        sqlite_database, police, "ni-16", Wanted("Mark bicycles.", owner="police", due_on=TODAY - timedelta(days=3))
    )
    risks.add_risk(
        sqlite_database, police, "ni-16", RiskTyped("Gates rust.", "3", "4", mitigation="Paint.", review_on=TODAY)
    )
    for who, asked in (("executive", EXECUTIVE), ("team", SAFER), ("police", POLICE)):
        _, parts = gathered(sqlite_database, person(sqlite_database, who), asked, silent)
        (overdue,) = table(parts, "Actions that are overdue").rows
        assert overdue == (
            "NI 16",
            "Mark bicycles.",
            "Leicestershire Constabulary",
            "Overdue by 3 days, due 17 January 2009",
        )
        (risk,) = table(parts, "Open risks").rows
        assert risk[:2] == ("NI 16", "Gates rust.\nMitigation: Paint.")
    other = Asked(PackKind.PARTNER, "nhs", "", BOTH)
    _, parts = gathered(sqlite_database, person(sqlite_database, "nhs"), other, silent)
    assert "bicycles" not in said(parts)
    assert "rust" not in said(parts)


def test_a_partner_reads_what_it_has_to_return_and_no_draft(sqlite_database: Database) -> None:
    police, team = person(sqlite_database, "police"), person(sqlite_database, "team")
    number = returns.find_return(sqlite_database, police, "2008-09-q3", "NI 16")
    returns.save(sqlite_database, police, number, None, Typed(value="1.23456", commentary="canary-of-a-draft"))
    for who in (police, team):
        _, parts = gathered(sqlite_database, who, POLICE, silent)
        rows = table(parts, "Returns that are open").rows
        assert [row[0].split(" Ser")[0].split(" Ass")[0] for row in rows] == ["NI 16", "NI 20"]
        assert [row[2] for row in rows] == ["Draft", "Not started"]
        assert rows[0][3] == "Due 30 January 2009, in 10 days"
        assert "canary-of-a-draft" not in said(parts)
        assert "1.23456" not in said(parts)
    with pytest.raises(NotFound):
        gathered(sqlite_database, person(sqlite_database, "nhs"), POLICE, silent)
    with pytest.raises(NotFound):
        gathered(sqlite_database, person(sqlite_database, "executive"), POLICE, silent)


def test_whoever_asks_the_pack_is_the_same(sqlite_database: Database) -> None:
    """So that what is kept for one is what the other would be made."""
    database = sqlite_database
    for asked, others in (
        (POLICE, ("police", "police.contributor", "team")),
        (SAFER, ("executive", "team")),
        (EXECUTIVE, ("executive", "team2")),
    ):
        made = [gathered(database, person(database, who), asked, silent)[1] for who in others]
        assert all(parts == made[0] for parts in made)


def done(database: Database, who: str, asked: Asked) -> tuple[int, dict[PackForm, bytes]]:
    """The pack that a person's job makes, with its files."""
    actor = person(database, who)
    packs.ask(database, actor, asked)
    job = jobs.claim(database)
    assert job is not None
    make(database, job, lambda done, steps: jobs.go_on(database, job, done, steps))
    (line, *_) = packs.packs_page(database, actor).jobs
    assert (line.state, line.done == line.steps, line.pack is not None) == ("done", True, True)
    assert line.pack is not None
    return line.pack, {form: packs.pack_file(database, actor, line.pack, form).content for form in asked.forms}


def test_asked_for_again_with_nothing_changed_it_is_the_same_pack_to_the_byte(sqlite_database: Database) -> None:
    database = sqlite_database
    first, files = done(database, "police", POLICE)
    again, same = done(database, "team", POLICE)
    assert (again, same) == (first, files)
    (job,) = packs.packs_page(database, person(database, "team")).jobs
    assert job.before
    team, police = person(database, "team"), person(database, "police")
    number = returns.find_return(database, police, "2008-09-q3", "NI 16")
    returns.save(database, police, number, None, Typed(value="2.31", commentary="Fewer burglaries."))
    returns.submit(database, police, number, None)
    review.verify(database, team, number, None)
    new, other = done(database, "police", POLICE)
    assert new != first
    assert other[PackForm.PDF] != files[PackForm.PDF]


def test_a_past_day_is_read_as_it_was_known_then(sqlite_database: Database) -> None:
    database, executive = sqlite_database, person(sqlite_database, "executive")
    day = TODAY - timedelta(days=1)
    asked = Asked(PackKind.EXECUTIVE, "", "2008-09-q2", BOTH, day)
    police = person(database, "police")
    actions.add_action(database, police, "ni-16", Wanted("Mark bicycles.", owner="police", due_on=TODAY))
    view, parts = gathered(database, executive, asked, silent)
    assert (view.as_at, view.counts) == (AsAt(day), themes(database, executive, "2008-09-q2", AsAt(day)).counts)
    assert "bicycles" not in said(parts)
    assert "bicycles" in said(gathered(database, executive, EXECUTIVE, silent)[1])
    before = Asked(PackKind.EXECUTIVE, "", "", BOTH, date(2001, 1, 1))
    with pytest.raises(NotFound):
        gathered(database, executive, before, silent)
