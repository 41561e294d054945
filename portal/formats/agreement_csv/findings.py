"""What there is to tell of an agreement's files: problems, which stop a load, and notes, which go with it."""

from dataclasses import dataclass

from portal.formats.agreement_csv.columns import rank


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell, and where. The header is line 1; line 0 is the whole file, column '' a whole row."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.message}"


class Problem(Finding):
    """What must be put right before the agreement can be loaded."""

    __slots__ = ()


class Note(Finding):
    """What a person should know of: disagreements between sources, and what was assumed."""

    __slots__ = ()


class Findings:
    """All that one reading finds, gathered as it goes on: it never stops at the first."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._notes: list[Note] = []

    def problem(self, file: str, line: int, column: str, message: str) -> None:
        self._problems.append(Problem(file, line, column, message))

    def note(self, file: str, line: int, column: str, message: str) -> None:
        self._notes.append(Note(file, line, column, message))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._problems, key=_place))

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(self._notes, key=_place))


def _place(finding: Finding) -> tuple[int, str, int]:
    return rank(finding.file), finding.file, finding.line
