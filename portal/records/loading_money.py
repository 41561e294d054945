"""Loading money that is committed to indicators, and the totals that documents print of it."""

from collections.abc import Mapping

from sqlalchemy import select

from models.money import Commitment, CommitmentWithdrawal, PrintedTotal
from portal.formats.agreement_csv import rows
from portal.formats.agreement_csv.disagreements import plain
from portal.history import noted
from portal.records.loading import Loading
from portal.records.noting import put


def put_money(loading: Loading, file: rows.AgreementFile, indicators: Mapping[str, int]) -> None:
    """Every commitment that is not there already, noted today, and every printed total. One that was withdrawn stays so,
    and another amount for a proposal whose money stands is a problem."""
    session = loading.session
    held: dict[tuple[int, str, str], list[tuple[Commitment, CommitmentWithdrawal | None]]] = {}
    for row, gone in session.execute(
        select(Commitment, CommitmentWithdrawal)
        .outerjoin(CommitmentWithdrawal, CommitmentWithdrawal.commitment_id == Commitment.id)
        .where(Commitment.indicator_id.in_(indicators.values()))
    ):
        held.setdefault((row.indicator_id, row.source, row.proposal), []).append((row, gone))
    for said in file.funding:
        key = indicators[said.indicator], said.source, said.proposal
        there = held.get(key, [])
        if any(row.amount == said.amount for row, _ in there):
            continue
        if standing := next((row for row, gone in there if gone is None), None):
            message = (
                f"{said.indicator} says {plain(said.amount)}, but {plain(standing.amount)} is loaded already: withdraw "
                "it on its indicator's page first"
            )
            loading.problem("funding.csv", said.line, "amount_gbp", message)
            continue
        made = Commitment(
            indicator_id=key[0], source=said.source, proposal=said.proposal, amount=said.amount, note=said.note
        )
        put(session, made)
        loading.added[made.__tablename__] += 1
    for each in file.funding_totals:
        day, at = noted(session)
        loading.put(
            PrintedTotal,
            "funding_totals.csv",
            each.line,
            {"indicator_id": indicators[each.indicator], "source": each.source},
            {"total": each.total, "printed_in": each.printed_in},
            {"day": day, "at": at},
            about=f"{each.indicator} ",
        )
