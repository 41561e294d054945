"""Sending what waits: once however often and by however many, after a crash, through refusals, by SMTP on both
databases; and that no message ever holds what is not published."""

import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.reminders import OutboxMessage, ReminderChoice
from models.rules.outbox import LEASE, PAUSES, TOO_OLD, Delivery
from models.rules.reminders import Occasion
from portal import delivery
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.delivery import Refused, Smtp, Unreachable
from portal.errors import Conflict, Forbidden, NotFound
from portal.services import outbox, people, periods, reminder_choices, reminders
from tests.conftest import person
from tests.support import canaries
from tests.support.areas import DERBY, at, load_derby
from tests.support.post import BASE, KEY, SENDER, Kept, Server, deliver, mail_server, refuse

A_WHILE = timedelta(minutes=3)
"""More than a slow machine takes for a test."""
RUNS = 11
"""So many messages are written on the day after the quarter's returns were due."""


@pytest.fixture
def written(database: Database) -> Database:
    """The reminders of 31 January 2009, which wait."""
    database.clock = Clock(date(2009, 1, 31))
    assert len(reminders.remind(database, OPERATOR, BASE).drafts) == RUNS
    return database


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the hour from what it is."""
    real = Clock().now()

    def move(by: timedelta) -> None:
        monkeypatch.setattr(Clock, "now", lambda _clock: real + by)

    return move


def states(database: Database) -> dict[Delivery, int]:
    with database.read(OPERATOR) as session:
        query = select(OutboxMessage.state, func.count(OutboxMessage.id)).group_by(OutboxMessage.state)
        return dict(session.execute(query).all())


def smtp(server: Server, user: str = "") -> Smtp:
    return Smtp(f"smtp://{user}{server.host}:{server.port}", SENDER)


def test_what_waits_is_sent_once_over_one_connection(written: Database) -> None:
    with mail_server() as server:
        for expected in (RUNS, 0, 0):
            assert deliver(written, smtp(server)).sent == expected
        assert (len(server.taken), server.connections) == (RUNS, 1)
        assert len({to for (to,), _ in server.taken}) == RUNS
        assert len({message["Message-ID"] for message in server.messages()}) == RUNS
    assert states(written) == {Delivery.SENT: RUNS}
    with written.read(OPERATOR) as session:
        said = session.scalars(select(AuditEvent.subject).where(AuditEvent.subject.like("reminder to %"))).all()
        assert len(said) == RUNS


KILLED = """
import os, signal, sys
from pathlib import Path
from portal.actor import OPERATOR
from portal.database import Database
from portal.delivery import Folder
from portal.services import outbox

class Deadly(Folder):
    def send(self, message, to):
        super().send(message, to)
        os.kill(os.getpid(), signal.SIGKILL)

url, folder, sender, base, key = sys.argv[1:]
outbox.deliver(Database(url), OPERATOR, Deadly(Path(folder)), "into a file", sender, base, key)
"""


def test_who_is_killed_between_sending_and_marking_leaves_one_that_comes_again_and_is_recognised(
    written: Database, moved: Callable[[timedelta], None], tmp_path: Path
) -> None:
    url = written.engine.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(tmp_path / "sent"), SENDER, BASE, KEY], check=False)
    assert killed.returncode == -signal.SIGKILL
    (file,) = (tmp_path / "sent").iterdir()
    assert states(written) == {Delivery.SENDING: 1, Delivery.WAITING: RUNS - 1}
    second = Kept()
    assert deliver(written, second).sent == RUNS - 1, "the one that was claimed is nobody else's while its lease lasts"
    moved(LEASE + A_WHILE)
    assert deliver(written, second).sent == 1
    assert states(written) == {Delivery.SENT: RUNS}
    again = second.messages[-1][1]
    assert str(again["Message-ID"]).startswith(f"<{file.stem}@")
    assert again.as_bytes() == file.read_bytes(), "the same to the last letter"


def test_a_sender_that_was_overtaken_marks_nothing(written: Database, moved: Callable[[timedelta], None]) -> None:
    """It slept through its lease, and another sent the message meanwhile."""
    other = Kept()

    def sleep(_to: str) -> None:
        slow.before = lambda _to: None
        moved(LEASE + A_WHILE)
        deliver(written, other)

    slow = Kept(sleep)
    deliver(written, slow)
    assert states(written) == {Delivery.SENT: RUNS}
    with written.read(OPERATOR) as session:
        said = session.scalars(select(AuditEvent.subject).where(AuditEvent.subject.like("reminder to %"))).all()
        assert len(said) == RUNS


def test_a_refusal_that_may_pass_is_tried_again_with_growing_pauses_and_then_given_up(
    written: Database, moved: Callable[[timedelta], None]
) -> None:
    def later(to: str) -> None:
        if to.startswith("nhs@"):
            raise Refused("The mail server says: 451 try later", temporary=True)

    channel, waited = Kept(later), timedelta()
    found = deliver(written, channel)
    assert (found.sent, found.whole, [again for _, _, again in found.wrong]) == (RUNS - 1, False, [True])
    assert deliver(written, channel).wrong == (), "not yet"
    for number, pause in enumerate(PAUSES, start=2):
        waited += pause + A_WHILE
        moved(waited)
        ((to, _, again),) = deliver(written, channel).wrong
        assert (to, again) == ("nhs@portal.example", number <= len(PAUSES))
    assert states(written) == {Delivery.SENT: RUNS - 1, Delivery.FAILED: 1}
    (line,) = outbox.outbox(written, person(written, "team"), "failed").lines
    assert (line.tries, line.error) == (len(PAUSES) + 1, "The mail server says: 451 try later")


def test_a_refusal_for_good_is_given_up_at_once_and_the_team_may_try_again(written: Database) -> None:
    with mail_server(answers={"RCPT": ["550 5.1.1 no such mailbox"]}) as server:
        found = deliver(written, smtp(server))
        assert (found.sent, len(found.wrong), server.connections) == (RUNS - 1, 1, 1)
        team = person(written, "team")
        (line,) = outbox.outbox(written, team, "failed").lines
        assert line.error == "The mail server says: 550 5.1.1 no such mailbox"
        assert deliver(written, smtp(server)).sent == 0
        for who in ("police", "executive", "admin"):
            with pytest.raises(Forbidden):
                outbox.try_again(written, person(written, who), line.id)
        outbox.try_again(written, team, line.id)
        with pytest.raises(Conflict):
            outbox.try_again(written, team, line.id)
        assert deliver(written, smtp(server)).sent == 1
        with pytest.raises(NotFound):
            outbox.try_again(written, team, 10**15)
    assert states(written) == {Delivery.SENT: RUNS}


@pytest.mark.parametrize(
    ("answers", "connections"),
    [
        ({"MAIL": ["451 busy"]}, None),
        ({"RCPT": ["450 greylisted"]}, 1),
        ({"DATA": ["452 full"]}, 1),
        ({"END": ["451 not now"]}, 1),
        ({"RCPT": ["421 closing"]}, 2),
        ({"RCPT": ["drop"]}, 2),
        ({"END": ["drop"]}, 2),
    ],
)
def test_one_message_that_is_refused_for_now_does_not_keep_the_others(
    sqlite_database: Database,
    answers: dict[str, list[str]],
    connections: int | None,
    moved: Callable[[timedelta], None],
) -> None:
    sqlite_database.clock = Clock(date(2009, 1, 31))
    reminders.remind(sqlite_database, OPERATOR, BASE)
    with mail_server(answers=answers) as server:
        found = deliver(sqlite_database, smtp(server))
        if connections is None:  # whom the server does not take as a sender it takes nothing from
            assert (found.sent, found.left) == (0, RUNS)
            assert "refuses portal@partnership.example as the sender: 451 busy" in found.unreachable
        else:
            assert (found.sent, found.left, server.connections) == (RUNS - 1, 1, connections)
        moved(PAUSES[0] + A_WHILE)
        assert deliver(sqlite_database, smtp(server)).whole
        assert len({to for (to,), _ in server.taken}) == len(server.taken) == RUNS


@pytest.mark.parametrize(
    ("options", "user", "said"),
    [
        ({"password": "right"}, "portal:wrong@", "refuses the sign-in: 535 5.7.8 wrong password"),
        ({"answers": {"CONNECT": ["554 go away"]}}, "", "says: 554 go away"),
        ({"host": "127.0.0.2"}, "", "cannot do what is needed: STARTTLS"),
        ({}, "portal:secret@", "cannot do what is needed: SMTP AUTH"),
    ],
)
def test_a_server_that_cannot_be_used_costs_no_message_a_try(
    sqlite_database: Database, options: dict[str, object], user: str, said: str
) -> None:
    sqlite_database.clock = Clock(date(2009, 1, 31))
    reminders.remind(sqlite_database, OPERATOR, BASE)
    with mail_server(**options) as server:
        found = deliver(sqlite_database, smtp(server, user))
    assert said in found.unreachable
    assert "secret" not in found.unreachable
    assert (found.sent, found.left, found.whole) == (0, RUNS, False)
    lines = outbox.outbox(sqlite_database, person(sqlite_database, "team")).lines
    assert {(line.state, line.tries) for line in lines} == {(Delivery.WAITING, 0)}


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SECONDS", 0.2)
    sqlite_database.clock = Clock(date(2009, 1, 31))
    reminders.remind(sqlite_database, OPERATOR, BASE)
    with mail_server(answers={"CONNECT": ["silence"]}) as server:
        said = deliver(sqlite_database, smtp(server)).unreachable
        assert "cannot be reached" in said
        assert "timed out" in said
    assert states(sqlite_database) == {Delivery.WAITING: RUNS}


def test_nobody_answers_at_all(written: Database) -> None:
    with mail_server() as server:
        pass
    assert "cannot be reached" in deliver(written, smtp(server)).unreachable
    assert states(written) == {Delivery.WAITING: RUNS}


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.2 that signed itself, with its key."""
    path = tmp_path / "server.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.2"]
    made += ["-addext", "subjectAltName=IP:127.0.0.2", "-keyout", str(path), "-out", str(path) + ".crt"]
    subprocess.run(made, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def test_elsewhere_it_goes_over_tls_or_not_at_all(
    sqlite_database: Database, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_database.clock = Clock(date(2009, 1, 31))
    reminders.remind(sqlite_database, OPERATOR, BASE)
    with mail_server(host="127.0.0.2", certificate=certificate, password="pass@word") as server:
        found = deliver(sqlite_database, smtp(server, "portal:pass%40word@"))
        assert "cannot be reached" in found.unreachable, "nobody vouches for its certificate"
        assert "certificate" in found.unreachable
        assert not any(command == "AUTH" or command.startswith("MAIL") for command in server.commands)
        monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
        assert deliver(sqlite_database, smtp(server, "portal:pass%40word@")).sent == RUNS
        order = [verb for verb in server.commands if verb in ("STARTTLS", "AUTH")]
        assert order[-2:] == ["STARTTLS", "AUTH"], "the password is not said before"


def test_addresses_with_other_letters_need_a_server_that_knows_them(sqlite_database: Database) -> None:
    for email in ("jörg@portal.example", "ann@bücher.example"):
        people.add_person(sqlite_database, OPERATOR, email, "Jörg", "lead", "police", "x" * 20, demo=True)
    sqlite_database.clock = Clock(date(2009, 1, 31))
    reminders.remind(sqlite_database, OPERATOR, BASE)
    with mail_server(utf8=False) as server:
        found = deliver(sqlite_database, smtp(server))
        assert [to for to, _, again in found.wrong if not again] == ["jörg@portal.example"]
        assert "ann@xn--bcher-kva.example" in {to for (to,), _ in server.taken}
    outbox.try_again(
        sqlite_database,
        person(sqlite_database, "team"),
        outbox.outbox(sqlite_database, person(sqlite_database, "team"), "failed").lines[0].id,
    )
    with mail_server() as server:
        assert deliver(sqlite_database, smtp(server)).sent == 1
        assert [to for (to,), _ in server.taken] == ["jörg@portal.example"]
        assert server.messages()[0]["To"] == "Jörg <jörg@portal.example>"


def test_what_waited_too_long_is_not_sent_any_more(written: Database, moved: Callable[[timedelta], None]) -> None:
    moved(TOO_OLD + A_WHILE)
    channel = Kept()
    found = deliver(written, channel)
    assert (found.sent, len(found.wrong), found.whole) == (0, RUNS, False)
    assert channel.messages == []
    assert states(written) == {Delivery.FAILED: RUNS}
    line = outbox.outbox(written, person(written, "team")).lines[0]
    with pytest.raises(Conflict):
        outbox.try_again(written, person(written, "team"), line.id)


def test_between_writing_and_sending_the_account_may_be_gone_moved_or_have_chosen(written: Database) -> None:
    people.set_disabled(written, OPERATOR, "nhs@portal.example", True)
    reminder_choices.choose(written, person(written, "jcp"), [])
    reminder_choices.choose(written, person(written, "lsc"), [Occasion.OVERDUE])  # still wants what it says
    number = person(written, "daat").person_id
    assert number is not None
    people.change_person(written, person(written, "admin"), number, "Moved", "lead", "police", "A new post.")
    channel = Kept()
    found = deliver(written, channel)
    assert (found.sent, found.dropped) == (RUNS - 3, 3)
    assert {to for to, _ in channel.messages} & {
        "nhs@portal.example",
        "jcp@portal.example",
        "daat@portal.example",
    } == set()
    assert states(written) == {Delivery.SENT: RUNS - 3, Delivery.DROPPED: 3}


def test_only_the_command_line_sends(sqlite_database: Database) -> None:
    with pytest.raises(Forbidden):
        deliver(sqlite_database, Kept(), person(sqlite_database, "team"))


def test_the_outbox_of_another_agreement_is_not_the_teams(written: Database, tmp_path: Path) -> None:
    deliver(written, Kept(refuse))
    line = outbox.outbox(written, person(written, "team"), "failed").lines[0]
    load_derby(written, tmp_path)
    team = at(person(written, "team"), DERBY)
    assert outbox.outbox(written, team).lines == ()
    with pytest.raises(NotFound):
        outbox.try_again(written, team, line.id)
    with pytest.raises(NotFound):
        outbox.outbox(written, team, "lost")


WORK = """
import sys, time
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from portal.actor import OPERATOR
from portal.clock import Clock
from portal.database import Database
from portal.delivery import Folder
from portal.services import outbox, reminders

url, folder, go = sys.argv[1:]
database = Database(url, Clock(date(2009, 1, 31)))
with database.read(OPERATOR):
    pass
(Path(go).parent / f"ready {Path(folder).name}").touch()
while not Path(go).exists():
    time.sleep(0.001)
made = reminders.remind(database, OPERATOR, "https://portal.example").drafts
done = outbox.deliver(database, OPERATOR, Folder(Path(folder)), "into a file", "a@b.example", "", None)
assert not done.wrong and not done.unreachable, done
print(len(made), done.sent)
"""


def test_two_processes_at_the_same_moment_write_one_message_and_send_it_once(
    database: Database, tmp_path: Path
) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    go, folders = tmp_path / "go", [tmp_path / "one", tmp_path / "two"]
    running = [
        subprocess.Popen([sys.executable, "-c", WORK, url, str(folder), str(go)], stdout=subprocess.PIPE, text=True)
        for folder in folders
    ]
    while len(list(tmp_path.glob("ready *"))) < len(folders):
        assert all(process.poll() is None for process in running)
    go.touch()
    said = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sum(int(made) for made, _ in said) == RUNS
    assert sum(int(sent) for _, sent in said) == RUNS
    files = [path.name for folder in folders if folder.is_dir() for path in folder.iterdir()]
    assert len(files) == len(set(files)) == RUNS
    assert states(database) == {Delivery.SENT: RUNS}


def test_no_message_on_any_day_holds_what_is_not_published(sqlite_database: Database) -> None:
    """A canary is in every figure, text and name that is not public: people's own names and addresses alone are said,
    to themselves."""
    canaries.fill(sqlite_database)
    periods.open_for_returns(sqlite_database, OPERATOR, canaries.Q3)
    channel, own = Kept(), {"person-name", "an e-mail address"}
    for days in range(45):
        sqlite_database.clock = Clock(date(2009, 1, 20) + timedelta(days=days))
        reminders.remind(sqlite_database, OPERATOR, BASE)
        deliver(sqlite_database, channel)
    assert len(channel.messages) > 60
    occasions = set()
    with sqlite_database.read(OPERATOR) as session:
        for row in session.scalars(select(OutboxMessage)):
            occasions |= {fact.occasion for fact in row.said}
    assert {Occasion.QUERIED, Occasion.OVERDUE, Occasion.VERIFIED, Occasion.PUBLISHED, Occasion.ANSWERED} <= occasions
    for to, message in channel.messages:
        text = "\n".join([*map(str, message.values()), message.get_content()])
        assert set(canaries.found_in(text)) <= own, to
        assert {address for address in text.split() if "@portal.example" in address} <= {f"<{to}>", to}


def test_no_partner_is_told_of_another(sqlite_database: Database) -> None:
    channel = Kept()
    for days in range(45):
        sqlite_database.clock = Clock(date(2009, 1, 20) + timedelta(days=days))
        reminders.remind(sqlite_database, OPERATOR, BASE)
        deliver(sqlite_database, channel)
    theirs = {"police": {"NI 16", "NI 20", "NI 32"}, "jcp": {"NI 152", "NI 153"}, "daat": {"NI 40"}}
    for who, codes in theirs.items():
        own = channel.to(who)
        assert len(own) > 4
        told = {
            line[2:].rpartition(" ")[0]
            for message in own
            for line in message.get_content().splitlines()
            if line.startswith("- ")
        }
        assert {" ".join(line.split()[:2]) for line in told} == codes


def test_no_choice_is_left_behind_by_the_link_of_nobody(database: Database) -> None:
    with pytest.raises(NotFound):
        reminder_choices.stop(database, OPERATOR, "k" * 40, "1.abc")
    with database.read(OPERATOR) as session:
        assert session.scalars(select(ReminderChoice)).all() == []


def test_unreachable_is_no_refusal() -> None:
    assert not issubclass(Unreachable, Refused)
