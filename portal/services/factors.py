"""The second factor: setting it up, giving a code to make a half session whole, and taking it away again."""

from datetime import timedelta

from sqlalchemy.orm import Session

from models.people import Person
from portal import audit
from portal.actor import Actor
from portal.database import Database
from portal.errors import Conflict, Invalid
from portal.formats.codes import enrolling, is_app_code, new_secret, step_of
from portal.formats.passwords import matches
from portal.formats.sealing import opened, sealed
from portal.policy import SECOND_FACTOR, Action, require
from portal.records.factors import (
    factor_of,
    give_recovery_codes,
    recovery_codes_left,
    remove_factor,
    set_factor,
    take_code,
)
from portal.records.messages import checked
from portal.records.patience import note_failure, require_patience
from portal.records.people import find_person
from portal.records.sign_ins import begin_session, end_session, end_sign_ins
from portal.viewmodels.people import Enrolment, FactorState

ENROLLING = "enrolment"
"""What a secret is sealed for on its way through the page on which it is shown."""
WITHIN = timedelta(minutes=15)
"""So long somebody may take to set up an app."""
REFUSED = "factor:refuse"
CHANGED = "factor:set"
WRONG_CODE = "This code is not right, or was used already. The app shows a new one every half a minute."


def state(database: Database, actor: Actor) -> FactorState:
    """The actor's own second factor."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.read(actor) as session:
        factor = factor_of(session, _own(actor))
        return FactorState(factor.since if factor else None, recovery_codes_left(session, _own(actor)))


def give_code(database: Database, actor: Actor, key: str, token: str, typed: str) -> str:
    """Make a half session whole by a code of the app or a recovery code: the session with this token ends, and another
    begins, whose token is answered. `key` opens the secret. Invalid for a wrong code; TooMany as for passwords, which
    wrong codes are counted with; Conflict when the app's codes cannot be taken."""
    require(actor, Action.PASSWORD_CHANGE)
    with database.write(actor) as session:
        require_patience(session, actor.email)
        how = take_code(session, key, _own(actor), typed)
        if how:
            if how == "recovery":
                left = recovery_codes_left(session, _own(actor))
                audit.record(session, "factor:recover", f"account {actor.email}", after={"codes_left": left})
            return _whole(session, actor, token)
        note_failure(session, actor.email, REFUSED)
    raise Invalid({"code": WRONG_CODE})


def begin_enrolment(database: Database, actor: Actor, key: str, proof: str, *, half: bool) -> Enrolment:
    """A new secret for the actor's app; nothing changes until a code of it is confirmed. Invalid unless `proof` is the
    password or a code. `half`: the actor has only just given their password, and is not asked for it again; Conflict
    if they have a second factor already, which such a session cannot replace."""
    require(actor, Action.PASSWORD_CHANGE)
    if half:
        _require_none(database, actor)
    else:
        _require_proof(database, actor, key, proof)
    return _enrolment(database, actor, key, new_secret())


def confirm_enrolment(
    database: Database, actor: Actor, key: str, token: str, seal: str, code: str, *, half: bool
) -> tuple[str, tuple[str, ...]]:
    """Set up the app whose secret was sealed, by its first code. The session with this token ends; answers the token of
    the one that begins instead, and ten recovery codes, which nobody is told again. Every other session of the account
    is half from then on. Invalid for a wrong code; Conflict for a page that is too old; TooMany after many."""
    require(actor, Action.PASSWORD_CHANGE)
    secret = _secret(database, actor, key, seal)
    step = step_of(secret, code, database.clock.now(), 0) if is_app_code(code) else None
    with database.write(actor) as session:
        require_patience(session, actor.email)
        if step is None:
            note_failure(session, actor.email, REFUSED)
        else:
            if half and factor_of(session, _own(actor)) is not None:
                raise Conflict(HAS_ONE)
            codes = set_factor(session, key, _own(actor), secret, step)
            audit.record(session, CHANGED, f"account {actor.email}")
            return _whole(session, actor, token), codes
    raise Invalid({"code": "This code is not right. Type the one that the app shows now."})


def shown_again(database: Database, actor: Actor, key: str, seal: str) -> Enrolment:
    """The same secret once more, for whoever mistyped its first code. Conflict for a page that is too old."""
    require(actor, Action.PASSWORD_CHANGE)
    return _enrolment(database, actor, key, _secret(database, actor, key, seal))


def new_codes(database: Database, actor: Actor, key: str, proof: str) -> tuple[str, ...]:
    """New recovery codes in place of the old ones. Invalid unless `proof` is the password or a code; Conflict without a
    second factor."""
    require(actor, Action.PASSWORD_CHANGE)
    _require_proof(database, actor, key, proof)
    with database.write(actor) as session:
        if factor_of(session, _own(actor), lock=True) is None:
            raise Conflict("Your account has no second step, and so no recovery codes.")
        codes = give_recovery_codes(session, _own(actor))
        audit.record(session, "factor:codes", f"account {actor.email}")
        return codes


def turn_off(database: Database, actor: Actor, key: str, proof: str, *, required: bool) -> None:
    """Do without a second factor from now on. Invalid unless `proof` is the password or a code; Conflict where one is
    `required` and the actor's role is one that needs it."""
    require(actor, Action.PASSWORD_CHANGE)
    if required and actor.role in SECOND_FACTOR:
        raise Conflict("Your account needs a second step. You can set it up anew, and not turn it off.")
    _require_proof(database, actor, key, proof)
    with database.write(actor) as session:
        if remove_factor(session, _own(actor)):
            audit.record(session, "factor:end", f"account {actor.email}")


def reset(database: Database, actor: Actor, email: str, reason: str) -> None:
    """Take another's second factor away, who has lost it: they set one up anew when they next sign in. Ends their
    sessions. Conflict for one's own account and for one without; Invalid without a reason."""
    require(actor, Action.ACCOUNT_MANAGE)
    reason = checked(reason, "reason", "Say why: the record keeps it.")
    with database.write(actor) as session:
        person = find_person(session, email)
        if person.id == actor.person_id:
            raise Conflict("You cannot reset your own second step: another administrator has to.")
        if not remove_factor(session, person.id):
            raise Conflict(f"The account {person.email} has no second step.")
        end_sign_ins(session, person.id)
        audit.record(session, "factor:reset", f"account {person.email}", reason=reason)


HAS_ONE = "Your account has a second step already: give its code to go on."
TOO_OLD = "This page is too old, or was not made for you. Begin again: nothing was changed."


def _own(actor: Actor) -> int:
    assert actor.person_id is not None  # the door was for somebody with an account
    return actor.person_id


def _whole(session: Session, actor: Actor, token: str) -> str:
    """The rights of a session rise: it gets another token, and the old one is worth nothing."""
    end_session(session, token)
    return begin_session(session, actor, factor=True)


def _require_none(database: Database, actor: Actor) -> None:
    with database.read(actor) as session:
        if factor_of(session, _own(actor)) is not None:
            raise Conflict(HAS_ONE)


def _require_proof(database: Database, actor: Actor, key: str, proof: str) -> None:
    """That it is still the same person who sits there."""
    with database.read(actor) as session:
        require_patience(session, actor.email)
        kept = session.get_one(Person, actor.person_id).password_hash
    right = not is_app_code(proof) and matches(kept, proof)  # outside of what is written: it takes its time
    if right:
        return
    with database.write(actor) as session:
        require_patience(session, actor.email)
        if is_app_code(proof) and take_code(session, key, _own(actor), proof):
            return
        note_failure(session, actor.email, REFUSED)
    raise Invalid({"proof": "This is neither your password nor a new code from your app."})


def _enrolment(database: Database, actor: Actor, key: str, secret: str) -> Enrolment:
    seal = sealed(key, f"{ENROLLING} of {_own(actor)}", secret, database.clock.now())
    return Enrolment(secret, enrolling(secret, actor.email), seal)


def _secret(database: Database, actor: Actor, key: str, seal: str) -> str:
    secret = opened(key, f"{ENROLLING} of {_own(actor)}", seal, database.clock.now(), WITHIN)
    if secret is None:
        raise Conflict(TOO_OLD)
    return secret
