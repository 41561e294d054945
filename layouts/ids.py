"""Component ids, made here only. Those of a row carry its key, or MATCH where a callback is wired."""

import json
from typing import Any

ADDRESS = "address"
PAGE = "page"
NAVIGATION = "navigation"
TITLE = "title"
ANNOUNCE = "announce"
TRAIL_TEXT = "trail-text"
TRAIL_FROM = "trail-from"
TRAIL_TO = "trail-to"
TRAIL_ERRORS = "trail-errors"
TRAIL_SEARCH = "trail-search"
VERIFY_CHOSEN = "verify-chosen"
CHOOSE_ALL = "choose-all"
CHOSEN_SAID = "chosen-said"
QUEUE = "queue"
LAYERS = "layers"
PEOPLE_TEXT = "people-text"
PEOPLE_SEARCH = "people-search"
RENAME_ERRORS = "rename-errors"
SIGN_ON_ERRORS = "sign-on-errors"
AGREEMENT_SHOWN = "agreement-shown"
AGREEMENT_CHOICE = "agreement-choice"
AGREEMENT_CHOOSE = "agreement-choose"


def written(identity: dict[str, Any]) -> str:
    """An id as it stands in the page, for labels and links: Dash writes a dictionary with its keys in order."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"))


def of_return(part: str, return_id: Any) -> dict[str, Any]:
    """A part of one return's page: its form's fields, buttons, errors and live rating."""
    return {"part": part, "return": return_id}


def of_message(part: str, return_id: Any, message_id: Any) -> dict[str, Any]:
    """A part of the answer to one message on a return."""
    return {"message": message_id, "part": part, "return": return_id}


def of_period(part: str, period: Any) -> dict[str, Any]:
    """A part of what is done to one period; its slug names it."""
    return {"part": part, "period": period}


def of_milestone(measure: Any) -> dict[str, Any]:
    """The field for one measure's milestone on the page of a period."""
    return {"measure": measure, "part": "milestone"}


def of_indicator(part: str, indicator: Any) -> dict[str, Any]:
    """A part of one indicator's page; its slug names it."""
    return {"indicator": indicator, "part": part}


def of_action(part: str, action: Any) -> dict[str, Any]:
    """A part of the form on one action of an indicator."""
    return {"action": action, "part": f"action-{part}"}


def of_review(part: str, review: Any) -> dict[str, Any]:
    """A part of the forms on the self-assessment of one year; its slug names it."""
    return {"part": f"review-{part}", "review": review}


def of_answer(part: str, review: Any, question: Any) -> dict[str, Any]:
    """A part of the form on one text of a year's self-assessment."""
    return {"part": f"answer-{part}", "question": question, "review": review}


def of_commitment(part: str, commitment: Any) -> dict[str, Any]:
    """A part of the form on one commitment's outcome."""
    return {"commitment": commitment, "part": f"outcome-{part}"}


def of_risk(part: str, risk: Any) -> dict[str, Any]:
    """A part of the form on one risk; 0 stands for a new one."""
    return {"part": f"risk-{part}", "risk": risk}


def of_assessed(part: str, theme: Any) -> dict[str, Any]:
    """A part of the form on one theme of the corporate assessment."""
    return {"part": f"assess-{part}", "theme": theme}


def of_target(part: str, target: Any) -> dict[str, Any]:
    """A part of the form on one target of a proposal."""
    return {"part": f"target-{part}", "target": target}


def of_reminders(part: str) -> str:
    """A part of the form on what one is reminded of."""
    return f"reminders-{part}"


def of_letter(part: str, letter: Any) -> dict[str, Any]:
    """A part of the line of one message in the outbox."""
    return {"letter": letter, "part": part}


def of_person(part: str, email: Any) -> dict[str, Any]:
    """A part of one account's line."""
    return {"part": part, "person": email}


def of_account(part: str, number: Any) -> dict[str, Any]:
    """A part of the form that changes one account."""
    return {"account": number, "part": part}


def of_sign_on(part: str) -> str:
    """A part of the form that turns an organisation's sign-on on or off."""
    return f"sign-on-{part}"


def of_rename(part: str) -> str:
    """A part of the form that renames an organisation."""
    return f"rename-{part}"


def of_filter(name: Any) -> dict[str, Any]:
    """One of the filters of the heat map."""
    return {"filter": name}


def of_refresh(part: str) -> str:
    """A part of the page of the one refresh that is open."""
    return f"refresh-{part}"


def of_gate(part: str) -> str:
    """A part of the page where one publication at a time is prepared and released."""
    return f"gate-{part}"


def of_pack(part: str) -> str:
    """A part of the page of briefing packs."""
    return f"pack-{part}"


def of_change(part: str, change: Any) -> dict[str, Any]:
    """A part of the line of one change that is proposed."""
    return {"change": change, "part": part}
