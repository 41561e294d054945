"""Drawing the accounts and the organisations for the administrator."""

from collections.abc import Mapping
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from layouts import ids, parts
from models.rules.terms import Role
from portal import words
from portal.viewmodels.people import AccountPage, Accounts, LeftAlone, Members

NOBODYS = "none"
"""The choice of no organisation."""


def accounts(view: Accounts | None, members: Members | None) -> tuple[str, Component]:
    """A page of accounts and one of organisations, with a search over both: each account with a button that disables or
    enables it, and with the agreement that it is for, where one is for one; each organisation, and how to rename one.
    Where one list goes on it has the page for itself: None for the other."""
    text = view.text if view is not None else members.text if members is not None else ""
    return parts.page(
        "People",
        parts.heading("People"),
        html.P(
            "Disabling an account ends its sessions at once. A person's name opens the page where name, role and "
            "organisation are changed."
        ),
        html.P([html.A("Invite somebody", href="/people/invite"), ": they choose their own password."]),
        _search(text),
        *([] if view is None else [_table(view), _paging("accounts", view, "after")]),
        *([] if members is None else _organisations(members)),
        html.P([parts.link("Who signs in with their organisation", "/people/sign-on")]),
    )


def _search(text: str) -> Component:
    """The search, which is in the address; Enter in its field searches too."""
    shown_all = [parts.link("Show all", "/people")] if text else []
    return html.Div(
        [
            parts.field(
                "Search people and organisations",
                dbc.Input(id=ids.PEOPLE_TEXT, value=text, type="text", autoComplete="off"),
                "Any part of a name, an e-mail address or an organisation.",
            ),
            html.Div([dbc.Button("Search", id=ids.PEOPLE_SEARCH), *shown_all], className="buttons"),
        ],
        role="search",
    )


def _table(view: Accounts) -> Component:
    if not view.lines:
        return parts.empty("No account was found." if view.text else "There is no account here.")
    bound = any(account.agreement for account in view.lines)
    rows = [
        (
            html.Span([parts.link(account.name, f"/people/{account.id}"), html.Div(account.email, className="soft")]),
            words.ROLE[account.role],
            account.organisation or "–",
            *([account.agreement or "All"] if bound else []),
            html.Div(state(account.email, disabled=account.disabled), id=ids.of_person("state", account.email)),
        )
        for account in view.lines
    ]
    head = ("Person", "Role", "Organisation", *(("Agreement",) if bound else ()), "Account")
    return parts.table("Accounts", head, rows)


def _paging(what: str, view: Accounts | Members, name: str) -> Component | None:
    """The ways to the beginning and to the next page of a list that is longer than one."""

    def to(place: int) -> str:
        said = {"text": view.text, name: place}
        query = urlencode({key: value for key, value in said.items() if value})
        return f"/people?{query}" if query else "/people"

    first = [html.Li(parts.link("Accounts and organisations from the beginning", to(0)))] if view.after else []
    more = [html.Li(parts.link(f"More {what}", to(view.more)))] if view.more else []
    if not (first or more):
        return None
    return html.Nav(html.Ul([*first, *more]), className="periods", **parts.aria(label=f"Pages of {what}"))


def _organisations(view: Members) -> list[Component | None]:
    heading = html.H2("Organisations")
    if not view.lines:
        return [heading, parts.empty("No organisation was found." if view.text else "There is no organisation here.")]
    rows = [
        (
            member.name,
            parts.code(member.key),
            html.Div([html.Div(f"{name}, until {words.day(until)}") for name, until in member.former] or "–"),
            member.accounts,
        )
        for member in view.lines
    ]
    caption = "Organisations, with their keys in files and addresses, and their names"
    head = ("Organisation", "Key", "Called before", "Active accounts")
    table = parts.table(caption, head, rows, (3,))
    return [heading, table, _paging("organisations", view, "organisations"), _renaming(view)]


def _renaming(view: Members) -> Component:
    options = [{"label": member.name, "value": member.key} for member in view.lines]
    some = bool(view.text or view.after or view.more)
    hint = "One of those in the table above: search for it if it is not there." if some else ""
    form = html.Section(
        [
            html.P(
                "It stays the same organisation, with the same key, returns and people. Every page says the new name at "
                "once, for the past too; published editions keep the old one, and the record says when it changed. "
                "The agreement's files may give either name from then on."
            ),
            html.Div(id=ids.RENAME_ERRORS),
            parts.field("Organisation", dbc.Select(id=ids.of_rename("key"), options=options), hint),
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
