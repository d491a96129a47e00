"""The expert panel and the users: how many, what they gave, who stood aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from dokja.evidence.values import Text
from dokja.panel.recusal import recusal_reason
from dokja.panel.values import RecusalBasis, SheetRound
from dokja.programme.values import Topic
from dokja.report.names import Names
from dokja.report.numerals import Shown, points
from dokja.report.pieces import ClauseLink, TeamLink, View, clause_links, team_link
from dokja.report.sections.agreement import AgreementView, agreement_view
from dokja.report.sections.contest import ContestView, contest_view
from dokja.stage.values import StageRecord

MEAN_PLACES = 2
BASIS: Mapping[RecusalBasis, Text] = {
    RecusalBasis.DECLARED: Text("본인 신고", "declared"),
    RecusalBasis.COMPUTED: Text(
        "등록된 관계에서 계산", "computed from registered ties"
    ),
    RecusalBasis.DECLARED_AND_COMPUTED: Text(
        "본인 신고, 등록된 관계에서도 계산",
        "declared, and computed from registered ties",
    ),
}


class MeanRow(View, frozen=True, kw_only=True):
    """A team's mean per question, over `n` sheets or ballots."""

    team: TeamLink
    n: int
    means: tuple[Shown, ...]


class QuestionHead(View, frozen=True, kw_only=True):
    """A column: the question and the most it can be given."""

    name: Text
    most: int


class RecusalRow(View, frozen=True, kw_only=True):
    """An expert who did not score a team."""

    expert: str
    team: TeamLink
    basis: Text
    reason: Text


class LeftOutRow(View, frozen=True, kw_only=True):
    """A sheet that stays on record and does not count."""

    expert: str
    team: TeamLink
    reason: Text
    is_before: bool


class JudgesView(View, frozen=True, kw_only=True):
    """The section on panel and users."""

    experts: int
    sheets: int
    criteria: tuple[QuestionHead, ...]
    panel_rows: tuple[MeanRow, ...]
    panel_synthetic: bool
    panel_note: Text
    recusals: tuple[RecusalRow, ...]
    recusals_explained: bool
    """Whether any rests on more than the expert's own word."""
    recusal_clauses: tuple[ClauseLink, ...]
    left_out: tuple[LeftOutRow, ...]
    agreement: AgreementView | None
    users: int
    ballots: int
    questions: tuple[QuestionHead, ...]
    ballot_rows: tuple[MeanRow, ...]
    ballots_synthetic: bool
    ballots_note: Text
    contest: ContestView | None


def judges_view(record: StageRecord, names: Names) -> JudgesView:
    """Panel and users of the record; sheets of recused experts are not counted."""
    panel, box = record.evidence.panel, record.evidence.ballot_box
    recused = {(r.expert, r.team) for r in record.outcome.recusals}
    sheets = [s for s in panel.sheets if (s.expert, s.team) not in recused]
    criteria = [c.id for c in panel.criteria]
    questions = [q.id for q in box.questions]
    teams = record.evidence.plan.teams
    conflict_clauses = record.evidence.rulebook.clause_numbers(Topic.CONFLICTS)
    return JudgesView(
        experts=len(panel.experts),
        sheets=len(sheets),
        criteria=tuple(QuestionHead(name=c.name, most=c.max) for c in panel.criteria),
        panel_rows=tuple(
            _means(team_link(t, names), [s.scores for s in sheets if s.team == t], ids)
            for t, ids in ((team, criteria) for team in teams)
        ),
        panel_synthetic=panel.synthetic,
        panel_note=panel.note,
        recusals=tuple(
            RecusalRow(
                expert=r.expert,
                team=team_link(r.team, names),
                basis=BASIS[r.basis],
                reason=recusal_reason(r),
            )
            for r in record.outcome.recusals
        ),
        recusals_explained=any(
            r.reason is not None or r.basis is not RecusalBasis.DECLARED
            for r in record.outcome.recusals
        ),
        recusal_clauses=clause_links(conflict_clauses, names),
        left_out=tuple(
            LeftOutRow(
                expert=one.sheet.expert,
                team=team_link(one.sheet.team, names),
                reason=one.reason,
                is_before=one.round is SheetRound.BEFORE,
            )
            for one in panel.left_out
        ),
        agreement=agreement_view(record, names),
        users=len({ballot.user for ballot in box.ballots}),
        ballots=len(box.ballots),
        questions=tuple(
            QuestionHead(name=q.name, most=box.scale.max) for q in box.questions
        ),
        ballot_rows=tuple(
            _means(
                team_link(team, names),
                [b.answers for b in box.ballots if b.team == team],
                questions,
            )
            for team in teams
        ),
        ballots_synthetic=box.synthetic,
        ballots_note=box.note,
        contest=contest_view(record, names),
    )


def _means(
    team: TeamLink, answers: Sequence[dict[str, int]], ids: Iterable[str]
) -> MeanRow:
    return MeanRow(
        team=team,
        n=len(answers),
        means=tuple(
            _mean([given[one] for given in answers if one in given]) for one in ids
        ),
    )


def _mean(values: Sequence[int]) -> Shown:
    if not values:
        return Shown(None)
    return points(Decimal(sum(values)) / len(values), places=MEAN_PLACES)
