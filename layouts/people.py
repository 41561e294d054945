"""Drawing the accounts and the organisations for the administrator."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.terms import Role
from portal import words
from portal.viewmodels.people import Account, AccountPage, LeftAlone, Member

NOBODYS = "none"
"""The choice of no organisation."""


def accounts(view: Sequence[Account], members: Sequence[Member]) -> tuple[str, Component]:
    """Every account, with a button that disables or enables it; which agreement each is for, where one is for one; every
    organisation, and how to rename one."""
    bound = any(account.agreement for account in view)
    rows = [
        (
            html.Span([parts.link(account.name, f"/people/{account.id}"), html.Div(account.email, className="soft")]),
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
        html.P(
            "Disabling an account ends its sessions at once. A person's name opens the page where name, role and "
            "organisation are changed."
        ),
        html.P([html.A("Invite somebody", href="/people/invite"), ": they choose their own password."]),
        parts.table("Accounts", head, rows),
        html.H2("Organisations"),
        parts.table(
            "Every organisation, its key in files and addresses, and its names",
            ("Organisation", "Key", "Called before", "Active accounts"),
            _members(members),
            (3,),
        ),
        _renaming(members),
        html.P([parts.link("Who signs in with their organisation", "/people/sign-on")]),
    )


def _members(members: Sequence[Member]) -> list[tuple[object, ...]]:
    return [
        (
            member.name,
            parts.code(member.key),
            html.Div([html.Div(f"{name}, until {words.day(until)}") for name, until in member.former] or "–"),
            member.accounts,
        )
        for member in members
    ]


def _renaming(members: Sequence[Member]) -> Component:
    options = [{"label": member.name, "value": member.key} for member in members]
    form = html.Section(
        [
            html.P(
                "It stays the same organisation, with the same key, returns and people. Every page says the new name at "
                "once, for the past too; published editions keep the old one, and the record says when it changed. "
                "The agreement's files may give either name from then on."
            ),
            html.Div(id=ids.RENAME_ERRORS),
            parts.field("Organisation", dbc.Select(id=ids.of_rename("key"), options=options)),
            parts.field("New name", dbc.Input(id=ids.of_rename("name"), type="text", autoComplete="off")),
            parts.field(
                "From this day on",
                dbc.Input(id=ids.of_rename("since"), type="text", placeholder="2009-03-31", autoComplete="off"),
                "Today or earlier, like 2009-03-31.",
            ),
            parts.field("Why", dbc.Textarea(id=ids.of_rename("why"), rows=2)),
            html.Div(dbc.Button("Rename it", id=ids.of_rename("go")), className="buttons"),
        ],
        className="judging",
    )
    return parts.folded("Rename an organisation", form)


def rename_errors(fields: Mapping[str, str]) -> list[Component]:
    """The error summary of the form that renames an organisation."""
    named = {"renamed": "key", "new_name": "name", "since": "since", "why": "why"}
    return parts.error_summary((said, ids.of_rename(named[name])) for name, said in fields.items())


def one_account(view: AccountPage) -> tuple[str, Component]:
    """One account, with the form that changes it."""
    account, at = view.account, ids.of_account
    roles = [{"label": words.ROLE[role], "value": role.value} for role in Role]
    options = [
        {"label": "None", "value": NOBODYS},
        *({"label": name, "value": key} for key, name in view.organisations),
    ]
    own = [html.P("This is your own account: another administrator changes its role and organisation.")]
    return parts.page(
        account.name,
        parts.heading(account.name, account.email),
        html.P([parts.link("All accounts", "/people")]),
        html.P([html.A("Sessions, password and second step", href=f"/people/{account.id}/sign-in")]),
        html.P(
            "Another role or organisation ends the person's sessions and the tokens of their programs. What they did "
            "until now stays with the organisation that they did it for."
        ),
        *(own if view.own else []),
        html.Div(id=at("errors", account.id)),
        html.Div(
            [
                parts.field("Name", dbc.Input(id=at("name", account.id), value=account.name, type="text")),
                parts.field("Role", dbc.Select(id=at("role", account.id), options=roles, value=account.role.value)),
                parts.field(
                    "Organisation",
                    dbc.Select(id=at("organisation", account.id), options=options, value=view.organisation or NOBODYS),
                    "Leads and contributors belong to one.",
                ),
                parts.field("Why", dbc.Textarea(id=at("reason", account.id), rows=2)),
                html.Div(dbc.Button("Change this account", id=at("change", account.id)), className="buttons"),
            ],
            className="judging",
        ),
        html.P(
            parts.link("What is on the record about it", f"/audit?{urlencode({'text': f'account {account.email}'})}")
        ),
    )


def account_errors(fields: Mapping[str, str], number: int) -> list[Component]:
    """The error summary of the form that changes an account."""
    return parts.error_summary((said, ids.written(ids.of_account(name, number))) for name, said in fields.items())


def changed(alone: LeftAlone | None = None) -> list[Component]:
    """What to say when an account has been changed, and whom that leaves alone."""
    said: list[Component] = [html.P("Changed. It is on the record.", role="status", className="saved")]
    if alone is not None:
        of = f"{alone.organisation}, which is asked for {words.plural(alone.asked, 'return')}"
        said.append(html.P(f"No account is left that may submit for {of}: give it one.", className="problem"))
    return said


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
