"""Twenty clients at once, on both databases: nothing is lost, nothing is overwritten unseen, nothing is a mistake of ours."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from models.audit import AuditEvent
from models.returns import ReturnRevision
from models.rules.broken import NothingToPublish
from portal import audit
from portal.actor import OPERATOR
from portal.database import Database
from portal.errors import Conflict
from portal.services import returns, review
from portal.services.desk import desk
from portal.viewmodels.returns import Typed
from tests.conftest import person
from tests.support.publishing import publish

CLIENTS = 20


def test_one_return_saved_by_twenty_at_the_same_version_is_saved_once(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")

    def save(client: int) -> int | None:
        try:
            return returns.save(database, lcc, number, 1, Typed(value=str(client))).version
        except Conflict:
            return None

    with ThreadPoolExecutor(CLIENTS) as pool:
        got = list(pool.map(save, range(1, CLIENTS + 1)))
    winners = [client for client, version in enumerate(got, 1) if version]
    assert len(winners) == 1
    assert str(returns.read_return(database, lcc, number).answers.value) == str(winners[0])


def test_different_returns_saved_by_twenty_are_all_there_with_their_audit(database: Database) -> None:
    lcc = person(database, "lcc")
    numbers = [task.id for task in desk(database, lcc).tasks][:CLIENTS]

    def count(table: type) -> int:
        with database.read(OPERATOR) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    before = count(AuditEvent)

    def work(number: int) -> None:
        for figure in ("1", "2", "3"):
            returns.save(database, lcc, number, None, Typed(value=figure))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, numbers))
    assert {str(returns.read_return(database, lcc, number).answers.value) for number in numbers} == {"3"}
    assert count(AuditEvent) == before + 3 * len(numbers)
    with database.read(OPERATOR) as session:
        assert audit.first_break(session) is None


def test_one_submit_sent_twenty_times_is_one_revision(database: Database) -> None:
    lcc = person(database, "lcc")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    version = returns.save(database, lcc, number, None, Typed(value="55")).version
    with ThreadPoolExecutor(CLIENTS) as pool:
        views = list(pool.map(lambda _: returns.submit(database, lcc, number, version), range(CLIENTS)))
    assert {view.revision for view in views} == {1}
    with database.read(OPERATOR) as session:
        query = select(func.count()).select_from(ReturnRevision).where(ReturnRevision.return_id == number)
        assert session.scalar(query) == 1


def test_one_period_published_by_twenty_is_one_edition_and_nineteen_plain_refusals(database: Database) -> None:
    """Each waits for the one before, and then sees its edition: nobody is told of a conflict that was none."""
    lcc, team = person(database, "lcc"), person(database, "team")
    number = returns.find_return(database, lcc, "2008-09-q3", "NI 59")
    returns.save(database, lcc, number, None, Typed(value="55"))
    returns.submit(database, lcc, number, None)
    review.verify(database, team, number, None)

    def attempt(_: int) -> int | str:
        try:
            return publish(database, team)
        except NothingToPublish as error:
            return str(error)

    with ThreadPoolExecutor(CLIENTS) as pool:
        got = sorted(map(str, pool.map(attempt, range(CLIENTS))))
    assert got == ["2"] + 19 * ["Edition 2 says all this already: verify returns first."]
