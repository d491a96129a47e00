"""What was found about a contest, on the screen: screening, influence, power."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape

from dokja.cli.contest_view import plain_table
from dokja.contest.rating.power import DesignOutlook
from dokja.contest.rating.rated import Change, Influence
from dokja.contest.screening.screened import Screening
from dokja.evidence.values import Estimate, Text
from dokja.report.numerals import fixed, percent

SCREENED = Text(
    ko="투표자 {}명, 표 {}건을 유의수준 {}로 살펴봄(개인 취향의 표준편차 {}까지 허용)",
    en="{} voters with {} votes screened at a level of {} (tastes of sd {} allowed)",
)
NOBODY = Text(
    ko="다른 투표자의 표로 설명되지 않는 투표자가 없음",
    en="the others' votes can explain every voter's",
)
FLAGGED = Text(ko="보정 p", en="adjusted p")
LEFT_OUT = Text(
    ko="공식 결과에서 제외하고 따로 표시하며, 사람이 사유를 확인합니다.",
    en="Left out of the official rating, shown beside it, for people to look at.",
)
LAST = Text(ko="최하위: {}", en="last: {}")
NO_LAST = Text(
    ko="강도를 구할 수 없는 팀이 있어 최하위를 정할 수 없음",
    en="some team has no strength, so none is surely last",
)
HANGS_ON_VOTES = Text(
    ko="표 {}건({})이 없으면 {}이(가) 최하위가 됨. 상한이며, {}건 미만은 전부 확인함",
    en="without {} votes ({}) {} would be last; an upper bound, below {} all tried",
)
HANGS_ON_VOTERS = Text(
    ko="투표자 {}명({})이 없으면 {}이(가) 최하위가 됨. 상한이며, {}명 미만은 전부 "
    "확인함",
    en="without {} voters ({}) {} would be last; an upper bound, below {} all tried",
)
ROBUST_VOTES = Text(
    ko="표를 절반까지 빼도 최하위가 바뀌는 조합을 찾지 못함",
    en="no removal of votes up to half was found to change it",
)
ROBUST_VOTERS = Text(
    ko="투표자를 절반까지 빼도 최하위가 바뀌는 조합을 찾지 못함",
    en="no removal of voters up to half was found to change it",
)
POWER_HEAD = Text(
    ko="간격|투표자|각각|취향|맞힘|구분|독립 오차|묶음 오차|필요한 표",
    en="gap|voters|each|taste|last is last|told apart|naive|clustered|for 80 %",
)
POWER_NOTE = Text(
    ko="맞힘: 가장 약한 팀이 최하위로 나올 확률. 구분: 최하위가 다른 모든 팀과 95 % "
    "수준에서 구분될 확률. ±는 모의실험의 95 % 구간. 오차: 최하위와 바로 위 팀의 "
    "차이를 표가 서로 무관하다고 볼 때(독립)와 투표자별로 묶을 때(묶음). 필요한 표: "
    "두 팀의 차이를 80 %의 확률로 찾는 데 필요한 전체 표.",
    en="last is last: the weakest team has the least strength; told apart: it lies "
    "below each other one at 95 %; ± is the simulation's 95 % interval. Errors of "
    "last against next, votes taken as independent and clustered on voters. for "
    "80 %: votes from which two given teams are told apart in 80 % of contests.",
)


def show_screening(found: Screening, *, lang: str) -> None:
    """Nothing; prints who was flagged, why, and what follows."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    counts = f"{found.voters:,}", f"{found.votes:,}", f"{found.level:g}"
    console.print(say(SCREENED).format(*counts, fixed(found.taste, places=2)))
    if not found.flagged:
        console.print(say(NOBODY))
        return
    for one in found.flagged:
        line = f"{one.voter}: {say(one.reason)} ({say(FLAGGED)} {one.adjusted:.2g})"
        console.print(escape(line))
    console.print(say(LEFT_OUT), style="dim")


def show_influence(found: Influence, *, lang: str) -> None:
    """Nothing; prints what the last place hangs on."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    if found.last is None:
        console.print(say(NO_LAST))
        return
    console.print(escape(say(LAST).format(found.last)))
    votes = _hangs(found.votes, HANGS_ON_VOTES, ROBUST_VOTES)
    voters = _hangs(found.voters, HANGS_ON_VOTERS, ROBUST_VOTERS)
    console.print(escape(say(votes)))
    console.print(escape(say(voters)))


def show_power(found: Sequence[DesignOutlook], *, lang: str) -> None:
    """Nothing; prints the table of designs."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = plain_table(say(POWER_HEAD))
    for one in found:
        design = one.design
        table.add_row(
            f"{design.gap:g}",
            f"{design.voters:,}",
            f"{design.votes_each:,}",
            f"{design.taste:g}",
            _share(one.last_is_last),
            _share(one.last_separated),
            _error(one.naive_error),
            _error(one.clustered_error),
            f"{one.votes_needed:,}",
        )
    console.print(table)
    console.print(say(POWER_NOTE), style="dim")


def _hangs(change: Change | None, words: Text, robust: Text) -> Text:
    if change is None:
        return robust
    fields = (
        f"{change.removed:,}",
        percent(change.share),
        change.becomes_last,
        change.none_below,
    )
    return Text(ko=words.ko.format(*fields), en=words.en.format(*fields))


def _share(estimate: Estimate) -> str:
    assert estimate.low is not None
    assert estimate.high is not None
    reach = fixed((estimate.high - estimate.low) / 2, places=2)
    return f"{fixed(estimate.value, places=2)}±{reach}"


def _error(error: float | None) -> str:
    return "–" if error is None else fixed(error, places=3)
