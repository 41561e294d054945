"""Drawing the accounts for the administrator."""

from collections.abc import Sequence

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from portal import words
from portal.viewmodels.people import Account


def accounts(view: Sequence[Account]) -> tuple[str, Component]:
    """Every account, with a button that disables or enables it; which agreement each is for, where one is for one."""
    bound = any(account.agreement for account in view)
    rows = [
        (
            html.Span([account.name, html.Div(account.email, className="soft")]),
            words.ROLE[account.role],
            account.organisation or "–",
            *([account.agreement or "All"] if bound else []),
            html.Div(state(account.email, disabled=account.disabled), id=ids.of_person("state", account.email)),
        )
        for account in view
    ]
    head = ("Person", "Role", "Organisation", *(("Agreement",) if bound else ()), "Account")
    return parts.page(
        "People",
        parts.heading("People"),
        html.P("Disabling an account ends its sessions at once. New accounts are made with: portal user add."),
        parts.table("Accounts", head, rows),
    )


def state(email: str, *, disabled: bool) -> list[Component | str]:
    """Whether an account is in use, and the button that changes it."""
    action = "enable" if disabled else "disable"
    button = dbc.Button(
        [action.capitalize(), html.Span(f" {email}", className="unseen")],
        id=ids.of_person(action, email),
        color="secondary",
        outline=True,
        size="sm",
    )
    return ["Disabled " if disabled else "Active ", button]
