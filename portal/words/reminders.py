"""The words of reminders: what a message says, and what the pages about them say. A message is plain text."""

from collections.abc import Callable, Sequence
from datetime import date

from models.rules.outbox import Delivery
from models.rules.reminders import Occasion
from models.rules.terms import Message
from portal.viewmodels.reminders import Fact, OutboxLine, Planned, Sent
from portal.words.dates import capital, day, due, moment, period, plural
from portal.words.vocabulary import STATE

OCCASION = {
    Occasion.QUERIED: "A question waits for an answer, or a return was opened again",
    Occasion.OVERDUE: "A return is overdue; then each week",
    Occasion.DAY_BEFORE: "A return is due the next day",
    Occasion.WEEK_BEFORE: "A return is due in a week",
    Occasion.OPENED: "A period opens for returns",
    Occasion.ACTIONS: "An action is overdue; then each week",
    Occasion.VERIFIED: "A return was verified",
    Occasion.PUBLISHED: "An edition was published",
    Occasion.ANSWERED: "A partner answered a question",
    Occasion.REVIEW: "The annual review waits for a decision",
    Occasion.LATE: "Who is late, as one list; then each week",
    Occasion.INVITED: "A link to choose a password",
}
"""What each occasion is, for who chooses among them."""
SHORT = {
    Occasion.QUERIED: "queries",
    Occasion.OVERDUE: "overdue",
    Occasion.DAY_BEFORE: "due next day",
    Occasion.WEEK_BEFORE: "due in a week",
    Occasion.OPENED: "period opened",
    Occasion.ACTIONS: "overdue actions",
    Occasion.VERIFIED: "verified",
    Occasion.PUBLISHED: "published",
    Occasion.ANSWERED: "answers",
    Occasion.REVIEW: "annual review",
    Occasion.LATE: "who is late",
    Occasion.INVITED: "link for a password",
}
DELIVERY = {
    Delivery.WAITING: "Waiting",
    Delivery.SENDING: "Being sent",
    Delivery.SENT: "Sent",
    Delivery.FAILED: "Failed",
    Delivery.DROPPED: "Not sent: no longer wanted",
}
ABOUT = (
    "Reminders go to {email}: at most one of each kind a day, with all of your indicators in it. They hold codes, titles, "
    "days and links, and never a figure, a rating or what anybody wrote."
)
HOW = (
    "The command portal remind, which a timer runs, writes what is due and sends what waits. Each person gets one message "
    "with all that concerns them."
)
EMAIL, FILE, PRINTED = "by e-mail", "into a file", "printed, not sent"
"""The ways in which a message goes out."""
OTHER_KEY = "It was sealed with another secret key than the portal has now. Make a new link."
NOT_WANTED = "The account is disabled or chose not to be reminded of this, or the link in it is not good any more."
WAITED_TOO_LONG = "It waited for more than 5 days, and would say what is no longer so."
ASKED = {
    Message.QUERY: "the partnership team asks",
    Message.CHALLENGE: "challenged",
    Message.REOPENING: "opened again",
}


def one_line(text: str) -> str:
    """A text as it may stand in a header or on a line of its own: line breaks and everything else that steers a
    terminal or the order of letters become a space.

    >>> one_line("NI 16\\r\\nBcc: all@example.org")
    'NI 16 Bcc: all@example.org'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def title(agreement: str, facts: Sequence[Fact], today: date) -> str:
    """A message's subject: what is most urgent first, and of which agreement: 'Overdue: 3 returns. Leicester ...'."""
    said = [HEADING[occasion](own, today) for occasion, own in _by_occasion(facts)]
    shown = said[:2] + ([f"and {plural(len(said) - 2, 'more thing')}"] if len(said) > 2 else [])
    return one_line(f"{'; '.join(shown)} – {agreement}")


def body(name: str, agreement: str, facts: Sequence[Fact], today: date, base: str) -> str:
    """A message: a heading for each occasion, a line for each return or action with its page. `base` is the portal's
    address, which stands before each path."""
    blocks = [f"Dear {one_line(name)},", one_line(agreement)]
    for occasion, own in _by_occasion(facts):
        heading = HEADING[occasion](own, today)
        blocks += [f"{heading}\n{'=' * len(heading)}", *([MORE[occasion]] if occasion in MORE else [])]
        groups: dict[str, list[str]] = {}
        for fact in own:
            groups.setdefault(_group(fact, today), []).append(_line(fact, base))
        blocks += ["\n".join(filter(None, [group, *lines])) for group, lines in groups.items()]
        blocks += [f"All of them: {base}/periods"] if occasion is Occasion.LATE else []
    return "\n\n".join(blocks) + "\n"


def footer(base: str, stop: str) -> str:
    """What stands under every message: how to choose, and how to stop them all; `stop` is a path, '' without one."""
    said = ["You get this because you have an account in the portal. Please do not answer this message."]
    said.append(f"Choose what you are reminded of: {base}/reminders")
    if stop:
        said.append(f"Stop all reminders, without signing in: {base}{stop}")
    return "\n".join(["-- ", *said]) + "\n"


def _by_occasion(facts: Sequence[Fact]) -> list[tuple[Occasion, list[Fact]]]:
    ordered = [(occasion, [fact for fact in facts if fact.occasion is occasion]) for occasion in Occasion]
    return [(occasion, own) for occasion, own in ordered if own]


def _returns(own: Sequence[Fact]) -> str:
    return plural(len(own), "return")


def _late(own: Sequence[Fact], _today: date) -> str:
    acts = sum(fact.subject.startswith("action ") for fact in own)
    counted = [plural(n, word) for n, word in ((len(own) - acts, "return"), (acts, "action")) if n]
    partners = plural(len({fact.organisation for fact in own}), "partner")
    return f"Late: {' and '.join(counted)} of {partners}"


HEADING: dict[Occasion, Callable[[Sequence[Fact], date], str]] = {
    Occasion.QUERIED: lambda own, _: f"Waiting for your answer: {_returns(own)}",
    Occasion.OVERDUE: lambda own, _: f"Overdue: {_returns(own)}",
    Occasion.DAY_BEFORE: lambda own, today: f"Due {_when(own, today)}: {_returns(own)}",
    Occasion.WEEK_BEFORE: lambda own, _: f"Due within a week: {_returns(own)}",
    Occasion.OPENED: lambda own, _: f"Open for you: {_returns(own)}",
    Occasion.ACTIONS: lambda own, _: f"Overdue: {plural(len(own), 'action')}",
    Occasion.VERIFIED: lambda own, _: f"Verified: {_returns(own)}",
    Occasion.PUBLISHED: lambda own, _: f"Published: {_editions(own)}",
    Occasion.ANSWERED: lambda own, _: f"Answered: {plural(len(own), 'question')}",
    Occasion.REVIEW: lambda own, _: "The annual review waits for a decision",
    Occasion.LATE: _late,
    Occasion.INVITED: lambda _, __: "Choose your password",
}
MORE = {
    Occasion.QUERIED: "What was asked is on each return's page, after signing in.",
    Occasion.OVERDUE: "These were due and have not come in. Return them, or tell the team what holds them up.",
    Occasion.VERIFIED: "The partnership team has checked them; they become public with the next edition.",
    Occasion.ACTIONS: "Say on the indicator's page what became of them.",
}


def _when(own: Sequence[Fact], today: date) -> str:
    days = {fact.due_on for fact in own}
    if len(days) > 1:
        return "today and tomorrow"
    return "today" if days == {today} else "tomorrow"


def _editions(own: Sequence[Fact]) -> str:
    numbers = sorted({fact.number for fact in own})
    return f"edition{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _group(fact: Fact, today: date) -> str:
    """The line under which facts of an occasion stand together."""
    if fact.occasion is Occasion.LATE:
        return one_line(fact.organisation)
    if fact.occasion is Occasion.PUBLISHED:
        return f"Edition {fact.number}, {period(fact.period)}:" if fact.code else ""
    if fact.period and fact.due_on is not None:
        said = due(fact.due_on, today)
        return f"{capital(period(fact.period))}. {said}:"
    return f"{capital(period(fact.period))}:" if fact.period and fact.code else ""


def _line(fact: Fact, base: str) -> str:
    what = one_line(f"{fact.code} {fact.title}") if fact.code else _uncoded(fact)
    note = _note(fact)
    said = f"- {what}{f' ({note})' if note else ''}"
    return f"{said}\n  {base}{fact.path}" if fact.path else said


def _uncoded(fact: Fact) -> str:
    if fact.occasion is Occasion.REVIEW:
        return f"The annual review of {fact.period}, version {fact.number}"
    return f"Edition {fact.number} of the scorecard, {period(fact.period)}"


def _note(fact: Fact) -> str:
    """What stands behind a line."""
    if fact.kind is not None:
        return ASKED[fact.kind]
    if fact.occasion is Occasion.ANSWERED:
        return one_line(fact.organisation)
    if fact.placeholder:
        return "placeholder: only if there is something to say"
    if fact.occasion is Occasion.LATE:
        kind = "an action, " if fact.subject.startswith("action ") else ""
        return f"{kind}due {day(fact.due_on)}" if fact.due_on else ""
    if fact.occasion is Occasion.ACTIONS:
        return f"due {day(fact.due_on)}" if fact.due_on else ""
    return STATE[fact.state].lower() if fact.state and fact.due_on else ""


def occasions(line: OutboxLine) -> str:
    """What a message was about, in short: 'overdue (3), verified (1)'."""
    return ", ".join(f"{SHORT[occasion]} ({number})" for occasion, number in line.occasions)


def delivery(line: OutboxLine) -> str:
    """What became of a message, in one sentence."""
    if line.state is Delivery.SENT and line.sent_at is not None:
        said = f"{capital(PRINTED)}:" if line.way == PRINTED else f"Sent {line.way} on"
        return f"{said} {moment(line.sent_at)}"
    if line.state is Delivery.WAITING and line.tries:
        return f"Refused {plural(line.tries, 'time')}; tried again from {moment(line.next_at)}. {line.error}"
    if line.state is Delivery.WAITING:
        return "Waits for the next run"
    return f"{DELIVERY[line.state]}. {line.error}".rstrip()


def planned(found: Planned, dry: bool) -> str:
    """What a run wrote, for the command line: each receiver with the subject."""
    done = "Would write" if dry else "Wrote"
    if not found.drafts:
        return f"{found.agreement}: nobody needs to be reminded of anything."
    lines = [f"  {draft.email}: {draft.title}" for draft in found.drafts]
    return "\n".join([f"{found.agreement}: {done.lower()} {plural(len(found.drafts), 'reminder')}.", *lines])


def sent(found: Sent, way: str) -> str:
    """What became of what waited, for the command line."""
    said = [f"{plural(found.sent, 'message')} {'were' if found.sent != 1 else 'was'} {_done(way)}."]
    if found.dropped:
        said.append(f"{plural(found.dropped, 'message')} dropped: no longer wanted.")
    said += [f"{to}: {why} {'It is tried again.' if later else 'It is given up.'}" for to, why, later in found.wrong]
    if found.unreachable:
        said.append(found.unreachable)
    if found.left:
        said.append(f"{plural(found.left, 'message')} still {'wait' if found.left != 1 else 'waits'}.")
    return "\n".join(said)


def _done(way: str) -> str:
    return way if way == PRINTED else f"sent {way}" if way == EMAIL else f"written {way}"
