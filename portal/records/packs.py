"""The rows of briefing packs: whom they can be about, which are being made, and which are kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.agreement import Agreement, AgreementVersion, IndicatorTerms, Measure, Period, Theme
from models.jobs import Job
from models.packs import Pack, PackFile
from models.people import Organisation
from models.returns import Return
from models.rules.jobs import TO_DO, JobKind
from models.rules.moves import WITH_THE_PARTNER
from models.rules.packs import KEPT, PackKind, read_asked
from models.rules.terms import State
from portal.actor import Actor
from portal.clock import LONDON
from portal.errors import NotFound
from portal.policy import Action
from portal.records.return_view import tasks
from portal.scopes import briefs, scope
from portal.viewmodels.packs import FileLine, JobLine, PackLine
from portal.viewmodels.past import AsAt
from portal.viewmodels.returns import Task
from portal.wall import Beyond, beyond

LISTED = timedelta(days=1)
"""So long a job that has ended is shown to whoever asked for it."""
MOST_JOBS, MOST_PACKS = 5, 50
"""So many are shown."""
NOT_THERE = "There is no such pack to ask for."

On = Theme | Organisation | None
"""What a pack is on; None for all of the agreement."""


def choices(session: Session, actor: Actor, agreement: Agreement) -> dict[tuple[PackKind, str], On]:
    """What the actor may ask for a pack on, by kind and key, in order: everything, themes, partners that lead an
    indicator in any version."""
    found: dict[tuple[PackKind, str], On] = {}
    if briefs(actor, None):
        themes = session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position))
        found[PackKind.EXECUTIVE, ""] = None
        found |= {(PackKind.THEME, theme.key): theme for theme in themes}
    lead = (
        select(IndicatorTerms.lead_id)
        .join(AgreementVersion, AgreementVersion.id == IndicatorTerms.version_id)
        .where(AgreementVersion.agreement_id == agreement.id)
    )
    partners = session.scalars(select(Organisation).where(Organisation.id.in_(lead)).order_by(Organisation.name))
    return found | {(PackKind.PARTNER, one.key): one for one in partners if briefs(actor, one.id)}


def require_choice(session: Session, actor: Actor, agreement: Agreement, kind: PackKind, key: str) -> On:
    """What a pack is to be on; NotFound for what is none, or not the actor's to ask for."""
    found = choices(session, actor, agreement)
    if (kind, key) not in found:
        raise NotFound(NOT_THERE)
    return found[kind, key]


def name_of(on: On) -> str:
    """What a pack is on, by name; '' for everything."""
    return "" if on is None else on.title if isinstance(on, Theme) else on.name


def to_return(session: Session, agreement: Agreement, organisation: Organisation) -> tuple[Task, ...]:
    """The returns that an organisation still has to make, and those that it sent and nobody has verified yet."""
    query = (
        select(Return)
        .join(Period, Period.id == Return.period_id)
        .join(Measure, Measure.id == Return.measure_id)
        .where(Period.agreement_id == agreement.id, Return.organisation_id == organisation.id)
        .where(Return.state.in_((*WITH_THE_PARTNER, State.SUBMITTED)))
        .order_by(Period.ends_on.desc(), Measure.position)
    )
    with beyond(session, Beyond.STANDING):
        found = tasks(session, session.scalars(query).all())
    return tuple(one for one in found if not one.placeholder and (one.current or one.takes or one.late))


def jobs_of(
    session: Session, actor: Actor, agreement: Agreement, names: Mapping[tuple[PackKind, str], str], now: datetime
) -> tuple[JobLine, ...]:
    """The packs that the actor asked for and that are being made, or were not long ago, the newest first."""
    rows = session.execute(
        select(Job, Pack.made_at)
        .outerjoin(Pack, (Pack.id == Job.pack_id) & scope(actor, Action.PACK_READ))
        .where(Job.agreement_id == agreement.id, Job.person_id == actor.person_id, Job.kind == JobKind.PACK)
        .where(Job.state.in_(TO_DO) | (Job.ended_at > now - LISTED))
        .order_by(Job.id.desc())
        .limit(MOST_JOBS)
    )
    return tuple(_job(row, made_at, names) for row, made_at in rows)


def _job(row: Job, made_at: datetime | None, names: Mapping[tuple[PackKind, str], str]) -> JobLine:
    asked = read_asked(row.asked)
    return JobLine(
        id=row.id,
        asked=asked,
        name=names.get((asked.kind, asked.key), asked.key),
        state=row.state,
        done=row.done,
        steps=row.steps,
        asked_at=row.asked_at,
        error=row.error,
        pack=row.pack_id if made_at else None,
        before=made_at is not None and made_at < row.asked_at,
    )


def packs_of(session: Session, actor: Actor, agreement: Agreement, now: datetime) -> tuple[PackLine, ...]:
    """The packs with files that the actor may read, the newest first."""
    there = select(PackFile.pack_id).where(PackFile.pack_id == Pack.id, _lasting(now))
    rows = session.scalars(
        select(Pack)
        .where(Pack.agreement_id == agreement.id, scope(actor, Action.PACK_READ), there.exists())
        .order_by(Pack.made_at.desc(), Pack.id.desc())
        .limit(MOST_PACKS)
    ).all()
    files = files_of(session, rows, now)
    return tuple(
        PackLine(
            row.id,
            row.kind,
            name_of(row.theme or row.organisation),
            row.period.key,
            AsAt(row.day, row.instant),
            row.made_at,
            row.person.name,
            tuple(_file(one) for one in files if one.pack_id == row.id),
        )
        for row in rows
    )


def files_of(session: Session, packs: Iterable[Pack], now: datetime) -> Sequence[PackFile]:
    """The files of packs whose time is not over, in the order of their kinds."""
    of_these = PackFile.pack_id.in_([row.id for row in packs])
    return session.scalars(select(PackFile).where(of_these, _lasting(now)).order_by(PackFile.form.desc())).all()


def _lasting(now: datetime) -> ColumnElement[bool]:
    return PackFile.made_at > now - KEPT


def _file(row: PackFile) -> FileLine:
    return FileLine(row.form, row.size, row.sha256, (row.made_at + KEPT).astimezone(LONDON).date())
