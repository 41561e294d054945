"""The partnership team's side of a return: verifying, querying and reopening with a reason."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.returns import Return, ReturnRevision
from models.rules.broken import SamePerson
from models.rules.moves import Move, after
from models.rules.terms import Message
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Invalid
from portal.policy import Action, require
from portal.records.concurrence import weigh
from portal.records.judgements import decide
from portal.records.messages import checked, say
from portal.records.publication import hold_back, lock_agreement_of
from portal.records.return_names import name_of, subject
from portal.records.return_rows import latest_revision, load, require_version, submitted_it
from portal.records.return_view import view
from portal.viewmodels.returns import ReturnView


def verify(
    database: Database,
    actor: Actor,
    return_id: int,
    version: int | None,
    accept_judgement: bool | None = None,
    weighed: str = "",
) -> ReturnView:
    """Accept a submitted revision: from then on it counts, and everybody with an account may read it. Where another
    rating than the rule's is proposed, `accept_judgement` says whether it counts or the rule's stands; Undecided
    without a word on it. Where a partner's dissent is open, `weighed` says how it was weighed; Unweighed without."""
    require(actor, Action.RETURN_VERIFY)
    with database.write(actor) as session:
        row = _verify(session, actor, return_id, version, accept_judgement, weighed)
        session.flush()
        return view(session, row)


def verify_chosen(database: Database, actor: Actor, chosen: Sequence[tuple[int, int]]) -> int:
    """Accept a set of submitted returns, each given with the version that was looked at: all of them, or none when
    one cannot be. Answers how many; Invalid for an empty set, Undecided when one of them comes with a proposed
    judgement, Unweighed when a dissent on it is open: that is decided on its own page."""
    require(actor, Action.RETURN_VERIFY)
    chosen = list(dict.fromkeys(chosen))
    if not chosen:
        raise Invalid({"chosen": "Choose the returns to verify."})
    with database.write(actor) as session:
        for return_id, version in sorted(chosen):  # always in one order: two such sets cannot wait for each other
            _verify(session, actor, return_id, version)
    return len(chosen)


def _verify(
    session: Session,
    actor: Actor,
    return_id: int,
    version: int | None,
    accept_judgement: bool | None = None,
    weighed: str = "",
) -> Return:
    row = _to_judge(session, actor, return_id, version, Action.RETURN_VERIFY, Move.VERIFY)
    revision, rated = latest_revision(session, row)
    revision.verified_by_id, revision.verified_at = actor.person_id, session.info["clock"].now()
    row.verified_revision = row.revision
    judged = decide(session, row, revision, rated, accept_judgement)
    dissents = weigh(session, row, weighed)
    rating = rated.override or rated.by_rule
    after = {"revision": row.revision, "value": revision.value, "rating": rating, **judged, **dissents}
    reason = revision.proposed_reason if judged else str(dissents.get("weighed", ""))
    audit.record(
        session, Action.RETURN_VERIFY, subject(row), after=after, reason=reason, organisation_id=row.organisation_id
    )
    return row


def query(database: Database, actor: Actor, return_id: int, version: int | None, reason: str) -> ReturnView:
    """Send a submitted return back with a question; Invalid when there is none."""
    require(actor, Action.RETURN_QUERY)
    reason = checked(reason, "reason", "Say what you want to know: the partner reads it beside the return.")
    with database.write(actor) as session:
        row = _to_judge(session, actor, return_id, version, Action.RETURN_QUERY, Move.QUERY)
        say(session, row, Message.QUERY, reason)
        _record(session, Action.RETURN_QUERY, row, reason)
        session.flush()
        return view(session, row)


def reopen(database: Database, actor: Actor, return_id: int, version: int | None, reason: str) -> ReturnView:
    """Give a verified or published return back to its partner, to be corrected by a new revision. What was published
    stays public until the correction is published too; what was only verified counts no more. A publication that shows
    it and is not out yet is held back."""
    require(actor, Action.RETURN_REOPEN)
    reason = checked(reason, "reason", "Say why it is reopened: the partner reads it beside the return.")
    with database.write(actor) as session:
        lock_agreement_of(session, return_id)
        row = _to_judge(session, actor, return_id, version, Action.RETURN_REOPEN, Move.REOPEN)
        row.verified_revision = session.scalar(
            select(func.max(ReturnRevision.number)).where(
                ReturnRevision.return_id == row.id, ReturnRevision.published_at.is_not(None)
            )
        )
        say(session, row, Message.REOPENING, reason)
        _record(session, Action.RETURN_REOPEN, row, reason)
        hold_back(session, row.period.agreement_id, f"{name_of(row)} was reopened", reason, row)
        session.flush()
        return view(session, row)


def _record(session: Session, action: Action, row: Return, reason: str) -> None:
    after = {"revision": row.revision, "state": row.state}
    audit.record(session, action, subject(row), after=after, reason=reason, organisation_id=row.organisation_id)


def _to_judge(
    session: Session, actor: Actor, return_id: int, version: int | None, action: Action, move: Move
) -> Return:
    row = load(session, actor, return_id, action)
    require_version(row, version)
    row.state = after(move, row.state)
    if submitted_it(actor, latest_revision(session, row)[0]):
        raise SamePerson(f"You submitted {name_of(row)} yourself: somebody else of the team has to judge it.")
    return row
