"""The public contest: who took part, how the teams were rated, what it hangs on."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from dokja.contest.published.published_contest import ContestSummary, PublishedContest
from dokja.contest.published.published_limits import published_limits
from dokja.contest.rating.rated import (
    Change,
    ContestRating,
    Influence,
    RatedTeam,
    RatingView,
)
from dokja.contest.screening.screened import FlaggedVoter
from dokja.contest.values import Suspicion, VoidReason
from dokja.evidence.values import Estimate, Text
from dokja.report.figures.strengths import logits, strengths_figure, strongest_first
from dokja.report.names import Names
from dokja.report.numerals import RANGE, fixed, interval, percent
from dokja.report.pieces import Fact, TeamLink, View, same, team_link
from dokja.stage.values import StageRecord
from dokja.statistics.ratings.values import NoStrength

UNRATED: dict[NoStrength, Text] = {
    NoStrength.UNBEATEN: Text("진 표가 없어 상한이 없음", "never lost: no upper bound"),
    NoStrength.WINLESS: Text("이긴 표가 없어 하한이 없음", "never won: no lower bound"),
    NoStrength.APART: Text(
        "다른 팀과 이어지는 표가 없음", "no wins lead both ways to the others"
    ),
    NoStrength.UNMET: Text("표가 없음", "stands in no vote"),
    NoStrength.UNSETTLED: Text("표로 값을 정할 수 없음", "not settled by the votes"),
}
VOIDED: dict[VoidReason, Text] = {
    VoidReason.SELF_NAMED: Text("답변이 팀을 밝힘", "an answer named its team"),
    VoidReason.ENDPOINT_DEAD: Text("모델 응답 없음", "a model did not answer"),
    VoidReason.ENDPOINT_SLOW: Text("모델 응답 지연", "a model answered too late"),
    VoidReason.REPORTED: Text("투표자 신고", "reported by the voter"),
}
APART: dict[Suspicion, Text] = {
    Suspicion.FOR_TEAM: Text("늘 {team} 선택", "always for {team}"),
    Suspicion.AGAINST_TEAM: Text("늘 {team} 반대", "always against {team}"),
    Suspicion.ONE_SIDE: Text("늘 같은 쪽 선택", "always one side"),
    Suspicion.UNREAD: Text("읽지 않고 판정", "judged unread"),
}
TERMS: dict[str, Text] = {
    "left": Text("왼쪽에 놓임", "standing left"),
    "tie": Text("무승부", "ties"),
    "hundred_characters": Text("답변 길이 100자", "100 characters of length"),
    "list_entries": Text("목록 한 줄", "a list entry"),
    "code_lines": Text("코드 한 줄", "a line of code"),
}
NOT_SHOWN = (
    Text(
        "국민 전체의 의견이 아니라 참여한 사람들이 이 질문들에서 고른 결과입니다.",
        "Not the opinion of the public: what those who took part chose, on these "
        "prompts.",
    ),
    Text(
        "답변이 옳은지는 보여 주지 않습니다. 더 나아 보이는 답변을 골랐을 뿐입니다.",
        "Not whether an answer is right: people chose the one that seemed better.",
    ),
    Text(
        "강도는 참가한 팀들 사이의 상대적인 값이어서, 다른 팀이 참가했다면 달라집니다.",
        "Strengths are relative to the teams that took part; with others they would "
        "differ.",
    ),
)


class ContestRow(View, frozen=True, kw_only=True):
    """A team's strength with its intervals and both errors."""

    team: TeamLink
    strength: str | None
    unrated: Text | None
    interval: str | None
    ranks: str
    votes: int
    naive: str | None
    clustered: str | None


class ReadingRow(View, frozen=True, kw_only=True):
    """Another reading of the same votes."""

    name: Text
    order: tuple[TeamLink, ...]
    differs: bool
    terms: tuple[Fact, ...]


class FlaggedRow(View, frozen=True, kw_only=True):
    """A voter whose votes the official rating leaves out."""

    voter: str
    apart: Text
    counts: str
    expected: str
    adjusted: str


class ContestView(View, frozen=True, kw_only=True):
    """What the section shows."""

    name: Text
    synthetic: bool
    note: Text
    voters: int
    votes: int
    facts: tuple[Fact, ...]
    figure: Markup
    rows: tuple[ContestRow, ...]
    design_effect: str | None
    readings: tuple[ReadingRow, ...]
    influence: Text
    screened: int
    flagged: tuple[FlaggedRow, ...]
    not_shown: tuple[Text, ...]
    limits: tuple[Text, ...]
    commitment: str
    secret: str
    methods: tuple[str, ...]


def contest_view(record: StageRecord, names: Names) -> ContestView | None:
    """The contest of the record; None where the stage held none."""
    published, summary = record.evidence.contest, record.outcome.contest
    if not published or not summary:
        return None
    rating = summary.rating
    teams = strongest_first(rating.teams)
    return ContestView(
        name=published.rules.name,
        synthetic=published.synthetic,
        note=published.note,
        voters=rating.voters,
        votes=rating.votes,
        facts=tuple(_facts(published, rating, names)),
        figure=strengths_figure("contest-strengths", teams, names.team),
        rows=tuple(_row(team, rating, names) for team in teams),
        design_effect=None
        if rating.design_effect is None
        else fixed(rating.design_effect, places=2),
        readings=tuple(_readings(published, summary, names)),
        influence=_influence(summary.influence, names),
        screened=published.screening.voters,
        flagged=tuple(
            _flagged(one, summary.labels, names) for one in published.screening.flagged
        ),
        not_shown=NOT_SHOWN,
        limits=tuple(published_limits(published)),
        commitment=published.opened.commitment,
        secret=published.unblinded.secret,
        methods=(
            rating.method,
            published.screening.method,
            summary.influence.method,
        ),
    )


def _facts(
    published: PublishedContest, rating: ContestRating, names: Names
) -> Iterator[Fact]:
    part, canaries = published.participation, published.canaries
    yield Fact(
        label=Text("참여", "Took part"),
        value=Text(
            f"등록 {part.admitted}명, 투표 {part.voters}명, 표 {part.votes}장",
            f"{part.admitted} admitted, {part.voters} voted, {part.votes} votes",
        ),
    )
    if part.days:
        first, last = part.days[0].day, part.days[-1].day
        days = first if first == last else RANGE.format(first, last)
        yield Fact(label=Text("기간", "Days"), value=same(days))
    yield Fact(
        label=Text("무승부", "Ties"),
        value=Text(
            f"{rating.ties}표, 그중 ‘둘 다 나쁨’ {rating.both_bad}표",
            f"{rating.ties}, of which {rating.both_bad} `both bad`",
        ),
    )
    yield Fact(
        label=Text("확인용 대결", "Control battles"),
        value=Text(
            f"망가진 답변 {canaries.broken}건 중 {canaries.broken_seen}건, 같은 답변 "
            f"{canaries.same}건 중 {canaries.same_tied}건을 알아봄",
            f"{canaries.broken_seen} of {canaries.broken} broken answers and "
            f"{canaries.same_tied} of {canaries.same} equal ones recognised",
        ),
    )
    lost = [(VOIDED[VoidReason(why)], n) for why, n in part.voided.items() if n]
    yield Fact(
        label=Text("판정하지 않은 대결", "Battles not judged"),
        value=Text(
            ", ".join(f"{why.ko} {n}건" for why, n in lost) or "없음",
            ", ".join(f"{why.en}: {n}" for why, n in lost) or "none",
        ),
    )
    yield Fact(
        label=Text("마감 뒤의 표", "Votes after the closing"),
        value=same(f"{published.late}"),
    )
    for standing in published.endpoints:
        yield Fact(label=names.team(standing.team), value=standing.note)


def _row(team: RatedTeam, rating: ContestRating, names: Names) -> ContestRow:
    errors = next((e for e in rating.errors if e.team == team.team), None)
    clustered = errors.clustered if errors else None
    return ContestRow(
        team=team_link(team.team, names),
        strength=None if team.strength is None else logits(team.strength),
        unrated=UNRATED[team.unrated] if team.unrated else None,
        interval=interval(team.low, team.high, places=2),
        ranks=f"{team.rank_low}"
        if team.rank_low == team.rank_high
        else RANGE.format(team.rank_low, team.rank_high),
        votes=team.votes,
        naive=fixed(errors.naive, places=3) if errors else None,
        clustered=None if clustered is None else fixed(clustered, places=3),
    )


def _readings(
    published: PublishedContest, summary: ContestSummary, names: Names
) -> Iterator[ReadingRow]:
    known = {view.id for view in summary.rating.views}
    # What the votes alone do not give was recorded by the office.
    kept = [view for view in published.rating.views if view.id not in known]
    for view in (*summary.rating.views, *kept):
        yield ReadingRow(
            name=view.name,
            order=_order(view, names),
            differs=view.order_differs,
            terms=tuple(
                Fact(
                    label=TERMS.get(term, same(term)),
                    value=same(_term(found)),
                )
                for term, found in view.terms.items()
            ),
        )


def _term(found: Estimate) -> str:
    ends = interval(found.low, found.high, places=2)
    return logits(found.value) + (f" ({ends})" if ends else "")


def _order(view: RatingView, names: Names) -> tuple[TeamLink, ...]:
    rated = [
        (team.strength, team.team) for team in view.teams if team.strength is not None
    ]
    return tuple(team_link(team, names) for _, team in sorted(rated, key=_strongest))


def _strongest(rated: tuple[float, str]) -> tuple[float, str]:
    return -rated[0], rated[1]


def _influence(found: Influence, names: Names) -> Text:
    if found.last is None or found.votes is None:
        return Text(
            "마지막 순위를 바꾸는 표의 묶음은 절반 이하에서 찾지 못했습니다.",
            "No set of up to half of the votes was found whose absence would change "
            "the last place.",
        )
    parts = [_change(found.votes, "votes", found.votes_cast)]
    if found.voters is not None:
        parts.append(_change(found.voters, "voters", found.voters_seen))
    next_last = names.team(found.votes.becomes_last)
    return Text(
        f"{' 또는 '.join(part.ko for part in parts)}이 없었다면 마지막 팀이 "
        f"달라집니다(표를 뺄 때: {next_last.ko}).",
        f"Without {' or '.join(part.en for part in parts)} another team would be last "
        f"(of votes: {next_last.en}).",
    )


def _change(found: Change, unit: str, total: int) -> Text:
    share = percent(found.share)
    if unit == "votes":
        return Text(
            f"{total}표 중 {found.removed}표({share})",
            f"{found.removed} of {total} votes ({share})",
        )
    return Text(
        f"{total}명 중 {found.removed}명({share})",
        f"{found.removed} of {total} voters ({share})",
    )


def _flagged(one: FlaggedVoter, labels: dict[str, str], names: Names) -> FlaggedRow:
    team, words = names.team(labels.get(one.about, one.about)), APART[one.suspicion]
    return FlaggedRow(
        voter=one.voter,
        apart=Text(words.ko.format(team=team.ko), words.en.format(team=team.en)),
        counts=f"{one.agreeing} / {one.battles}",
        expected=fixed(one.expected, places=1),
        adjusted=f"{one.adjusted:.2g}",
    )
