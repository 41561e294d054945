"""Loading the half-yearly shares of earlier agreements, each of which becomes an agreement of its own without a version."""

from sqlalchemy import select

from models.agreement import Agreement
from models.rules.codes import title_key
from models.shares import HalfYearShares
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.shares import COLUMNS
from portal.formats.agreement_csv.shares_rows import EarlierAgreement
from portal.records.loading import Loading


def put_shares(loading: Loading, file: rows.AgreementFile) -> None:
    """Every share under its agreement and day. One of an agreement that is loaded whole is put to that."""
    for earlier in file.earlier:
        agreement = _agreement(loading, earlier, file.area)
        for said in earlier.shares:
            loading.put(
                HalfYearShares,
                said.file,
                said.line,
                {"agreement_id": agreement.id, "period_end": said.period_end},
                {name: getattr(said, name) for name in COLUMNS},
                about=f"{earlier.title}, {said.period_end}: ",
            )


def _agreement(loading: Loading, earlier: EarlierAgreement, area: str) -> Agreement:
    """The agreement with this title. Its years are said once: rows that come later may widen what a file shows."""
    held = loading.session.scalars(select(Agreement).where(Agreement.title == earlier.title)).one_or_none()
    first = earlier.shares[0]
    row: Agreement = loading.put(
        Agreement,
        first.file,
        first.line,
        {"key": held.key if held else title_key(earlier.title)},
        {"title": earlier.title, "area": area},
        {"first_year": earlier.first_year, "last_year": earlier.last_year},
    )
    return row
