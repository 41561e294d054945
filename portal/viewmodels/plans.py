"""The delivery plan of an indicator: what the template asks, and who wrote what when."""

from dataclasses import dataclass
from datetime import date

from portal.viewmodels.past import AsAt


@dataclass(frozen=True, slots=True)
class Plan:
    """What a delivery plan says on the template: each text as typed. `existing` is the title of a plan that stands in,
    `address` where it is."""

    existing: str = ""
    address: str = ""
    aim: str = ""
    progress: str = ""
    tasks: str = ""
    resources: str = ""
    risks: str = ""
    milestones: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """One version of a plan: its number, who wrote it and on which day."""

    number: int
    who: str
    day: date
    plan: Plan


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The delivery plan of one indicator; `versions` are all there are, the newest first, `shown` the one that is
    looked at, None where nobody has written any. `newest` is the number of the last one, 0 for none."""

    code: str
    title: str
    slug: str
    shown: Written | None
    versions: tuple[Written, ...]
    may_write: bool
    as_at: AsAt | None = None

    @property
    def newest(self) -> int:
        """The number of the version that counts."""
        return self.versions[0].number if self.versions else 0
