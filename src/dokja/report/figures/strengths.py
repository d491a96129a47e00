"""Strengths of a contest's teams with their simultaneous intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from dokja.contest.rating.rated import RatedTeam
from dokja.evidence.values import Text
from dokja.report.figures.intervals import (
    IntervalRow,
    Level,
    interval_figure,
    scale_of,
)
from dokja.report.numerals import fixed

STEP = 0.5


def strengths_figure(
    key: str, teams: Sequence[RatedTeam], name: Callable[[str], Text]
) -> Markup:
    """Rows in the order given, around the mean of the teams."""
    rows = [
        IntervalRow(
            name=name(team.team),
            value=team.strength,
            text=None if team.strength is None else logits(team.strength),
            interval=None
            if team.low is None or team.high is None
            else (team.low, team.high),
        )
        for team in teams
    ]
    mean = Level(at=0.0, name=Text(ko="평균", en="average"))
    return interval_figure(
        key,
        rows,
        scale_of(rows, levels=(mean,), ticks=_ticks(teams)),
        title=Text(
            ko="팀별 강도와 95% 동시 구간",
            en="Strengths, simultaneous 95% intervals",
        ),
        description=Text(
            ko="오른쪽일수록 더 자주 선택되었습니다. 수치는 아래 표에 있습니다.",
            en="Further right was chosen more often. The table below has the figures.",
        ),
    )


def strongest_first(teams: Iterable[RatedTeam]) -> tuple[RatedTeam, ...]:
    """The teams by strength, those without one last."""
    return tuple(
        sorted(teams, key=lambda t: (t.strength is None, -(t.strength or 0.0), t.team))
    )


def logits(value: float) -> str:
    """A strength with its sign."""
    text = fixed(value, places=2)
    return f"+{text}" if float(f"{value:.2f}") > 0 else text


def _ticks(teams: Sequence[RatedTeam]) -> tuple[tuple[float, str], ...]:
    ends = [
        end
        for team in teams
        for end in (team.strength, team.low, team.high)
        if end is not None
    ]
    reach = max((abs(end) for end in ends), default=1.0)
    step = STEP * max(1, math.ceil(reach / (4 * STEP)))
    # Never a scale without width, however near each other all are.
    count = max(1, math.ceil(reach / step))
    return tuple(
        (place * step, logits(place * step)) for place in range(-count, count + 1)
    )
