"""The words of the help, a page for each role. What stands in “quotes” is on the pages, word for word: a test looks."""

from models.rules.terms import Role
from portal.viewmodels.help import HelpPage, Step

KEYS = (
    "Tab goes to the next link, field or button, Shift and Tab to the one before.",
    "Enter opens a link or presses a button; Space presses a button or ticks a box.",
    "The first Tab on a page offers “Skip to the main content”.",
)
CHARTS = (
    "On a chart, Tab goes to the last figure; the left and right arrows go from figure to figure, Home and End to the "
    "first and the last."
)
FORM = "In the form of a return, Tab goes through its fields in order; Enter in a field sends nothing."
ACCOUNT = (
    "About your account: the administrator. You change your password yourself under “Password”, and choose under "
    "“Reminders” of what you are reminded by e-mail."
)
OWN_LEAD = "About what a figure should hold: your organisation's lead."
TEAM = "About the form, a due day, or a period that is closed: the partnership team."

_FIGURE = Step(
    "Type the figure. The page says at once how it would be rated, and why. “Before this” shows the last figures, the "
    "target for the year and the baseline. Where there is no figure, say why under “If there is no figure, why?”.",
    "figure",
)
_WORDS = Step(
    "Say under “Year-end forecast” how you expect the year to end, and write the “Commentary”: what happened, why, and "
    "what is being done."
)
_KEPT = "What you type is kept even when you do not save it: open the return again, and it is there."
_BOTH = "When somebody else changed the same return meanwhile, you are shown both texts, and nothing is lost."

CONTRIBUTOR = HelpPage(
    "Help for contributors",
    "You prepare your organisation's figures, so that its lead can submit them.",
    (
        Step(
            "Open “Returns”. It lists what your organisation is asked for, when it is due, and where each return stands.",
            "desk",
        ),
        Step("Choose the name of a measure: its form opens."),
        _FIGURE,
        _WORDS,
        Step("Choose “Save draft”. You can change a draft as often as you like until your lead submits it."),
    ),
    (*KEYS, FORM),
    (
        "Your organisation's lead checks the draft and submits it.",
        "The partnership team verifies it, or sends it back with a question. The question is then on your page of "
        "returns and on the return; write “Your answer” there and choose “Answer”.",
        _KEPT,
        _BOTH,
    ),
    (OWN_LEAD, TEAM, ACCOUNT),
)

LEAD = HelpPage(
    "Help for leads",
    "You return your organisation's figures for each period, in time.",
    (
        Step("Open “Returns”. It lists what you are asked for, when it is due, and where each return stands.", "desk"),
        Step("Choose the name of a measure: its form opens."),
        _FIGURE,
        _WORDS,
        Step(
            "Choose “Save and check”. Read your answers once more; “Change” leads back to each. Where the figure is "
            "unusual, say a word on it; you can submit it either way."
        ),
        Step("Choose “Submit return”, which names the period. The figure is now with the partnership team.", "check"),
        Step(
            "Below “Submitted by others, for your word” are returns on indicators that you signed up to. Open one, and "
            "choose “Countersign”, “Add our contribution” or “Dissent”.",
            "word",
        ),
    ),
    (*KEYS, FORM, CHARTS),
    (
        "Until a return is verified you can take it back with “Withdraw this return”.",
        "The partnership team verifies it, or sends it back with a question. The question is then on your page of "
        "returns and on the return; write “Your answer” there and choose “Answer”.",
        "Once it is verified, the executive reads it under “Themes”; when its period is published, the public reads it "
        "on the scorecard.",
        _KEPT,
        _BOTH,
    ),
    (TEAM, ACCOUNT),
)

TEAM_PAGE = HelpPage(
    "Help for the partnership team",
    "You verify what the partners return, and publish it.",
    (
        Step(
            "Open “Review”. First stands what waits to be verified, with what changed since the last figure.", "queue"
        ),
        Step(
            "Choose the name of a measure to read the return, and there “Verify this figure”. Or tick several in the "
            "queue and choose “Verify the chosen returns”: all are verified, or none.",
        ),
        Step(
            "When something is unclear, write under “Or send it back with a question” and choose “Send back with this "
            "question”. The partner finds it on its page of returns.",
            "verify",
        ),
        Step(
            "Where a partner proposes another rating than the rule's, choose “Open to decide”: it can be verified only "
            "with your decision."
        ),
        Step(
            "Open “Publish”. It shows exactly what would change in public: what is new, revised, not shown or still "
            "missing. Prepare the edition there, with a note where it changes something that is public."
        ),
        Step(
            "Somebody else of the team opens “Publish”, looks, and chooses “Release this publication”: at once, or at "
            "an hour. “Hold it back” keeps it, as before an election; “Drop it” ends it; it can be prepared anew.",
            "publish",
        ),
        Step(
            "Under “Periods”, choose a period, then “Open this period” to ask every lead for its figures. “Close this "
            "period” ends that; “Open again for one partner” lets a late one in, on the record."
        ),
        Step("Figures of indicators that nobody leads are yours to return: they are under “Returns”."),
    ),
    (*KEYS, FORM, CHARTS),
    (
        "A published edition never changes. To correct a figure, open its return, say why under “Reopen for a "
        "correction”, and let the partner submit it again; the next edition shows it.",
        "Nobody verifies what they submitted themselves: that takes a second person of the team.",
        "What was done, by whom and when, is under “Audit”.",
    ),
    ("About a figure: the lead, with a question on the return, so that both are on the record.", ACCOUNT),
)

EXECUTIVE = HelpPage(
    "Help for the partnership executive",
    "You see where the agreement is off its course, and ask why.",
    (
        Step("Open “Themes”. How many indicators are worse than anticipated stands first.", "counts"),
        Step(
            "Choose the name of a theme. Below “Worse than anticipated, or forecast to be” stand the indicators that "
            "need you, each with what its lead says: what happened, why, and what is being done.",
            "attention",
        ),
        Step("Choose the name of an indicator to see its figures over time, and “Why this rating?”."),
        Step(
            "Below “Verified revisions” on that page, choose a period: its return opens. Write under “Ask the lead a "
            "question”, and choose the button with these words.",
            "ask",
        ),
        Step("To look back, unfold “Look at a past day” at the end of the page, enter the day and choose “Show”."),
        Step(
            "For a meeting, open “Briefing packs” from “Themes” and choose “Make the pack”: all of this as PDF or Word."
        ),
    ),
    (*KEYS, CHARTS),
    (
        "Your question and the lead's answer are on the record, with the return. Until it is answered it is listed "
        "under “Themes”.",
        "Only verified figures are shown. What is not yet in has no rating, and the reason is given.",
        "The categories that Government Office reads are under “Annual review”.",
    ),
    ("About a figure: its lead, as above.", "About the pages, or a period: the partnership team.", ACCOUNT),
)

REVIEWER = HelpPage(
    "Help for Government Office",
    "You read the annual review of the designated indicators.",
    (
        Step("Open “Annual review”: it shows the newest year. The four categories stand first.", "categories"),
        Step(
            "Read on below: first the indicators that are at risk, each with its rating now, the rating by the year's "
            "end, and what its lead says.",
            "risk",
        ),
        Step("Unfold “Why?” below an indicator to read how its rating was reached."),
        Step(
            "Once the partnership's executive has agreed to the self-assessment it stands below, to be read there or as "
            "Word or PDF. Write down under “Circulation” what Government Office decided on it."
        ),
        Step(
            "To see the review as it was, unfold “Look at a past day” at the end of the page, enter the day and choose "
            "“Show”."
        ),
    ),
    KEYS,
    (
        "The review follows the verified returns: it changes when the partnership team verifies another figure, never "
        "for a past day.",
        "What the public reads is the scorecard, at the address of the portal alone.",
    ),
    ("About a figure or a category: the partnership team.", ACCOUNT),
)

ADMIN = HelpPage(
    "Help for administrators",
    "You keep the accounts: who may sign in.",
    (
        Step("Open “People”. It lists every account with its role and organisation.", "accounts"),
        Step("Choose “Disable” when somebody leaves. Their sessions end at once; what they did stays on the record."),
        Step("Choose “Enable” to let them in again."),
        Step(
            "For a new account choose “Invite somebody”. You get a link, once: with it they choose their own password. For "
            "somebody who lost theirs, or their telephone, open their name and “Sessions, password and second step”."
        ),
        Step(
            "To see what was done, by whom and when, open “Audit”, type a name, an action or a code and choose “Search”. "
            "“Details” says what it was before and after.",
            "trail",
        ),
    ),
    KEYS,
    (
        "Whoever is disabled is told at sign-in only that the e-mail address or the password is not right.",
        "Nothing of the audit trail can be changed, by you neither.",
    ),
    ("About who should have an account: the partnership team.", "You change your own password under “Password”."),
)

HELP = {
    Role.CONTRIBUTOR: CONTRIBUTOR,
    Role.LEAD: LEAD,
    Role.TEAM: TEAM_PAGE,
    Role.EXECUTIVE: EXECUTIVE,
    Role.REVIEWER: REVIEWER,
    Role.ADMIN: ADMIN,
}

PICTURE = {
    "desk": "The list of returns: each measure with where it stands, such as Not started or Draft.",
    "figure": "The field of the figure with the rating below it, beside the last figures and the target.",
    "check": "The answers once more, and below them the button that submits the return.",
    "word": "A return of another partner, with the buttons Countersign, Add our contribution and Dissent.",
    "queue": "The table of returns that wait, each with its figure, the last one, the change, and a box to tick.",
    "verify": "The buttons below a return: Verify this figure, and a field for a question with its own button.",
    "publish": "A prepared publication with the hour at which it is to be out, and the button that releases it.",
    "counts": "Four numbers: worse than anticipated, within acceptable range, better than anticipated, no rating.",
    "attention": "An indicator that is worse than anticipated, with its figure and what its lead says.",
    "ask": "The field for a question to the lead, with its button.",
    "categories": "Four numbers: at risk, off trajectory, on track, no data.",
    "risk": "An indicator at risk: its rating now, by the year's end, and what its lead says.",
    "accounts": "The first accounts, each with a button that disables it.",
    "trail": "The search of the audit trail.",
}
"""What each picture shows, for those who do not see it."""
