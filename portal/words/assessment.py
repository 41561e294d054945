"""The corporate assessment in words: why the overall score is what it is, and what one point more would take."""

from collections.abc import Sequence

from models.rules.assessment import Level
from portal.viewmodels.assessment import Assessment, ScoredTheme, Scoring
from portal.words.dates import day, plural

TITLE = "Corporate assessment"
ABOUT = (
    "Five themes of how the council is run, each with the score that it anticipates from the inspectors, from 1 to 4. The "
    "overall score follows from the five by the published rules."
)
READING = (
    "The rule for a 3 is printed elsewhere as “three or more themes with a score of 3”. It is read here as 3 or more: read "
    "literally, 4, 4, 3, 2, 2 would make a 2, and a better score could cost a point."
)
UNKNOWN = "No document gives it."


def scores(themes: Sequence[ScoredTheme]) -> str:
    """The scores in the themes' order: '4, 3, 2, 3, 3'."""
    return ", ".join(str(theme.now.score) for theme in themes)


def why(view: Assessment) -> list[str]:
    """Why the overall score is this one, in sentences: the rule that is met and by what, and what the next one lacks."""
    if view.overall is None:
        return []
    reached, following = view.overall.reached, view.overall.following
    said = [f"The rule for a {reached.overall}: {_lower(reached.said)}. {_counted(reached, view.themes)}"]
    if following is not None:
        said.append(
            f"The rule for a {following.overall} is not met: {_lower(following.said)}. {_counted(following, view.themes)}"
        )
    return said


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _counted(level: Level, themes: Sequence[ScoredTheme]) -> str:
    """How the themes stand against a rule: 'Score 3 or more: Ambition (4), ... – 4 themes. Less than 2: none.'"""
    if not level.many:
        return ""
    enough = [theme for theme in themes if theme.now.score >= level.least]
    or_more = " or more" if level.least < 4 else ""
    said = f"Here {_named(enough)} {'scores' if len(enough) == 1 else 'score'} {level.least}{or_more}"
    if level.floor > 1:
        low = [theme for theme in themes if theme.now.score < level.floor]
        said += f", and {_named(low)} less than {level.floor}"
    return f"{said}."


def _named(themes: Sequence[ScoredTheme]) -> str:
    if not themes:
        return "none"
    names = ", ".join(f"{theme.title} ({theme.now.score})" for theme in themes)
    return f"{plural(len(themes), 'theme')}, {names},"


def one_more(view: Assessment) -> str:
    """What one point more would take, before the list of ways: how many points, and how many ways."""
    if view.overall is None:
        return ""
    if view.overall.following is None:
        return "This is the highest score: there is no point more to have."
    now = [theme.now.score for theme in view.themes]
    points = sum(view.overall.ways[0]) - sum(now)
    ways = len(view.overall.ways)
    told = "There is one way" if ways == 1 else f"There are {ways} ways"
    return (
        f"A {view.overall.following.overall} takes {plural(points, 'point')} more in all. {told} to do it with so few:"
    )


def way(themes: Sequence[ScoredTheme], found: Sequence[int]) -> str:
    """One way in words: 'Capacity from 2 to 3, and Achievement from 3 to 4'."""
    raised = [
        f"{theme.title} from {theme.now.score} to {score}"
        for theme, score in zip(themes, found, strict=True)
        if score != theme.now.score
    ]
    return " and ".join([", ".join(raised[:-1]), raised[-1]] if len(raised) > 1 else raised)


_FIELDS = {"evidence": "evidence", "key_risk": "key risk", "actions": "actions"}


def step(before: Scoring | None, after: Scoring) -> str:
    """What one step did, in a sentence: '20 January 2009, Partnership team: score 3 instead of 2. Word.'"""
    who = f", {after.who}" if after.who else ""
    if before is None:
        return f"{day(after.day)}{who}: came in with the agreement's files, with a score of {after.score}."
    said = [f"score {after.score} instead of {before.score}"] if after.score != before.score else []
    for field, name in _FIELDS.items():
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            said.append(f"{name} {'taken away' if not now else 'worded otherwise' if was else 'written'}")
    return " ".join(filter(None, (f"{day(after.day)}{who}: {'; '.join(said)}.", after.reason)))
