"""Leicester's agreement with made-up figures for three years, and what was said and happened beside them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from models.agreement import Measure, Period, SeriesBreak
from portal.actor import OPERATOR
from portal.database import Database
from portal.formats.agreement_csv import Return, read_agreement
from portal.services import imports
from portal.settings import package_data
from tests.support.elsewhere import later

QUARTERS = [
    f"20{year:02}/{year + 1:02} Q{quarter}"
    for year in (8, 9, 10)
    for quarter in (1, 2, 3, 4)
    if (year, quarter) != (8, 3)
]
"""All but the one that the demonstration asks for and nobody has returned: a gap in every series."""
OWN = "2008/09 Q2"
"""The quarter that Leicester returned itself."""
RATE = {key: f"2.{40 + 3 * (place % 3)}" for place, key in enumerate(QUARTERS)} | {"2010/11 Q4": "1.10"}
"""NI 16: it varies a little around 2.43, and then falls far below."""
HOMES = {key: str(250 * int(key[-1]) + 20 * int(key[3])) for key in QUARTERS}
"""NI 154 counts up within each year."""
LAST = "2010-11-q4"
DAY = date(2011, 5, 2)


def with_series(database: Database) -> Database:
    """The same database in May 2011, with eleven quarters of a rate and of a measure that counts up in the year."""
    read = read_agreement(package_data("leicester")).agreement
    assert read is not None
    more = [
        Return(measure, period, Decimal(value), None, None, f"{measure} in {period}", "", "", "")
        for measure, series in (("NI 16", RATE), ("NI 154", HOMES))
        for period, value in series.items()
        if period != OWN
    ]
    imports.load_agreement(database, OPERATOR, replace(read, returns=(*read.returns, *more)))
    return later(database, DAY)


def broken_at(database: Database, code: str, period: str, reason: str) -> None:
    """Declare a break of a measure's series."""
    with database.write(OPERATOR) as session:
        measure_id = session.scalars(select(Measure.id).where(Measure.code == code)).one()
        period_id = session.scalars(select(Period.id).where(Period.key == period)).one()
        session.add(SeriesBreak(measure_id=measure_id, period_id=period_id, reason=reason))
