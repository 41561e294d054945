"""The fields of a return's form: what they are called, and how each is drawn with its label."""

import dash_bootstrap_components as dbc
from dash.development.base_component import Component

from layouts import ids
from models.rules.terms import Rating
from portal import words
from portal.viewmodels.returns import ReturnView

NOTHING = "-"
"""What a list of choices holds when nothing is chosen: Dash shows an empty value as no choice at all."""

FIELD = {
    "value": "figure",
    "no_value_reason": "reason-for-none",
    "forecast_value": "forecast-figure",
    "forecast_rating": "forecast-rating",
    "commentary": "commentary",
    "numerator": "numerator",
    "denominator": "denominator",
    "interval_low": "interval-low",
    "interval_high": "interval-high",
    "year_value": "year-value",
    "proposed_rating": "proposed-rating",
    "proposed_reason": "proposed-reason",
}
"""The form's parts by the answers that they hold; those of GROUNDS are only there for measures that need them."""

GROUNDS = {
    "numerator": "Number of cases",
    "denominator": "Out of how many",
    "interval_low": "Lower end of the 95% interval",
    "interval_high": "Upper end of the 95% interval",
    "year_value": "This year's own figure, beside the rolling average",
}
"""What lies under a figure, by the labels of its fields."""

RARE = {**GROUNDS, "proposed_rating": "Proposed rating", "proposed_reason": "Reason for it"}
"""The answers that most returns have none of, by what they are called where they are listed."""


def name_of(answer: str, return_id: int) -> str:
    """The id that a field has in the page."""
    return ids.written(ids.of_return(FIELD[answer], return_id))


def box(view: ReturnView, answer: str) -> Component:
    """A box for one figure, with what was typed into it."""
    return dbc.Input(
        id=ids.of_return(FIELD[answer], view.id),
        value=getattr(view.typed, answer),
        type="text",
        autoComplete="off",
        inputMode="decimal",
        class_name="figure",
    )


def rating_choice(view: ReturnView, answer: str, none: str) -> Component:
    """A list of the three ratings, from the best, and `none` for no rating chosen."""
    options = [{"label": none, "value": NOTHING}]
    options += [{"label": f"{words.SHAPE[r]} {words.RATING[r]}", "value": r} for r in reversed(Rating)]
    return dbc.Select(
        id=ids.of_return(FIELD[answer], view.id), options=options, value=getattr(view.typed, answer) or NOTHING
    )
