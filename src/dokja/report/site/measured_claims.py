"""The measured indices and the target as claims, where a stage has them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Estimate, Text
from dokja.programme.values import Topic
from dokja.report.index_words import READING, TARGET_VIEW
from dokja.report.names import Names
from dokja.report.numerals import Shown, fixed, interval, moment
from dokja.report.pieces import Fact, View, same, unique
from dokja.report.site.claim import Claim, Measured, Place, claim_id
from dokja.report.site.values import ClaimKind
from dokja.report.site.words import DOES_NOT_SHOW, SHOWS
from dokja.stage.acts import CANDIDATES, FIGURES, INDICES, RUN
from dokja.stage.values import StageRecord
from dokja.standing.indices.values import (
    AttainmentView,
    DiffusionIndex,
    FrontierIndex,
    MeasuredIndices,
)

PLACES = 2
FRONTIER = Text("측정 AI 프런티어 지수", "Measured AI Frontier Index")
DIFFUSION = Text("측정 AI 확산 지수", "Measured AI Diffusion Index")
OFFICE = Text(
    "사무국이 공식 실행과 기록된 자료에서 계산",
    "Computed by the programme office from official runs and recorded figures",
)
POINTS = Text("문항과 자료", "items and figures")


class _Found(View, frozen=True, kw_only=True):
    """One measured figure with where the act holds it."""

    kind: ClaimKind
    key: str
    title: Text
    where: str
    estimate: Estimate | None
    reason: Text | None
    scale: float
    unit: Text
    rows: tuple[Fact, ...] = ()
    topics: tuple[Topic, ...]


class MeasuredClaims:
    """Makes the claims on the measured indices of one record."""

    def __init__(self, record: StageRecord, names: Names) -> None:
        self._names, self._rulebook = names, record.evidence.rulebook
        self._plan = record.evidence.plan
        self._found: MeasuredIndices | None = None
        if record.outcome.indices is not msgspec.UNSET:
            self._found = record.outcome.indices

    def of_team(self, team: str) -> Iterator[Claim]:
        """The claims on a team; none where the stage measured no index."""
        if self._found is not None:
            for owner, found in self._figures(self._found):
                if owner == team:
                    yield self._claim(team, found)

    def _figures(self, measured: MeasuredIndices) -> Iterator[tuple[str, _Found]]:
        """Every measured figure with the team it is of."""
        frontier, diffusion = measured.frontier, measured.diffusion
        for at, index in enumerate(frontier.teams if frontier else ()):
            yield index.team, _frontier(index, at)
        for at, index_of_use in enumerate(diffusion.teams if diffusion else ()):
            yield index_of_use.team, _diffusion(index_of_use, at)
        for at, target in enumerate(measured.targets):
            for number, view in enumerate(target.views):
                if view.official:
                    where = f"/body/targets/{at}/views/{number}/attainment"
                    yield target.team, self._target(view, where)

    def _claim(self, team: str, found: _Found) -> Claim:
        name, estimate, scale = self._names.team(team), found.estimate, found.scale
        shown = Shown(
            None if estimate is None else fixed(scale * estimate.value, places=PLACES),
            found.reason,
        )
        value = None if estimate is None else estimate.value
        unknown = Text(
            f"{name.ko}의 {found.title.ko} 값은 미정입니다.",
            f"The {found.title.en} of {name.en} is undetermined.",
        )
        return Claim(
            id=claim_id(found.kind, team, "measured", found.key),
            kind=found.kind,
            team=team,
            name=name,
            title=found.title,
            said=unknown
            if shown.text is None
            else Text(
                f"{name.ko}의 {found.title.ko} 값은 {shown.text}{found.unit.ko}입니다.",
                f"{name.en} has {shown.text}{found.unit.en} on the {found.title.en}.",
            ),
            place=Place(
                act=f"{INDICES}/{self._plan.stage}",
                pointer=found.where if value is None else f"{found.where}/value",
                value=canonical_bytes(value).decode(),
                scale=int(scale),
            ),
            measured=_measured(estimate, shown, found),
            rows=found.rows,
            by=OFFICE,
            at=moment(self._plan.schedule.decided),
            clauses=unique(
                n for t in found.topics for n in self._rulebook.clause_numbers(t)
            ),
            shows=(SHOWS[found.kind],),
            does_not_show=DOES_NOT_SHOW[found.kind],
            acts=tuple(
                f"{kind}/{subject}"
                for kind, subject in (
                    (RUN, team),
                    (CANDIDATES, self._plan.stage),
                    (FIGURES, self._plan.stage),
                )
            ),
        )

    def _target(self, view: AttainmentView, where: str) -> _Found:
        rows = [
            Fact(
                label=Text("견준 모델", "Held against"),
                value=TARGET_VIEW[view.view]
                if view.reference is None
                else self._names.reference(view.reference),
            ),
            Fact(
                label=Text("요구되는 비율", "Required"),
                value=same(f"{100 * view.required:.0f}%"),
            ),
        ]
        if view.reading is not None:
            rows.append(
                Fact(label=Text("구간의 판독", "Reading"), value=READING[view.reading])
            )
        return _Found(
            kind=ClaimKind.TARGET,
            key="target",
            title=Text("목표 달성률", "attainment of the target"),
            where=where,
            estimate=view.attainment,
            reason=view.reason,
            scale=100.0,
            unit=same("%"),
            rows=tuple(rows),
            topics=(Topic.TARGET,),
        )


def _frontier(found: FrontierIndex, at: int) -> _Found:
    return _Found(
        kind=ClaimKind.INDEX,
        key="frontier",
        title=FRONTIER,
        where=f"/body/frontier/teams/{at}/index",
        estimate=found.index,
        reason=found.reason,
        scale=1.0,
        unit=same(""),
        topics=(Topic.INDICES,),
    )


def _diffusion(found: DiffusionIndex, at: int) -> _Found:
    return _Found(
        kind=ClaimKind.INDEX,
        key="diffusion",
        title=DIFFUSION,
        where=f"/body/diffusion/teams/{at}/index",
        estimate=found.index,
        reason=found.reason,
        scale=1.0,
        unit=same(""),
        topics=(Topic.INDICES,),
    )


def _measured(estimate: Estimate | None, shown: Shown, found: _Found) -> Measured:
    ends = None
    if estimate is not None and estimate.low is not None and estimate.high is not None:
        low, high = found.scale * estimate.low, found.scale * estimate.high
        ends = interval(low, high, places=PLACES)
    return Measured(
        value=shown,
        unit=found.unit,
        interval=ends,
        n=estimate.n if estimate else None,
        counted=POINTS,
        method=estimate.method if estimate else "",
        source=same(estimate.source) if estimate and estimate.source else OFFICE,
        meter=None,
    )
