"""What an edition of a day would say now, and what that changes in public."""

import json
from collections.abc import Mapping
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agreement import Agreement, Period, Theme
from models.rules.gate import Place, Publishing, compare, differ, puts_right
from models.rules.suppression import Hidden
from portal.formats.edition import content_hash, content_of, figures_of, scorecard_of, shown_in
from portal.records.edition_rows import latest_by
from portal.records.indicators import standings
from portal.records.suppression import hidden_figures, without
from portal.records.themes import theme_standings
from portal.viewmodels.scorecard import Scorecard

NOT_YET = "1970-01-01T00:00:00+00:00"


class Preview(NamedTuple):
    """What an edition of a day would say now, and what that changes against `base`, the last one of the same day, else
    the newest that is not of a later one. `corrects` is its number where something that it shows would change, `news`
    whether it would say anything else at all, `hidden` which figures are not in it, and why."""

    content: str
    card: Scorecard
    base: Scorecard | None
    changes: dict[Place, Publishing]
    corrects: int | None
    news: bool
    hidden: Mapping[Place, Hidden]


def preview(session: Session, agreement: Agreement, period: Period, note: str = "") -> Preview:
    """What would be published of a day now."""
    themes = session.scalars(select(Theme).where(Theme.agreement_id == agreement.id).order_by(Theme.position)).all()
    hidden = hidden_figures(session, period)
    indicators = without(standings(session, period, late=True), hidden)
    last = latest_by(session, period)
    base = scorecard_of(last.content, last.content_hash) if last else None

    def content(corrects: int | None) -> str:
        return content_of(
            edition=0,
            agreement=agreement.title,
            area=agreement.area,
            period=period.key,
            ends_on=period.ends_on.isoformat(),
            published_at=NOT_YET,
            themes=theme_standings(themes, indicators),
            note=note,
            corrects=corrects,
        )

    card = scorecard_of(content(None), "")
    before = shown_in(base) if base else {}
    changes = compare(before, shown_in(card))
    corrects = base.edition if base and puts_right(before, changes) else None
    said = content(corrects)
    news = last is None or figures_of(said) != figures_of(last.content)
    return Preview(said, card, base, changes, corrects, news, hidden)


def digest_of(content: str) -> str:
    """Stands for what a content says, whatever its note, number and hour."""
    period, shown = figures_of(content)
    said = [(place, astuple(one)) for place, one in sorted(shown.items())]
    return content_hash(json.dumps([period, said], default=_text))


def _text(said: Decimal | date) -> str:
    return str(said.normalize() if isinstance(said, Decimal) else said)  # 2.420 says the same as 2.42


def changed_since(prepared: str, now: str) -> tuple[Place, ...]:
    """Of which figures what was prepared and what would be published now say something else."""
    return tuple(differ(figures_of(prepared)[1], figures_of(now)[1]))
