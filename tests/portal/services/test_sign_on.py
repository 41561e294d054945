"""The providers of organisations on both databases: who adds, sees, turns and uses them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.sign_on import SignOnDomain, SignOnProvider
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict, Forbidden, Invalid, NotFound, SignInRequired, Unavailable
from portal.issuers import Issuers
from portal.services import people, sessions, sign_on, sign_on_ending, sign_on_providers
from portal.services.sign_on_ways import Ways
from portal.viewmodels.sign_on import Answer, Pending
from tests.conftest import PASSWORD, person
from tests.support.issuer import SECRET, Issuer, honest, issuing
from tests.support.signing_on import BASE, POLICE, WAYS, provide, said

ISSUER = "https://login.police.example/tenant"


@pytest.fixture(scope="module")
def server() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


@pytest.fixture
def there(server: Issuer) -> Issuer:
    honest(server)
    return server


def fresh(**changed: str) -> Ways:
    return Ways(**{"base_url": BASE, "key": WAYS.key, "issuers": Issuers(), **changed})  # type: ignore[arg-type]


def way(database: Database, ways: Ways, there: Issuer, email: str = POLICE) -> tuple[Pending, Answer]:
    """Out to the provider, and what it sends back."""
    leaving = sign_on.start(database, OPERATOR, ways, email, "")
    back = said(there.authorize(said(leaving.url)))
    return leaving.pending, Answer(back["state"], back["code"], back["iss"], "")


def test_a_person_comes_in_is_recognised_and_goes(database: Database, there: Issuer) -> None:
    provide(database, there)
    ways = fresh()
    token = sign_on.finish(database, OPERATOR, ways, "police", *way(database, ways, there))
    live = sessions.who_is(database, token, "")
    assert live is not None
    assert live.actor.email == POLICE
    assert sign_on_providers.providers(database, person(database, "admin"), ways)[0].people == 1
    there.person["sub"] = "s-2"
    with pytest.raises(SignInRequired):
        sign_on.finish(database, OPERATOR, ways, "police", *way(database, ways, there))
    there.person["sub"] = "s-1"
    assert sign_on_ending.end(database, OPERATOR, ways, "police", there.logout_token()) == 1
    assert sessions.who_is(database, token, "") is None


def test_a_secret_is_kept_sealed_and_for_nothing_else(database: Database, there: Issuer) -> None:
    provide(database, there)
    with database.read(OPERATOR) as session:
        row = session.scalars(select(SignOnProvider)).one()
        assert SECRET not in row.secret
        assert fresh().provider(session, row).secret == SECRET
        row.issuer = ISSUER  # the same sealed secret, moved to where somebody else would be given it
        assert fresh().provider(session, row).secret is None
    ways = fresh(key="another key of forty characters, as it is")
    pending = way(database, ways, there)
    with pytest.raises(Unavailable):
        sign_on.finish(database, OPERATOR, ways, "police", *pending)
    assert "/token" not in there.asked


def test_what_cannot_be_is_refused_all_at_once(database: Database) -> None:
    with pytest.raises(Invalid) as caught:
        sign_on_providers.add_provider(
            database, OPERATOR, WAYS, "nobody", "http://x.example", "", "", (), passwords=True
        )
    assert set(caught.value.fields) == {"issuer", "client_id", "secret", "domains", "organisation"}


NO_ISSUERS = """http://login.example https:// login.example https://a@login.example https://login.example/?a=b x
https://login.example/#a https://login.example:0 https://login.example:x https://login.example\\@x.example"""


def test_an_issuer_is_an_https_address(database: Database) -> None:
    for issuer in (*NO_ISSUERS.split(), "https://login.example/ ", f"https://{'x' * 300}.example"):
        with pytest.raises(Invalid) as caught:
            sign_on_providers.add_provider(
                database, OPERATOR, WAYS, "police", issuer, "c", "s", ("police.example",), passwords=True
            )
        assert set(caught.value.fields) == {"issuer"}, issuer


def test_a_domain_is_vouched_for_by_one_alone(database: Database) -> None:
    def give(organisation: str, *domains: str) -> None:
        sign_on_providers.add_provider(
            database, OPERATOR, WAYS, organisation, ISSUER, "c", "s", domains, passwords=True
        )

    give("police", "police.example", " POLICE.example ", "force.example")
    with pytest.raises(Conflict, match=r"vouches for force\.example already"):
        give("nhs", "nhs.example", "force.example")
    give("police", "police.example")
    give("nhs", "nhs.example", "force.example")
    with database.read(OPERATOR) as session:
        assert len(session.scalars(select(SignOnDomain)).all()) == 3


def test_with_another_issuer_nobody_is_known_and_what_was_begun_has_ended(database: Database, there: Issuer) -> None:
    provide(database, there)
    ways = fresh()
    token = sign_on.finish(database, OPERATOR, ways, "police", *way(database, ways, there))
    provide(database, there, passwords=False)  # the same one, on other terms
    assert sessions.who_is(database, token, "") is not None
    there.url, kept = ISSUER, there.url
    provide(database, there)
    there.url = kept
    assert sessions.who_is(database, token, "") is None
    assert sign_on_providers.providers(database, OPERATOR, ways)[0].people == 0


def test_only_who_keeps_all_accounts_sees_and_turns_them_and_says_why(database: Database, there: Issuer) -> None:
    provide(database, there)
    admin = person(database, "admin")
    (line,) = sign_on_providers.providers(database, admin, WAYS)
    assert (line.key, line.enabled, line.passwords, line.back) == (
        "police",
        True,
        True,
        f"{BASE}/sign-on/police/back",
    )
    for key in ("team", "police"):
        with pytest.raises(Forbidden):
            sign_on_providers.set_enabled(database, person(database, key), "police", "So.", enabled=False)
        with pytest.raises(Forbidden):
            sign_on_providers.providers(database, person(database, key), WAYS)
    for organisation, reason, field in (("police", " ", "why"), ("nhs", "So.", "key"), ("\x00", "So.", "key")):
        with pytest.raises(Invalid) as caught:
            sign_on_providers.set_enabled(database, admin, organisation, reason, enabled=False)
        assert set(caught.value.fields) == {field}
    sign_on_providers.set_enabled(database, admin, "police", "Its key was stolen.", enabled=False)
    with database.read(OPERATOR) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).one()
    assert (event.who, event.subject, event.reason) == ("admin@portal.example", "sign-on police", "Its key was stolen.")
    assert SECRET not in event.before + event.after
    with pytest.raises(Invalid, match="off already"):
        sign_on_providers.set_enabled(database, admin, "police", "Again.", enabled=False)
    with pytest.raises(Invalid):
        sign_on.start(database, OPERATOR, WAYS, POLICE, "")


def test_turned_off_passwords_work_again(database: Database, there: Issuer) -> None:
    provide(database, there, passwords=False)
    with pytest.raises(SignInRequired, match="sign in with their organisation"):
        sessions.sign_in(database, OPERATOR, POLICE, PASSWORD)
    sign_on_providers.set_enabled(database, OPERATOR, "police", "It is down.", enabled=False)
    assert sessions.sign_in(database, OPERATOR, POLICE, PASSWORD)


def test_who_was_never_recognised_is_not_forgotten(database: Database) -> None:
    with pytest.raises(Conflict):
        sign_on_providers.forget(database, OPERATOR, POLICE, "A new account.")
    with pytest.raises(NotFound):
        sign_on_providers.forget(database, OPERATOR, "nobody@portal.example", "A new account.")


def test_turned_off_or_disabled_while_somebody_is_on_their_way_they_do_not_come_in(
    database: Database, there: Issuer
) -> None:
    provide(database, there)
    ways = fresh()
    pending = way(database, ways, there)

    def turn_off(held: dict[str, object]) -> dict[str, object]:
        sign_on_providers.set_enabled(database, OPERATOR, "police", "Now.", enabled=False)
        return held

    there.redeem = turn_off
    with pytest.raises(SignInRequired):
        sign_on.finish(database, OPERATOR, ways, "police", *pending)
    there.redeem = lambda held: people.set_disabled(database, OPERATOR, POLICE, disabled=True) or held
    sign_on_providers.set_enabled(database, OPERATOR, "police", "Now.", enabled=True)
    with pytest.raises(SignInRequired):
        sign_on.finish(database, OPERATOR, ways, "police", *way(database, ways, there))


def test_without_an_address_to_come_back_to_nobody_goes(database: Database, there: Issuer) -> None:
    provide(database, there)
    for base_url in ("", "http://portal.example", "https://portal.example/?a"):
        ways = fresh(base_url=base_url)
        assert not sign_on.offered(database, OPERATOR, ways)
        with pytest.raises(Invalid):
            sign_on.start(database, OPERATOR, ways, POLICE, "")
    assert sign_on.offered(database, OPERATOR, fresh(base_url="https://portal.example"))
