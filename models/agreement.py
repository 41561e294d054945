"""The agreement: its versions, themes, indicators, measures, targets, milestones and periods."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from models.base import Base, Figure, Instant, Word
from models.people import Organisation, Person
from models.rules.terms import Evidence, Frequency, Group, Polarity, TargetState, ToleranceKind


class Agreement(Base):
    """What was signed: a title, an area, and the financial years that it covers ('2008/09' to '2010/11'). `key` names
    it in addresses. One without a version is known by its half-yearly shares alone."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    area: Mapped[str] = mapped_column(String(100), index=True)
    first_year: Mapped[str] = mapped_column(String(7))
    last_year: Mapped[str] = mapped_column(String(7))


class AgreementVersion(Base):
    """One numbered version of the agreement. Targets, tolerances, polarities and leads belong to a version and are
    never overwritten: what changes is a new version, in force from its date. It is known from the day on which it was
    agreed, by the portal's calendar, and at the instant at which it was recorded."""

    __tablename__ = "agreement_version"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200))
    in_force_from: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    agreed_by: Mapped[str] = mapped_column(String(200))
    agreed_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Theme(Base):
    """A priority of the agreement. The strategy and the agreement may word its title differently: both are kept."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("agreement_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    key: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    title_in_strategy: Mapped[str] = mapped_column(String(200))
    title_in_agreement: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(Integer)


class Indicator(Base):
    """What the agreement promises to move."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("agreement_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    group: Mapped[Group] = mapped_column(Word(Group))
    reward_weighted: Mapped[bool] = mapped_column(Boolean)
    baseline_printed: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)

    theme: Mapped[Theme] = relationship(lazy="joined")


class IndicatorTerms(Base):
    """What one version says of an indicator: who leads it (nobody: the partnership team returns it), and whether it
    is a placeholder, agreed but not yet given targets: for which reason, and when they are expected, in words."""

    __tablename__ = "indicator_terms"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    placeholder: Mapped[bool] = mapped_column(Boolean)
    placeholder_reason: Mapped[str] = mapped_column(Text, default="")
    expected: Mapped[str] = mapped_column(String(200), default="")

    lead: Mapped[Organisation | None] = relationship(lazy="joined")


class SignedUp(Base):
    """A partner that signed up to an indicator without leading it, in one version."""

    __tablename__ = "signed_up"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)


class Measure(Base):
    """What is counted. NI 120 has two measures, every other indicator of Leicester's one. `source` is who publishes
    its figures and `release_days` how many days after a period's end they usually come out; None when the figures are
    the partner's own."""

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("indicator_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    code: Mapped[str] = mapped_column(String(40))
    part: Mapped[str] = mapped_column(String(100))
    decimals: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(200), default="")
    release_days: Mapped[int | None] = mapped_column(Integer)

    indicator: Mapped[Indicator] = relationship(lazy="joined")


class MeasureTerms(Base):
    """What one version says of a measure: how often it is returned, baseline, tolerance, and the unit and polarity of
    its target and of what is reported, which may differ (NI 186: tonnes per head against a percentage saved).
    `evidence` says what its figures rest on, `per` how a share or rate is written (100: per cent); `seasonal` measures
    are compared with the same period a year before; a `rolling` one is an average over years, returned with the year's
    own figure beside. `profile` is what its years usually look like, in order; empty where none is stored."""

    __tablename__ = "measure_terms"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(Word(Frequency))
    unit: Mapped[str] = mapped_column(String(200))
    polarity: Mapped[Polarity] = mapped_column(Word(Polarity))
    reported_unit: Mapped[str] = mapped_column(String(200))
    reported_polarity: Mapped[Polarity] = mapped_column(Word(Polarity))
    baseline: Mapped[Decimal | None] = mapped_column(Figure)
    baseline_period: Mapped[str] = mapped_column(String(100))
    tolerance_kind: Mapped[ToleranceKind] = mapped_column(Word(ToleranceKind))
    tolerance: Mapped[Decimal] = mapped_column(Figure)
    evidence: Mapped[Evidence] = mapped_column(Word(Evidence), default=Evidence.FIGURE)
    per: Mapped[Decimal | None] = mapped_column(Figure)
    seasonal: Mapped[bool] = mapped_column(Boolean, default=False)
    rolling: Mapped[bool] = mapped_column(Boolean, default=False)

    profile: Mapped[list["Profile"]] = relationship(
        primaryjoin=lambda: and_(
            foreign(Profile.version_id) == MeasureTerms.version_id,
            foreign(Profile.measure_id) == MeasureTerms.measure_id,
        ),
        order_by=lambda: Profile.number,
        viewonly=True,
    )


class Target(Base):
    """What one version says of a measure for one year, in the target's unit; a point has low and high equal."""

    __tablename__ = "target"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    year: Mapped[str] = mapped_column(String(7), primary_key=True)
    state: Mapped[TargetState] = mapped_column(Word(TargetState))
    low: Mapped[Decimal | None] = mapped_column(Figure)
    high: Mapped[Decimal | None] = mapped_column(Figure)
    printed: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class Profile(Base):
    """The share of the year's target that a cumulative measure usually reaches by the end of a period, from 0 to 1,
    in one version; `number` counts the periods of its frequency."""

    __tablename__ = "profile"

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    share: Mapped[Decimal] = mapped_column(Figure)


class Period(Base):
    """A quarter of the agreement, or a half, a year, a month: each measure is returned for those of the frequency
    that the version in force on their last day says. Dates are in Europe/London. It takes returns from when it is
    opened until it is closed or its last day is over."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("agreement_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    key: Mapped[str] = mapped_column(String(20))
    year: Mapped[str] = mapped_column(String(7))
    frequency: Mapped[Frequency] = mapped_column(Word(Frequency))
    number: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    opens_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class SourceRelease(Base):
    """The day on which the source of one measure comes out for one period, where it is known to be another than usual.
    A row is only ever added; the last one counts. `noted_on` is the portal's day, `noted_at` the instant."""

    __tablename__ = "source_release"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    released_on: Mapped[date] = mapped_column(Date)
    noted_on: Mapped[date] = mapped_column(Date)
    noted_at: Mapped[datetime] = mapped_column(Instant)


class SeriesBreak(Base):
    """A period from which a measure's figures can no longer be held against those before, with the reason."""

    __tablename__ = "series_break"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)


class PeriodReopening(Base):
    """A closed period opened again for one partner (none: the partnership team's own returns) until a day, with the
    reason. A row is only ever added; the one that lasts longest counts."""

    __tablename__ = "period_reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(lazy="joined")


class Milestone(Base):
    """What a measure's reported figure is held against at one period's end, in the reported unit; for a range,
    low and high are its edges and value the point that the source prints, if any. Number 0 was agreed with its
    version. The partnership team sets the others where none was agreed: the last one counts, and `noted_on`, the
    portal's day, and `noted_at` say since when; what was rated before keeps the one that it was rated by."""

    __tablename__ = "milestone"
    __table_args__ = (Index("ix_milestone_period_id_measure_id", "period_id", "measure_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, default=0)
    value: Mapped[Decimal | None] = mapped_column(Figure)
    low: Mapped[Decimal | None] = mapped_column(Figure)
    high: Mapped[Decimal | None] = mapped_column(Figure)
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    noted_on: Mapped[date | None] = mapped_column(Date)
    noted_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")
