"""The monthly exception report for the board: only what is worse, forecast worse, late or changed for the worse."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.agreement import Indicator
from models.rules.actions import Urgency
from models.rules.exceptions import Stood, grounds, rank
from models.rules.terms import NoRating
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid, NotFound
from portal.policy import Action, require
from portal.records.actions import open_actions
from portal.records.agreement import current_agreement, find_period
from portal.records.indicators import standings
from portal.records.money import money_of
from portal.records.risks import of_agreement, open_risks
from portal.records.themes import shown_period
from portal.viewmodels.actions import ActionLine
from portal.viewmodels.exceptions import Entry, ExceptionReport
from portal.viewmodels.indicators import IndicatorStanding
from portal.viewmodels.money import Money
from portal.viewmodels.past import AsAt
from portal.viewmodels.risks import RiskLine

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class _State:
    """Everything as it was known at the end of a day. `standing` has every indicator in the newest period for which it
    was rated, else in which something of it was verified, with that period's key."""

    agreement: str
    standing: Mapping[str, tuple[IndicatorStanding, str]]
    late: Mapping[str, tuple[tuple[str, str], ...]]
    actions: tuple[ActionLine, ...]
    risks: tuple[RiskLine, ...]
    money: Money

    def stood(self, code: str) -> Stood:
        """How one indicator stood."""
        one, _ = self.standing[code]
        overdue = any(line.indicator == code and line.urgency is Urgency.OVERDUE for line in self.actions)
        return Stood(one.rating, one.forecast, bool(self.late.get(code)), overdue)


def exception_report(
    database: Database, actor: Actor, month: str | None = None, as_at: AsAt | None = None
) -> ExceptionReport:
    """The report of a month ('2009-01'), by default the portal's current one, as known at its end, or by now; `as_at` is
    another now. Invalid for what is no month, and for one that has not come yet. A month of which nothing is known has
    an empty report."""
    require(actor, Action.EXCEPTION_READ)
    today = as_at.day if as_at else database.clock.today()
    first = _first_day(month, today)
    following = _following(first)
    day = min(following - timedelta(days=1), today)
    now = _known_at(database, actor, as_at if as_at and day == today else AsAt(day))
    earlier = first - timedelta(days=1)
    before = _known_at(database, actor, AsAt(earlier))
    entries = _entries(now, before) if now else ()
    inside = {entry.standing.code for entry in entries}
    left = [entry.standing.code for entry in _entries(before, None)] if before and now else []
    return ExceptionReport(
        agreement=now.agreement if now else "",
        month=first,
        day=day,
        known=now is not None,
        compared=before is not None,
        entries=entries,
        left=tuple(now.standing[code][0] for code in left if now and code in now.standing and code not in inside),
        over=day < today,
        earlier=earlier.replace(day=1) if before else None,
        later=following if following <= today else None,
    )


def _first_day(month: str | None, today: date) -> date:
    if month is None:
        return today.replace(day=1)
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Invalid({"month": f"{month[:20]!r} is not a month: write it like {today:%Y-%m}."})
    first = date(int(found[1]), int(found[2]), 1)
    if first > today:
        raise Invalid({"month": "That month has not come yet: choose this one or one before."})
    return first


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _known_at(database: Database, actor: Actor, as_at: AsAt) -> _State | None:
    """What was known at the end of a day, or at an instant; None where nothing was."""
    try:
        with database.read(actor, as_at) as session:
            return _state(session)
    except NotFound:
        return None  # there was no agreement on that day, or nothing had been returned


def _state(session: Session) -> _State:
    agreement = current_agreement(session)
    shown, links = shown_period(session, agreement, None)
    keys = [link.key for link in links]
    # From the newest period down to the one that was published last: later ones may have something verified already.
    wanted = keys[: keys.index(shown.key) + 1] if shown.key in keys else [shown.key]
    standing: dict[str, tuple[IndicatorStanding, str]] = {}
    late: dict[str, tuple[tuple[str, str], ...]] = {}
    for key in wanted:
        for one in standings(session, find_period(session, agreement.id, key)):
            standing[one.code] = _newest(standing.get(one.code), (one, key))
            found = tuple((m.code, key) for m in one.measures if m.no_rating_reason is NoRating.LATE)
            late[one.code] = (*late.get(one.code, ()), *found)
    return _State(
        agreement.title,
        standing,
        late,
        open_actions(session, Indicator.agreement_id == agreement.id),
        open_risks(session, of_agreement(agreement.id)),
        money_of(session, Indicator.agreement_id == agreement.id),
    )


def _newest(
    newer: tuple[IndicatorStanding, str] | None, older: tuple[IndicatorStanding, str]
) -> tuple[IndicatorStanding, str]:
    """Of an indicator in two periods the one to report. A newer figure that nothing is agreed to rate by does not hide
    the last rating; a newer forecast counts all the same."""
    if newer is None or newer[0].rating is not None:
        return newer or older
    if older[0].rating is not None:
        one, key = older
        return replace(one, forecast=newer[0].forecast or one.forecast), key
    return newer if newer[0].reported else older


def _entries(now: _State, before: _State | None) -> tuple[Entry, ...]:
    """Who is in the report, what changed for the worse first."""
    found = []
    for code, (one, period) in now.standing.items():
        was = before.stood(code) if before and code in before.standing else None
        if why := grounds(now.stood(code), was):
            entry = Entry(
                standing=one,
                period=period,
                grounds=why,
                before=was,
                late=now.late.get(code, ()),
                actions=tuple(line for line in now.actions if line.indicator == code),
                risks=tuple(line for line in now.risks if line.indicator == code),
                money=now.money.of([code]),
            )
            found.append(entry)
    return tuple(sorted(found, key=lambda entry: rank(entry.grounds)))
