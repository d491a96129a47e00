"""What the public contest found of each team as claims, where a stage held one."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.contest.published.published_contest import ContestSummary, PublishedContest
from dokja.contest.rating.rated import RatedTeam
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.report.figures.strengths import logits
from dokja.report.names import Names
from dokja.report.numerals import RANGE, Shown, interval, moment
from dokja.report.pieces import Fact, same
from dokja.report.sections.contest import NOT_SHOWN, UNRATED
from dokja.report.site.claim import Claim, Measured, Place, claim_id
from dokja.report.site.values import ClaimKind
from dokja.report.site.words import DOES_NOT_SHOW, SHOWS
from dokja.stage.acts import CONTEST, CONTEST_SUMMARY
from dokja.stage.values import StageRecord

LOGITS = Text(" 로짓", " logits")
VOTES = Text("표", "votes")
NO_STRENGTH = Text("값을 정할 수 없음", "not settled")
ZERO = Fact(label=Text("배점", "Points"), value=Text("0점(참고)", "0; for information"))


class ContestClaims:
    """Makes the claims on the contest of one record."""

    def __init__(self, record: StageRecord, names: Names) -> None:
        self._names, self._plan = names, record.evidence.plan
        self._published: PublishedContest | None = record.evidence.contest or None
        self._summary: ContestSummary | None = record.outcome.contest or None

    def of_team(self, team: str) -> Iterator[Claim]:
        """The claim on a team; none where the contest did not have it."""
        if self._published is not None and self._summary is not None:
            for at, rated in enumerate(self._summary.rating.teams):
                if rated.team == team:
                    yield self._claim(rated, at, self._published, self._summary)

    def _claim(
        self,
        rated: RatedTeam,
        at: int,
        published: PublishedContest,
        summary: ContestSummary,
    ) -> Claim:
        stage, schedule = self._plan.stage, self._plan.schedule
        rating, part = summary.rating, published.participation
        shown = Shown(
            None if rated.strength is None else logits(rated.strength),
            UNRATED[rated.unrated] if rated.unrated else NO_STRENGTH,
        )
        return Claim(
            id=claim_id(ClaimKind.STRENGTH, rated.team, summary.contest),
            kind=ClaimKind.STRENGTH,
            team=rated.team,
            name=self._names.team(rated.team),
            title=published.rules.name,
            said=self._said(rated, shown, published.rules.name),
            place=Place(
                act=f"{CONTEST_SUMMARY}/{stage}",
                pointer=f"/body/rating/teams/{at}/strength",
                value=canonical_bytes(rated.strength).decode(),
                scale=1,
            ),
            measured=Measured(
                value=shown,
                unit=LOGITS,
                interval=interval(rated.low, rated.high, places=2),
                n=rated.votes,
                counted=VOTES,
                method=rating.method,
                source=same(rating.source),
                meter=None,
            ),
            rows=(ZERO, self._ranks(rated)),
            by=Text(
                f"참여한 {rating.voters}명의 표에서 사무국이 계산",
                f"Computed by the programme office from the votes of {rating.voters} "
                "people",
            ),
            at=moment(part.days[-1].day if part.days else schedule.ballots_closed),
            clauses=(),
            shows=(SHOWS[ClaimKind.STRENGTH],),
            does_not_show=(*DOES_NOT_SHOW[ClaimKind.STRENGTH], *NOT_SHOWN),
            acts=(f"{CONTEST}/{stage}",),
        )

    def _said(self, rated: RatedTeam, shown: Shown, contest: Text) -> Text:
        name = self._names.team(rated.team)
        if shown.text is None:
            return Text(
                f"{contest.ko}에서 {name.ko}의 강도는 정할 수 없습니다.",
                f"{name.en} has no strength in the {contest.en.lower()}.",
            )
        return Text(
            f"{contest.ko}에서 {name.ko}의 강도는 {shown.text}로짓입니다.",
            f"{name.en} has a strength of {shown.text} logits in the "
            f"{contest.en.lower()}.",
        )

    def _ranks(self, rated: RatedTeam) -> Fact:
        ranks = f"{rated.rank_low}"
        if rated.rank_low != rated.rank_high:
            ranks = RANGE.format(rated.rank_low, rated.rank_high)
        return Fact(label=Text("가능한 순위", "Possible ranks"), value=same(ranks))
