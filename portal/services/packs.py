"""Briefing packs: which may be asked for, asking, what a pack is on, keeping one, and handing out its files."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import delete, func, select

from models.agreement import Theme
from models.jobs import Job
from models.packs import Pack, PackFile
from models.people import Organisation
from models.rules.codes import period_slug
from models.rules.jobs import MOST_WAITING, TO_DO, JobKind, JobState
from models.rules.packs import KEPT, Asked, PackForm
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.history import noted
from portal.policy import Action, require
from portal.records.agreement import current_agreement, find_period
from portal.records.jobs import change_mine
from portal.records.packs import choices, files_of, jobs_of, name_of, packs_of, require_choice, to_return
from portal.records.return_rows import is_row_number
from portal.records.themes import shown_period
from portal.scopes import scope
from portal.viewmodels.packs import Claimed, PackDownload, PacksPage, Subject
from portal.viewmodels.past import AsAt
from portal.wall import Beyond, beyond

TOO_MANY = f"{MOST_WAITING} packs are being made for you. Wait until one of them is done."


def packs_page(database: Database, actor: Actor, chosen: str = "", period: str | None = None) -> PacksPage:
    """What the actor may ask for, what is being made for them, and the packs that they may read. `chosen` and `period`
    are what the form begins with."""
    require(actor, Action.PACK_READ)
    now = database.clock.now()
    with database.read(actor) as session:
        agreement = current_agreement(session)
        _, links = shown_period(session, agreement, period)
        names = {what: name_of(on) for what, on in choices(session, actor, agreement).items()}
        return PacksPage(
            agreement=agreement.title,
            about=tuple((kind, key, name) for (kind, key), name in names.items()),
            periods=links,
            today=database.clock.today(),
            chosen=chosen,
            jobs=jobs_of(session, actor, agreement, names, now),
            packs=packs_of(session, actor, agreement, now),
        )


def ask(database: Database, actor: Actor, asked: Asked) -> int:
    """Ask for a pack; answers the job's number, that of the one that is there already where the actor asked for the same
    and it is still to come. Invalid for no form and for a day that has not come; NotFound for what no pack can be on,
    or is not the actor's to ask for; Conflict when too many of theirs wait already."""
    require(actor, Action.PACK_MAKE)
    if actor.person_id is None:
        raise Forbidden("A job acts as the person who asked for it. The command line makes packs at once: portal pack")
    if not asked.forms:
        raise Invalid({"forms": "Choose PDF, Word or both."})
    if asked.day is not None and asked.day >= database.clock.today():
        raise Invalid({"day": "Choose a day before today, or leave it empty: a pack is of now without it."})
    with database.write(actor) as session:
        agreement = current_agreement(session)
        on = require_choice(session, actor, agreement, asked.kind, asked.key)
        if asked.period:
            asked = replace(asked, period=period_slug(find_period(session, agreement.id, asked.period).key))
        own = select(Job).where(Job.person_id == actor.person_id, Job.state.in_(TO_DO))
        own = own.where(Job.agreement_id == agreement.id)
        same = session.scalars(own.where(Job.kind == JobKind.PACK, Job.asked == asked.written())).first()
        if same is not None:
            return same.id
        if (session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST_WAITING:
            raise Conflict(TOO_MANY)
        job = Job(
            agreement_id=agreement.id,
            person_id=actor.person_id,
            kind=JobKind.PACK,
            asked=asked.written(),
            asked_at=database.clock.now(),
            state=JobState.WAITING,
            done=0,
            steps=0,
            tries=0,
            error="",
        )
        session.add(job)
        session.flush()
        said = {"job": job.id, "period": asked.period or None, "as_at": asked.day, "forms": list(asked.forms)}
        organisation = on.id if isinstance(on, Organisation) else None
        audit.record(
            session, Action.PACK_MAKE, f"pack {asked.about}", after={"asked_for": said}, organisation_id=organisation
        )
        return job.id


def subject(database: Database, actor: Actor, asked: Asked) -> Subject:
    """What a pack is on, for an actor who may ask for it. NotFound as with `ask`."""
    require(actor, Action.PACK_MAKE)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        on = require_choice(session, actor, agreement, asked.kind, asked.key)
        # Where returns stand is the present's business.
        waits = to_return(session, agreement, on) if isinstance(on, Organisation) and asked.day is None else ()
        return Subject(asked.kind, asked.key, name_of(on), agreement.title, agreement.area, waits)


def kept(database: Database, actor: Actor, fingerprint: str) -> tuple[AsAt, frozenset[PackForm]] | None:
    """The pack with this content that was made before: as at when it is, and which files of it there are. None where
    it never was made, or is not the actor's to read."""
    require(actor, Action.PACK_READ)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        row = session.scalars(
            select(Pack).where(
                Pack.agreement_id == agreement.id, Pack.fingerprint == fingerprint, scope(actor, Action.PACK_READ)
            )
        ).one_or_none()
        if row is None:
            return None
        there = files_of(session, [row], database.clock.now())
        return AsAt(row.day, row.instant), frozenset(one.form for one in there)


def keep(
    database: Database,
    actor: Actor,
    job: Claimed,
    period: str,
    as_at: AsAt,
    fingerprint: str,
    files: Mapping[PackForm, bytes],
) -> int:
    """Keep what a job made, and end the job; answers the pack's number. Files of a pack that is there already are added
    to it, and those of any pack whose time is over are dropped. Lost, and nothing is kept, when the job is another
    worker's by now."""
    require(actor, Action.PACK_MAKE)
    asked, now = job.asked, database.clock.now()
    with database.write(actor) as session:
        agreement = current_agreement(session)
        on = require_choice(session, actor, agreement, asked.kind, asked.key)
        organisation = on.id if isinstance(on, Organisation) else None
        dropped = delete(PackFile).where(PackFile.made_at <= now - KEPT)
        of_agreement = select(Pack.id).where(Pack.agreement_id == agreement.id)
        with beyond(session, Beyond.FORGETTING):
            session.execute(dropped.where(PackFile.pack_id.in_(of_agreement)))
        pack = session.scalars(
            select(Pack).where(Pack.agreement_id == agreement.id, Pack.fingerprint == fingerprint)
        ).one_or_none()
        if pack is None:
            made_on, made_at = noted(session)
            pack = Pack(
                agreement_id=agreement.id,
                fingerprint=fingerprint,
                kind=asked.kind,
                theme_id=on.id if isinstance(on, Theme) else None,
                organisation_id=organisation,
                period_id=find_period(session, agreement.id, period).id,
                day=as_at.day,
                instant=as_at.instant,
                person_id=actor.person_id,
                made_on=made_on,
                made_at=made_at,
            )
            session.add(pack)
            session.flush()
        digests = {form: hashlib.sha256(content).hexdigest() for form, content in files.items()}
        for form, content in files.items():
            session.add(
                PackFile(
                    pack_id=pack.id, form=form, content=content, sha256=digests[form], size=len(content), made_at=now
                )
            )
        session.flush()
        change_mine(
            session, job, state=JobState.DONE, done=Job.steps, claim=None, error="", ended_at=now, pack_id=pack.id
        )
        if files:
            after = {"pack": pack.id, "period": period, "content": fingerprint, "sha256": digests}
            audit.record(session, Action.PACK_MAKE, f"pack {asked.about}", after=after, organisation_id=organisation)
        return pack.id


def pack_file(database: Database, actor: Actor, number: int, form: PackForm) -> PackDownload:
    """A file of a pack, for whoever may read all that the pack holds, as the policy has it now. NotFound for what is
    not there any more, and for what is not theirs."""
    require(actor, Action.PACK_READ)
    with database.read(actor) as session:
        known = Pack.id == (number if is_row_number(number) else 0)
        row = session.scalars(select(Pack).where(known, scope(actor, Action.PACK_READ))).one_or_none()
        found = [one for one in files_of(session, [row], database.clock.now()) if one.form is form] if row else []
        if row is None or not found:
            raise NotFound("There is no such pack, or it is not kept any more. Ask for it again on the page of packs.")
        on = row.theme or row.organisation
        name = "-".join(filter(None, ("briefing", on.key if on else "executive", period_slug(row.period.key))))
        return PackDownload(f"{name}.{form}", form, found[0].content, found[0].sha256)
