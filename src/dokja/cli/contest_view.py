"""A contest on the screen: the rating, the check of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.contest.rating.rated import ContestRating, RatedTeam, RatingView
from dokja.evidence.values import Text
from dokja.report.numerals import fixed, interval
from dokja.statistics.ratings.values import NoStrength

RATING_HEAD = Text(
    ko="팀|강도|95 % 동시 구간|가능한 순위|표",
    en="team|strength|95 %, all teams together|ranks left open|votes",
)
COUNTS = Text(
    ko="표 {}건, 투표자 {}명(한 사람이 최대 {}표), 무승부 {}건(둘 다 나쁨 {}건 포함)",
    en="{} votes of {} voters (at most {} of one), {} ties, {} of them `both bad`",
)
EFFECT = Text(
    ko="한 사람의 표를 서로 무관하다고 볼 때보다 분산이 {}배",
    en="the variance is {} times what votes taken as independent would say",
)
ONE_VOTER = Text(
    ko="투표자가 둘보다 적어 오차를 구할 수 없음",
    en="below two voters there is no error and no interval",
)
VIEWS_HEAD = Text(
    ko="다른 방식으로 본 강도(참고, 공식 결과가 아님)",
    en="the same votes read otherwise (views, not the official rating)",
)
OTHER_ORDER = Text(ko="순서가 다름", en="another order")
TERM = Text(ko="{}: 1단위에 {} 로짓", en="{}: {} logits for one unit")
UNRATED: Mapping[NoStrength, Text] = {
    NoStrength.UNBEATEN: Text(ko="한 번도 지지 않아 상한 없음", en="never lost"),
    NoStrength.WINLESS: Text(ko="한 번도 이기지 못해 하한 없음", en="never won"),
    NoStrength.APART: Text(ko="다른 팀과 이어지지 않음", en="apart from the others"),
    NoStrength.UNMET: Text(ko="표 없음", en="no vote"),
    NoStrength.UNSETTLED: Text(ko="정해지지 않음", en="not settled"),
}
CHECKED = Text(
    ko="{}: 프롬프트 {}개, 팀 {}개, 규칙 {}, 프롬프트 {}",
    en="{}: {} prompts, {} teams, rules {}, prompts {}",
)
NAMED = Text(
    ko="이름이 드러나 무효 처리될 답변: {} ({})",
    en="names a team, so its battles will be voided: {} ({})",
)


def show_rating(found: ContestRating, *, lang: str) -> None:
    """Nothing; prints the rating, then its views."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = plain_table(say(RATING_HEAD))
    for team in sorted(found.teams, key=_strongest_first):
        table.add_row(*_row(team, lang))
    console.print(table)
    counts = (
        found.votes,
        found.voters,
        found.most_votes_of_one,
        found.ties,
        found.both_bad,
    )
    console.print(say(COUNTS).format(*(f"{count:,}" for count in counts)))
    if found.design_effect is None:
        console.print(say(ONE_VOTER))
    else:
        console.print(say(EFFECT).format(fixed(found.design_effect, places=2)))
    console.print(f"\n[bold]{say(VIEWS_HEAD)}")
    views = plain_table("|".join(["", *(t.team for t in found.teams), ""]))
    for view in found.views:
        views.add_row(*_view_row(view, lang))
    console.print(views)
    for view in found.views:
        for name, estimate in view.terms.items():
            ends = interval(estimate.low, estimate.high, places=3)
            shown = fixed(estimate.value, places=3) + (f" ({ends})" if ends else "")
            line = say(TERM).format(name, shown)
            console.print(f"{say(view.name)} · {line}", style="dim", markup=False)


def show_check(fields: Mapping[str, Any], *, lang: str) -> None:
    """Nothing; prints what a checked plan holds."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    line = say(CHECKED).format(
        fields["contest"],
        fields["prompts"],
        len(fields["teams"]),
        fields["rules_digest"],
        fields["prompts_digest"],
    )
    console.print(escape(line))
    for prompt, team in fields["names_itself"]:
        console.print(escape(say(NAMED).format(team, prompt)))


def plain_table(heads: str) -> Table:
    """A table without lines, with these heads."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads.split("|"):
        table.add_column(escape(head))
    return table


def _strongest_first(team: RatedTeam) -> tuple[bool, float, str]:
    return team.strength is None, -(team.strength or 0.0), team.team


def _row(team: RatedTeam, lang: str) -> tuple[str, ...]:
    ranks = str(team.rank_low)
    if team.rank_high != team.rank_low:
        ranks += f"–{team.rank_high}"
    if team.strength is None:
        assert team.unrated is not None
        shown, ends = getattr(UNRATED[team.unrated], lang), ""
    else:
        shown = fixed(team.strength, places=3)
        ends = interval(team.low, team.high, places=3) or "–"
    return escape(team.team), shown, ends, ranks, f"{team.votes:,}"


def _view_row(view: RatingView, lang: str) -> tuple[str, ...]:
    strengths = (
        "–" if team.strength is None else fixed(team.strength, places=3)
        for team in view.teams
    )
    note = getattr(OTHER_ORDER, lang) if view.order_differs else ""
    return escape(getattr(view.name, lang)), *strengths, note
