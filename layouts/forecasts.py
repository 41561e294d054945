"""Drawing the forecast of a year's end beside a return, and the ledger of frozen forecasts."""

from decimal import Decimal

from dash import html
from dash.development.base_component import Component

from layouts import parts
from portal import words
from portal.viewmodels.forecasts import Ledger, LedgerLine
from portal.viewmodels.returns import ReturnView


def beside(view: ReturnView) -> list[Component]:
    """What the portal expects at the year's end, for the lead and the team."""
    if view.outlook is None:
        return []
    said = words.outlook(view.outlook, view.standing.decimals, view.standing.unit)
    return [html.Section([html.H2("Year-end outlook"), *(html.P(sentence) for sentence in said)])]


def ledger(view: Ledger) -> tuple[str, Component]:
    """Every frozen forecast, and how good those were whose year has ended."""
    title = "Forecasts"
    intro = (
        "With each submitted return the partner's forecast figure and the portal's are frozen; they stand here once it is "
        "verified. When the year's end is in, they are held against it. Whether the lead expects better or worse, without "
        "a figure, stands on the indicator's page. Only the lead and the partnership team see this."
    )
    body: list[Component] = [parts.heading(title), html.P(intro)]
    if view.scores:
        rows = [(one.organisation, words.scored(one.partner), words.scored(one.portal)) for one in view.scores]
        whose = ("Organisation", "Partner's forecasts", "The portal's, of the same measures")
        body += [html.H2("How good they were"), parts.table("In per cent of what came", whose, rows)]
    if not view.lines:
        body.append(
            parts.empty(
                "No figure has been forecast yet.", "Frozen forecasts stand here once their return is verified."
            )
        )
    else:
        head = ("Measure", "Made in", "Partner", "Portal", "80% range", "Chance of target", "Year's end")
        table = parts.table("Frozen forecasts, the newest first", head, map(_row, view.lines), (2, 3, 4, 5, 6))
        body += [html.H2("The ledger"), table]
    return parts.page(title, *body)


def _row(line: LedgerLine) -> tuple[object, ...]:
    def figure(value: Decimal | None) -> str:
        return "–" if value is None else f"{words.number(value, line.decimals)}{words.sign(line.unit)}"

    name = html.Div(
        [
            parts.link([parts.code(line.measure), " ", line.title], f"/returns/{line.return_id}"),
            html.Div(f"{line.organisation}; {line.unit}", className="soft"),
        ]
    )
    range_ = f"{figure(line.low)} to {figure(line.high)}" if line.low is not None else "–"
    made, came = words.capital(words.period(line.period)), figure(line.outturn)
    return name, made, figure(line.partner), figure(line.central), range_, words.percent(line.chance), came
