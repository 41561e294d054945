"""When a return is wanted and until when it is taken: its period's dates, its source's, and what its partner was given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from models.agreement import Measure, Period, PeriodReopening, SourceRelease
from models.returns import Return
from models.rules.calendar import answer_by, last_day
from models.rules.moves import WITH_THE_PARTNER
from models.rules.silence import is_late
from portal.history import BUILT, came_in, looked_at
from portal.records.together import Together
from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Window:
    """One return's dates. `answer_by` is the last day in time, `released_on` when its source comes out, None without
    one, `came_in` when it first came in, None for what never did or was taken back. `current` says that its period is
    open for it, `takes` that it may be worked on."""

    released_on: date | None
    answer_by: date
    came_in: date | None
    current: bool
    takes: bool

    def is_late(self, row: Return, placeholder: bool, today: date) -> bool:
        """Late: wanted, and not there by its day. Nobody waits for a placeholder's."""
        return not placeholder and is_late(row.state, self.answer_by, self.came_in, today)


_OF_PERIODS = Together(
    {
        "releases": select(
            SourceRelease.id, SourceRelease.measure_id, SourceRelease.period_id, SourceRelease.released_on
        ).where(
            SourceRelease.period_id.in_(bindparam("periods", expanding=True)),
            SourceRelease.measure_id.in_(bindparam("measures", expanding=True)),
        ),
        "given": select(PeriodReopening.period_id, PeriodReopening.organisation_id, PeriodReopening.until).where(
            PeriodReopening.period_id.in_(bindparam("periods", expanding=True))
        ),
    }
)
"""When the sources of measures come out, and what partners were given, in periods."""


def released_on(measure: Measure, period: Period, known: date | None) -> date | None:
    """The day on which the measure's source comes out for a period: the one that is known, else the usual one."""
    if known is not None:
        return known
    return None if measure.release_days is None else period.ends_on + timedelta(days=measure.release_days)


def windows(session: Session, rows: Iterable[Return]) -> Mapping[int, Window]:
    """The window of each return, by its id: one statement, however many there are; one more where some came in and are
    with their partners again."""
    rows = list(rows)
    values = {"periods": list({row.period_id for row in rows}), "measures": list({row.measure_id for row in rows})}
    found = _OF_PERIODS.ask(session, values)
    # The last one that was noted counts.
    known = {(one.measure_id, one.period_id): one.released_on for one in sorted(found["releases"])}
    given: dict[tuple[int, int | None], list[date]] = defaultdict(list)
    for period_id, organisation_id, until in found["given"]:
        given[period_id, organisation_id].append(until)
    came = _came_in(session, rows)
    today = session.info["clock"].today()
    return {
        row.id: _window(
            row,
            known.get((row.measure_id, row.period_id)),
            came.get(row.id),
            given[row.period_id, row.organisation_id],
            today,
        )
        for row in rows
    }


def _came_in(session: Session, rows: Iterable[Return]) -> Mapping[int, date | None]:
    """When those returns first came in that are with their partners again: elsewhere nobody asks."""
    back = [row.id for row in rows if row.revision and row.state in WITH_THE_PARTNER]
    if not back:
        return {}
    return dict(session.execute(_first_days(looked_at(session)).where(Return.id.in_(back))).all())


@lru_cache(maxsize=BUILT)
def _first_days(past: AsAt | None) -> Select[int, date | None]:
    return select(Return.id, came_in(past, Return.id, Return.state))


def window(session: Session, row: Return) -> Window:
    """One return's window."""
    return windows(session, [row])[row.id]


def _window(row: Return, known: date | None, came: date | None, given: list[date], today: date) -> Window:
    period = row.period
    released = released_on(row.measure, period, known)
    last = last_day(period.closes_on, period.due_on, released)
    in_time = period.opened_at is not None and period.closed_at is None and today <= last
    current = in_time or any(today <= until for until in given)
    # What was submitted once may be withdrawn, queried and corrected after the period: its closing keeps out what is new.
    return Window(
        released_on=released,
        answer_by=answer_by(period.due_on, released),
        came_in=came,
        current=current,
        takes=current or row.revision > 0,
    )
