"""The periods that a session remembers to have returns: nothing is missed by asking for those alone."""

from datetime import date

from portal.actor import OPERATOR
from portal.database import Database
from portal.records.agreement import current_agreement
from portal.records.indicators import series
from portal.records.periods import noted_periods
from portal.records.themes import shown_period
from portal.viewmodels.past import AsAt

LAST = date(2011, 3, 31)


def test_the_periods_that_a_session_remembers_have_every_figure(database: Database) -> None:
    for past in (None, AsAt(date(2009, 1, 20)), AsAt(date(2008, 12, 31))):
        with database.read(OPERATOR, past) as session:
            agreement = current_agreement(session)
            before = series(session, agreement.id, LAST)
            assert noted_periods(session, agreement.id) is None
            _, links = shown_period(session, agreement, None)
            noted = noted_periods(session, agreement.id)
            assert noted is not None
            assert len(noted) >= len(links) > 0
            assert before
            assert series(session, agreement.id, LAST) == before


def test_a_session_that_writes_asks_anew(database: Database) -> None:
    with database.write(OPERATOR) as session:
        agreement = current_agreement(session)
        shown_period(session, agreement, None)
        assert noted_periods(session, agreement.id) is None
