"""One generated area: its agreement, its partners, and what was returned, checked and published quarter by quarter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from models.agreement import MeasureTerms, Milestone, Target
from models.returns import ReturnRevision
from models.rules.actions import ActionState
from models.rules.calendar import CalendarPeriod, periods
from models.rules.expected import CUMULATIVE
from models.rules.risks import RiskState
from models.rules.terms import (
    Evidence,
    Frequency,
    Group,
    Message,
    NoRating,
    Polarity,
    Rating,
    Role,
    State,
    TargetState,
    ToleranceKind,
)
from portal.formats.canonical import canonical
from portal.policy import Action
from portal.records.agreed import AgreedMeasure, agreed_of
from portal.records.ratings import rating_of
from portal.viewmodels.returns import Answers
from tests.campaigns.generated.rows import TABLES, Event, Pattern, Ref
from tests.campaigns.simulated import KINDS, Design

AREA, KEY = "Area 0000", "area-0000"
"""How a pattern is named; an area that is made of it gets its own number there."""
FIRST_YEAR = 2008
THEMES = ("children", "safer", "health", "skills", "homes", "carbon", "service")
PARTNERS = ("council", "police", "nhs", "fire", "college", "jobs", "probation", "charities")
SIDES = {
    "team": Role.TEAM,
    "team2": Role.TEAM,
    "executive": Role.EXECUTIVE,
    "reviewer": Role.REVIEWER,
    "admin": Role.ADMIN,
}
PLACEHOLDERS, MILESTONES, SILENT, QUERIED = 0.05, 0.6, 0.03, 0.08
ACTIONS, RISKS, COMMITMENTS, PLANS, NEIGHBOURS = 0.3, 0.2, 0.2, 0.2, 15
KINDS_USED = tuple(kind for kind in KINDS if not kind.gaps and "profile" not in kind.name)
OPEN_STATES = (State.NOT_STARTED, State.DRAFT, State.SUBMITTED, State.QUERIED, State.VERIFIED)
OPEN_SHARES = (15, 15, 30, 10, 30)
"""How the returns of the quarter that is open stand, in per cent."""
WORDS = (
    "The figure follows the plan that the partners agreed on in spring, and the work in the two wards with the most "
    "cases goes on. A new post was filled in the second month. "
)


@dataclass
class Counted:
    """One measure on its way through the quarters: who leads it, what is agreed of it, and its figures."""

    code: str
    ref: Ref
    lead: Ref
    placeholder: bool
    terms: list[MeasureTerms]
    targets: list[dict[str, Target]]
    milestones: list[dict[str, Milestone]]
    figures: list[Decimal]


def quarters(count: int) -> list[CalendarPeriod]:
    """The first so many quarters from April 2008 on."""
    return [one for year in years(count) for one in periods(year, Frequency.QUARTERLY)][:count]


def years(count: int) -> list[str]:
    """The financial years of an agreement with so many quarters, the last one never over."""
    return [f"{year}/{(year + 1) % 100:02}" for year in range(FIRST_YEAR, FIRST_YEAR + count // 4 + 1)]


def today_of(count: int) -> date:
    """The day on which all is looked at: 20 days into the quarter after the last one with returns."""
    return quarters(count)[-1].ends_on + timedelta(days=20)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


class Area:
    """Makes the rows of one pattern, the same for the same seed."""

    def __init__(self, seed: str, indicators: int, count: int, password_hash: str) -> None:
        self.random, self.count, self.pattern = Random(seed), count, Pattern()
        self.quarters, self.years = quarters(count), years(count)
        self.signed = date(FIRST_YEAR, 4, 1)
        self._people(password_hash)
        self._periods()
        self._versions()
        self.measures = self._indicators(indicators)
        self.published: dict[int, datetime] = {}
        for place, quarter in enumerate(self.quarters, 1):
            self._quarter(place, quarter)

    # --- what is agreed -------------------------------------------------------------------------------

    def _people(self, password_hash: str) -> None:
        add, began = self.pattern.add, at(self.signed)
        self.agreement = add(
            "agreement", key=f"{KEY}-laa", title=f"{AREA} Agreement", area=AREA,
            first_year=self.years[0], last_year=self.years[-1],
        )  # fmt: skip
        self.partners = [
            add("organisation", key=f"{KEY}-{name}", name=f"{AREA} {name.title()}", sector="public", also_known_as="")
            for name in PARTNERS
        ]
        self.people: dict[Any, Ref] = {}
        accounts = [(name, role, None) for name, role in SIDES.items()]
        for name, partner in zip(PARTNERS, self.partners, strict=True):
            accounts += [(name, Role.LEAD, partner), (f"{name}.contributor", Role.CONTRIBUTOR, partner)]
        for name, role, partner in accounts:
            self.people[name] = add(
                "person", email=f"{name}@{KEY}.example", name=f"{AREA} {name}", role=role, organisation_id=partner,
                password_hash=password_hash, disabled=False, agreement_id=self.agreement, created_at=began,
            )  # fmt: skip

    def _periods(self) -> None:
        self.periods: dict[str, Ref] = {}
        asked = {one.key for one in self.quarters}
        for year in self.years:
            for one in periods(year):
                said = {n: getattr(one, n) for n in ("key", "year", "frequency", "number", "starts_on", "ends_on")}
                self.periods[one.key] = self.pattern.add(
                    "period", agreement_id=self.agreement, opens_on=one.opens_on, due_on=one.due_on,
                    closes_on=one.closes_on, opened_at=at(one.opens_on) if one.key in asked else None, **said,
                )  # fmt: skip

    def _versions(self) -> None:
        """The agreement as it was signed, and its first refresh where it has a second year."""
        self.versions, self.begins = [], [self.signed, date(FIRST_YEAR + 1, 4, 1)][: min(2, 1 + self.count // 5)]
        for number, begin in enumerate(self.begins, 1):
            self.versions.append(
                self.pattern.add(
                    "agreement_version", agreement_id=self.agreement, number=number, in_force_from=begin,
                    title="As signed" if number == 1 else "Refresh", reason="Agreed.", agreed_by="All partners",
                    agreed_on=begin, recorded_at=at(begin),
                )
            )  # fmt: skip
        self._event(0, at(self.signed), None, Action.AGREEMENT_CHANGE, f"agreement {AREA} Agreement", {"agreement": 1})

    def _indicators(self, count: int) -> list[Counted]:
        themes = [
            self.pattern.add(
                "theme", agreement_id=self.agreement, key=key, title=f"{key.title()} first", position=place,
                title_in_strategy="", title_in_agreement="",
            )
            for place, key in enumerate(THEMES, 1)
        ]  # fmt: skip
        return [self._measure(number, themes[(number - 1) % len(themes)]) for number in range(1, count + 1)]

    def _measure(self, number: int, theme: Ref) -> Counted:
        add, random = self.pattern.add, self.random
        code, leader = f"NI {number}", random.randrange(len(self.partners))
        placeholder = random.random() < PLACEHOLDERS
        indicator = add(
            "indicator", agreement_id=self.agreement, theme_id=theme, code=code, title=f"What indicator {number} counts",
            group=random.choice(tuple(Group)), reward_weighted=random.random() < 0.2, baseline_printed="", note="",
            position=number,
        )  # fmt: skip
        kind, design = random.choice(KINDS_USED), Design(self.count, 4, (self.count - 1) % 4 + 1)
        values = [max(0.0, one) for one in kind.simulate(random, design, self.count).values]
        if kind.cumulative:
            values = [sum(values[place - place % 4 : place + 1]) for place in range(self.count)]
        figures = [Decimal(f"{value:.{kind.places}f}") for value in values]
        unit = "cases" + CUMULATIVE if kind.cumulative else "per cent" if kind.high else "cases per 1,000"
        measure = add(
            "measure", indicator_id=indicator, code=code, part="", decimals=kind.places, position=number, source="",
            release_days=None,
        )  # fmt: skip
        polarity = random.choice((Polarity.HIGHER, Polarity.LOWER))
        evidence = Evidence.COUNT if kind.name == "counts" else Evidence.FIGURE
        found = Counted(code, measure, self.partners[leader], placeholder, [], [], [], figures)
        has_milestones = random.random() < MILESTONES and not kind.cumulative
        for place, version in enumerate(self.versions):
            empty = placeholder and place == 0
            add("indicator_terms", version_id=version, indicator_id=indicator, lead_id=found.lead, placeholder=empty)
            for partner in random.sample(self.partners, 2):
                if partner != found.lead:
                    add("signed_up", version_id=version, indicator_id=indicator, organisation_id=partner)
            terms = {
                "frequency": Frequency.QUARTERLY, "unit": unit, "polarity": polarity, "reported_unit": unit,
                "reported_polarity": polarity, "baseline": figures[0], "baseline_period": "2007/08",
                "tolerance_kind": ToleranceKind.PERCENT, "tolerance": Decimal(10), "evidence": evidence,
                "per": None, "seasonal": kind.seasonal, "rolling": False,
            }  # fmt: skip
            add("measure_terms", version_id=version, measure_id=measure, **terms)
            found.terms.append(MeasureTerms(version_id=place, **terms))
            found.targets.append(self._targets(version, found, polarity, empty=empty))
            found.milestones.append(self._milestones(version, found, polarity) if has_milestones and not empty else {})
        self._beside(indicator, theme, found)
        return found

    def _targets(self, version: Ref, found: Counted, polarity: Polarity, *, empty: bool) -> dict[str, Target]:
        """One for each year: 2% better than the year before, from where the series starts."""
        start = found.figures[min(3, self.count - 1)] or Decimal(1)
        said = {}
        for place, year in enumerate(self.years):
            step = Decimal(1) + Decimal(2 * place if polarity is Polarity.HIGHER else -2 * place) / 100
            point = None if empty else round(start * step, 3)
            state = TargetState.NOT_SET if empty else TargetState.SET
            row = {"year": year, "state": state, "low": point, "high": point, "printed": str(point or ""), "note": ""}
            self.pattern.add("target", version_id=version, measure_id=found.ref, **row)
            said[year] = Target(**row)
        return said

    def _milestones(self, version: Ref, found: Counted, polarity: Polarity) -> dict[str, Milestone]:
        said = {}
        for place, quarter in enumerate(self.quarters):
            step = Decimal(place if polarity is Polarity.HIGHER else -place) / 200 + 1
            value = round((found.figures[0] or Decimal(1)) * step, 3)
            self.pattern.add(
                "milestone", version_id=version, measure_id=found.ref, period_id=self.periods[quarter.key], value=value
            )
            said[quarter.key] = Milestone(number=0, value=value, low=None, high=None)
        return said

    def _beside(self, indicator: Ref, theme: Ref, found: Counted) -> None:
        """What else hangs on an indicator: actions, risks, money, a plan, and other areas' figures."""
        add, random, day = self.pattern.add, self.random, self.signed + timedelta(days=60)
        lead = self.people[PARTNERS[self.partners.index(found.lead)]]
        noted = {"person_id": lead, "organisation_id": found.lead, "day": day, "at": at(day)}
        said = {"owner_id": found.lead, "named": "", "reason": "", **noted}
        if random.random() < ACTIONS:
            action = add("indicator_action", indicator_id=indicator, version=2)
            for state in (ActionState.OPEN, random.choice(tuple(ActionState))):
                add("action_step", action_id=action, text="Visit the schools.", state=state, evidence="", **said)
        if random.random() < RISKS:
            risk = add("risk", indicator_id=indicator, version=1)
            add("risk_step", risk_id=risk, text="The grant ends.", likelihood=2, impact=3, mitigation="",
                review_on=today_of(self.count) + timedelta(days=30), state=RiskState.OPEN, **said)  # fmt: skip
        if random.random() < COMMITMENTS:
            add("commitment", indicator_id=indicator, source="A fund", proposal="More patrols", amount=Decimal(1200),
                note="", **noted)  # fmt: skip
        if random.random() < PLANS:
            empty = dict.fromkeys(("existing", "address", "progress", "tasks", "resources", "risks", "milestones"), "")
            add("plan_version", indicator_id=indicator, number=1, aim="Fewer cases.", **empty, **noted)
        if random.random() < 0.1:
            period = self.periods[self.quarters[-1].key]
            for number in range(NEIGHBOURS):
                value = found.figures[-1] + random.randrange(-5, 6)
                add("area_figure", measure_id=found.ref, period_id=period, area=f"Neighbour {number}",
                    kind="neighbour", value=value, source="The Audit Commission")  # fmt: skip

    # --- what is returned -----------------------------------------------------------------------------

    def _quarter(self, place: int, quarter: CalendarPeriod) -> None:
        """Every measure's return for a quarter: all published but those of the last one, which is open."""
        opened = at(quarter.opens_on)
        wanted = [one for one in self.measures if self._version(quarter) or not one.placeholder]
        said = {"open": True, "asked": len(wanted), "closes": quarter.closes_on}
        self._event(place, opened, "team", Action.PERIOD_MANAGE, f"period {quarter.key}", said)
        self.published[place] = at(quarter.ends_on + timedelta(days=60), 10)
        for one in wanted:
            ends = State.PUBLISHED
            if place == self.count:
                (ends,) = self.random.choices(OPEN_STATES, OPEN_SHARES)
            self._return(place, quarter, one, ends)

    def _version(self, quarter: CalendarPeriod) -> int:
        return max(place for place, begin in enumerate(self.begins) if begin <= quarter.ends_on or place == 0)

    def _return(self, place: int, quarter: CalendarPeriod, one: Counted, ends: State) -> None:
        add, random, opened = self.pattern.add, self.random, at(quarter.opens_on)
        name, lead = f"return {one.code} {quarter.key}", PARTNERS[self.partners.index(one.lead)]
        answers = Answers(commentary=WORDS * random.randrange(1, 4), **self._figure(place, one))
        worked, queried = ends is not State.NOT_STARTED, ends is State.QUERIED or random.random() < QUERIED
        sent = ends not in (State.NOT_STARTED, State.DRAFT)
        number = sent * (1 + (queried and ends is not State.QUERIED))
        counts = number if ends in (State.VERIFIED, State.PUBLISHED) else None
        text = {name: getattr(answers, name) for name in Answers.__slots__}
        ref = add(
            "returns", place, period_id=self.periods[quarter.key], measure_id=one.ref, organisation_id=one.lead,
            state=ends, version=1 + 2 * worked + 2 * number, revision=number, verified_revision=counts,
            **(text if worked else {"commentary": "", "proposed_reason": ""}),
        )  # fmt: skip
        self._step(place, ref, State.NOT_STARTED, opened)
        if not worked:
            return
        day = quarter.opens_on + timedelta(days=random.randrange(1, 12))
        self._event(place, at(day), f"{lead}.contributor", Action.RETURN_EDIT, name, text, one.lead)
        self._step(place, ref, State.DRAFT, at(day))
        for revision in range(1, number + 1):
            day += timedelta(days=2)
            self._submitted(place, quarter, one, ref, revision, answers, at(day, 11), lead, name)
            if queried and revision == 1:
                asked = at(day, 15)
                self._event(
                    place, asked, "team", Action.RETURN_QUERY, name, {"revision": 1, "state": "queried"}, one.lead
                )
                self._step(place, ref, State.QUERIED, asked)
                add("return_message", place, return_id=ref, revision=1, kind=Message.QUERY, text="Is this of all wards?",
                    person_id=self.people["team"], at=asked, closed_at=at(day, 16) if number > 1 else None)  # fmt: skip
        if counts is None:
            return
        verified = at(day + timedelta(days=1), 14)
        last = self.pattern.rows[place, "return_revision"][-1]
        last |= {"verified_by_id": self.people["team"], "verified_at": verified}
        self._event(
            place, verified, "team", Action.RETURN_VERIFY, name, {"revision": counts, "value": answers.value}, one.lead
        )
        self._step(place, ref, State.VERIFIED, verified, counts)
        if ends is State.PUBLISHED:
            last["published_at"] = self.published[place]
            self._step(place, ref, State.PUBLISHED, self.published[place], counts)

    def _figure(self, place: int, one: Counted) -> dict[str, Any]:
        if self.random.random() < SILENT:
            return {"no_value_reason": NoRating.NO_SURVEY}
        value = one.figures[place - 1]
        stated = self.random.choices((None, *Rating), (40, 15, 30, 15))[0]
        return {"value": value, "forecast_rating": stated}

    def _submitted(
        self, place: int, quarter: CalendarPeriod, one: Counted, ref: Ref, number: int, answers: Answers, when: datetime,
        lead: str, name: str,
    ) -> None:  # fmt: skip
        said = {name: getattr(answers, name) for name in Answers.__slots__}
        revision = self.pattern.add(
            "return_revision", place, return_id=ref, number=number, submitted_by_id=self.people[lead],
            submitted_at=when, submitted_on=when.date(), **said,
        )  # fmt: skip
        version = self._version(quarter)
        terms, target = one.terms[version], one.targets[version][quarter.year]
        milestone = one.milestones[version].get(quarter.key)
        agreed = agreed_of(
            terms, target, milestone, None, quarter.share_of_year, placeholder=one.placeholder and not version
        )
        # Rated by the portal's own rule; the rule asks what is agreed, and nothing of measure and period.
        item = AgreedMeasure(None, terms, target, agreed, None, None, milestone)  # type: ignore[arg-type]
        rated = rating_of(ReturnRevision(id=0), answers, item)
        found = {column.name: getattr(rated, column.name) for column in TABLES["revision_rating"].columns}
        self.pattern.add(
            "revision_rating", place, **found | {"revision_id": revision, "version_id": self.versions[version]}
        )
        self._event(place, when, lead, Action.RETURN_SUBMIT, name, {**said, "revision": number}, one.lead)
        self._step(place, ref, State.SUBMITTED, when)

    def _step(self, place: int, ref: Ref, state: State, when: datetime, counts: int | None = None) -> None:
        self.pattern.add(
            "return_step", place, return_id=ref, state=state, verified_revision=counts, day=when.date(), at=when
        )

    def _event(
        self, place: int, when: datetime, who: str | None, action: Action, subject: str, said: dict[str, Any],
        of: Ref | None = None,
    ) -> None:  # fmt: skip
        person = self.people[who] if who else None
        named = self.pattern.of(person) if person else {"name": "the command line", "organisation_id": None}
        self.pattern.events[place].append(
            Event(
                when, person, named["name"], of or named["organisation_id"], str(action), subject, "", canonical(said)
            )
        )
