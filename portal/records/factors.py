"""The second factor in the database: whether somebody has one, whether a code is right, and taking it away."""

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.factors import RecoveryCode, SecondFactor
from models.people import Person
from portal.errors import Conflict
from portal.formats.codes import is_app_code, new_recovery_codes, plain_recovery_code, step_of
from portal.formats.passwords import digest
from portal.formats.sealing import opened, sealed

SECRET = "second factor"
"""What secrets are sealed for."""
MOST_MISSES = 50
"""After so many wrong codes in a row the app's are not asked any more: each guess has three chances in a million, however
slowly somebody guesses who knows the password. A recovery code still is."""
NO_MORE = (
    f"{MOST_MISSES} wrong codes came one after the other, so the app's codes are not taken any more. Give a recovery "
    "code, or ask whoever keeps the accounts to reset your second step."
)
OTHER_KEY = (
    "The portal's secret key was changed, so it cannot check the app's codes. Give a recovery code, or ask whoever "
    "keeps the accounts to reset your second step."
)


def factor_of(session: Session, person_id: int, *, lock: bool = False) -> SecondFactor | None:
    """The second factor of an account; None when it has none. With `lock` nobody else changes it meanwhile."""
    query = select(SecondFactor).where(SecondFactor.person_id == person_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def recovery_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes of an account were not used."""
    left = RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count(RecoveryCode.id)).where(*left)) or 0


def take_code(session: Session, key: str, person_id: int, typed: str) -> str:
    """Take a code of the app or a recovery code: 'app' or 'recovery', '' for a wrong one. Whichever is taken is used up.
    Conflict when the app's codes cannot be taken, whatever was typed."""
    factor = factor_of(session, person_id, lock=True)
    if factor is None:
        return ""
    if not is_app_code(typed):
        return "recovery" if _use_recovery_code(session, factor, typed) else ""
    if factor.misses >= MOST_MISSES:
        raise Conflict(NO_MORE)
    now = session.info["clock"].now()
    secret = opened(key, SECRET, factor.secret, now)
    if secret is None:
        raise Conflict(OTHER_KEY)
    step = step_of(secret, typed, now, factor.last_step)
    if step is None:
        factor.misses += 1
        return ""
    factor.last_step, factor.misses = step, 0
    return "app"


def _use_recovery_code(session: Session, factor: SecondFactor, typed: str) -> bool:
    code = session.scalars(
        select(RecoveryCode).where(
            RecoveryCode.code_hash == digest(plain_recovery_code(typed)),
            RecoveryCode.person_id == factor.person_id,
            RecoveryCode.used_at.is_(None),
        )
    ).one_or_none()
    if code is None:
        return False
    code.used_at, factor.misses = session.info["clock"].now(), 0
    return True


def set_factor(session: Session, key: str, person_id: int, secret: str, step: int) -> tuple[str, ...]:
    """Give an account a second factor, in place of any that it had, whose code of a step was taken; answers its new
    recovery codes."""
    session.scalars(select(Person.id).where(Person.id == person_id).with_for_update()).one()  # one at a time
    now = session.info["clock"].now()
    remove_factor(session, person_id)
    kept = sealed(key, SECRET, secret, now)
    session.add(SecondFactor(person_id=person_id, secret=kept, since=now, last_step=step, misses=0))
    return give_recovery_codes(session, person_id)


def give_recovery_codes(session: Session, person_id: int) -> tuple[str, ...]:
    """New recovery codes in place of all that an account had. Only their digests are kept."""
    now, codes = session.info["clock"].now(), new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=digest(plain_recovery_code(code)), made_at=now) for code in codes
    )
    session.flush()
    return codes


def remove_factor(session: Session, person_id: int) -> bool:
    """Take an account's second factor and its recovery codes away; whether it had one."""
    had = factor_of(session, person_id) is not None
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
    return had
