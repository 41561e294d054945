"""Values as they come from a browser: anybody can send anything, so each is brought to its type before it is used."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from portal.actor import Actor
from portal.clock import LONDON
from portal.errors import Invalid, Stale
from portal.viewmodels.returns import Turn


def text(value: Any) -> str:
    """A text field's value: nothing for none, and what is no text as it would be written."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value)


def day(value: Any, field: str) -> date:
    """A date typed as 2009-03-31; Invalid, for the field named, for anything else."""
    try:
        return date.fromisoformat(text(value).strip())
    except ValueError:
        raise Invalid({field: "Write the day like 2009-03-31."}) from None


def hour(value: Any, field: str) -> datetime | None:
    """An hour of this country as a browser writes it, '2009-03-31T09:30'; None for nothing. Invalid, for the field
    named, for anything else, and for an hour that the clocks leave out."""
    said = text(value).strip()
    if not said:
        return None
    try:
        local = datetime.fromisoformat(said)
    except ValueError:
        raise Invalid({field: "Write the hour like 2009-03-31 09:30."}) from None
    if local.tzinfo is None:
        local = local.replace(tzinfo=LONDON)
    there = local.astimezone(UTC)
    if there.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid({field: "The clocks go forward then, and that hour is left out."})
    return there


def perhaps_day(value: Any, field: str) -> date | None:
    """A date that may be left out: None for nothing typed."""
    return day(value, field) if text(value).strip() else None


def number(value: Any) -> int:
    """A row's number from a list of choices, which holds it as text; 0, which no row has, for anything else."""
    said = text(value)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 0


def within(actor: Actor, shown: Any) -> Actor:
    """The actor in the agreement that the page showed: another one may have been chosen meanwhile, in another tab, and
    what is done on a page is done to what it shows. Stale for a page that says none."""
    if not isinstance(shown, str) or not shown:
        raise Stale("This page is too old. Open it again.")
    return replace(actor, agreement=shown)


def seen(version: Any) -> int:
    """The version of a return that the page showed; Stale for a page that says none: it would change what nobody
    looked at."""
    if type(version) is not int:
        raise Stale("This page is too old. Open the return again.")
    return version


def turn(value: Any) -> Turn | None:
    """Which state of which open form a browser sends; None for a form that nothing was typed into, and for anything
    else."""
    said = value if isinstance(value, dict) else {}
    form, number = said.get("form"), said.get("number")
    if not isinstance(form, str) or type(number) is not int or not 0 < len(form) <= 40 or not 0 < number < 2**31:
        return None
    return Turn(form, number)
