"""The figures of the standing as claims: totals, ranks, points, indices."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import Estimate, Text
from dokja.programme.values import Component, Topic
from dokja.report.names import Names
from dokja.report.numerals import (
    Shown,
    interval,
    percent,
    percent_interval,
    probability,
)
from dokja.report.pieces import Fact, View, same, unique
from dokja.report.site.claim import Claim, Measured, Place, claim_id
from dokja.report.site.provenance import Provenance, topics_of
from dokja.report.site.score_figures import (
    as_json,
    fact,
    observations_in,
    observations_of,
    out_of,
    point_interval,
    rank_interval,
    said_if_known,
    share_meter,
    shown_points,
)
from dokja.report.site.values import ClaimKind
from dokja.report.site.words import (
    COUNTED,
    DOES_NOT_SHOW,
    MEASURE_LIMITS,
    MEASURE_SHOWS,
    SHOWS,
)
from dokja.report.wording import MEASURE
from dokja.stage.acts import STANDING
from dokja.stage.values import StageRecord
from dokja.standing.values import (
    CategoryScore,
    ComponentScore,
    IndexScore,
    TeamStanding,
)

POINTS = Text("점", "points")
OFFICE = Text(
    "사무국이 공식 실행, 전문가 평가표, 사용자 투표에서 계산",
    "Computed by the programme office from official runs, sheets and ballots",
)
RANKS = "{}; from the 2.5 to the 97.5 % quantile of the rank over the draws"
INDEX_METHOD = "100 x points won / points possible, of the parts by their share"
OBSERVATIONS = Text("문항·평가표·투표", "items, sheets and ballots")
NO_TOTAL = Text(
    "증거가 모두 갖추어지지 않은 항목이 있어 정할 수 없습니다.",
    "Some component lacks evidence, so there is no figure.",
)


class _Figure(View, frozen=True, kw_only=True):
    """What one kind of figure says of itself."""

    title: Text
    said: Text
    place: tuple[str, str]
    """Pointer into the standing's act, and the JSON found there."""
    topics: tuple[Topic, ...]
    acts: tuple[str, ...]
    measured: Measured
    rows: tuple[Fact, ...] = ()
    rule: Component | None = None
    """The component the figure is about, if it is about one."""


class ScoreClaims:
    """Makes the claims on the standing of one record."""

    def __init__(self, record: StageRecord, names: Names) -> None:
        self._record, self._names = record, names
        self._from = Provenance(record)
        self._rulebook, self._plan = record.evidence.rulebook, record.evidence.plan
        self._parts = {part.id: part for part in self._rulebook.components()}
        self._act = f"{STANDING}/{self._plan.stage}"

    def of_team(self, position: int, team: TeamStanding) -> Iterator[Claim]:
        """All claims on a team, which is the standing's `position`th."""
        where = f"/body/teams/{position}"
        yield self._total(team, where)
        yield self._rank(team, where)
        for at, category in enumerate(team.categories):
            yield self._category(team, category, f"{where}/categories/{at}")
            for number, part in enumerate(category.components):
                yield self._component(
                    team, part, f"{where}/categories/{at}/components/{number}"
                )
        for at, index in enumerate(team.indices):
            yield self._index(team, index, f"{where}/indices/{at}")

    def _total(self, team: TeamStanding, where: str) -> Claim:
        name, possible = self._names.team(team.team), f"{self._names.possible}"
        value = shown_points(team.total, NO_TOTAL)
        said = said_if_known(
            value,
            Text(
                f"{name.ko}의 총점은 {possible}점 만점에 {value.text}점입니다.",
                f"{name.en} has a total of {value.text} out of {possible} points.",
            ),
            Text(
                f"{name.ko}의 총점은 미정입니다.",
                f"The total of {name.en} is undetermined.",
            ),
        )
        found = team.total_interval
        return self._claim(
            (ClaimKind.TOTAL, team.team),
            _Figure(
                title=Text("총점", "Total"),
                said=said,
                place=(f"{where}/total", as_json(team.total)),
                topics=(Topic.SCORING, Topic.ROUNDING),
                acts=self._from.all_evidence(team.team),
                measured=Measured(
                    value=value,
                    unit=out_of(possible),
                    interval=interval(found.low, found.high, places=2)
                    if found
                    else None,
                    n=found.n if found else None,
                    counted=OBSERVATIONS,
                    method=found.method if found else "",
                    source=OFFICE,
                    meter=share_meter(found, float(self._names.possible)),
                ),
                rows=tuple(
                    Fact(
                        label=self._names.category(c.category),
                        value=fact(
                            shown_points(c.points, NO_TOTAL), f" / {c.possible}"
                        ),
                    )
                    for c in team.categories
                ),
            ),
        )

    def _rank(self, team: TeamStanding, where: str) -> Claim:
        name = self._names.team(team.team)
        count = len(self._record.outcome.standing.teams)
        value = Shown(None if team.rank is None else str(team.rank), NO_TOTAL)
        said = said_if_known(
            value,
            Text(
                f"{name.ko}의 순위는 {count}개 팀 가운데 {value.text}위입니다.",
                f"{name.en} ranks {value.text} of {count} teams by total.",
            ),
            Text(
                f"{name.ko}의 순위는 미정입니다.",
                f"The rank of {name.en} is undetermined.",
            ),
        )
        inside = team.inside_cut
        cut = self._rulebook.rank_cut(self._plan.stage)
        rows = [
            Fact(label=Text(f"{r}위", f"Rank {r}"), value=same(probability(share)))
            for r, share in enumerate(team.rank_probability, start=1)
        ]
        if inside is not None and cut is not None:
            label = Text(f"상위 {cut.keep}위 이내", f"Among the best {cut.keep}")
            rows.append(Fact(label=label, value=same(probability(inside.value))))
        return self._claim(
            (ClaimKind.RANK, team.team),
            _Figure(
                title=Text("순위와 그 확률", "Rank and its probability"),
                said=said,
                place=(f"{where}/rank", as_json(team.rank)),
                topics=(Topic.RANK_CUT, Topic.TIES),
                acts=self._from.all_evidence(team.team),
                measured=Measured(
                    value=value,
                    unit=Text(f"위 / {count}개 팀", f"of {count} teams"),
                    interval=rank_interval(team),
                    n=inside.n if inside else None,
                    counted=Text("모의 추출", "redraws"),
                    method=RANKS.format(self._record.outcome.standing.method)
                    if inside
                    else "",
                    source=OFFICE,
                    meter=None,
                ),
                rows=tuple(rows),
            ),
        )

    def _category(
        self, team: TeamStanding, category: CategoryScore, where: str
    ) -> Claim:
        name, value = (
            self._names.category(category.category),
            shown_points(category.points, NO_TOTAL),
        )
        return self._claim(
            (ClaimKind.CATEGORY, team.team, category.category),
            _Figure(
                title=name,
                said=self._scored(team.team, name, value, f"{category.possible}"),
                place=(f"{where}/points", as_json(category.points)),
                topics=(Topic.SCORING, Topic.ROUNDING),
                acts=unique(
                    act
                    for part in category.components
                    for act in self._from.acts_of(
                        self._parts[part.component], team.team
                    )
                ),
                measured=Measured(
                    value=value,
                    unit=out_of(f"{category.possible}"),
                    interval=None,
                    n=observations_in(category),
                    counted=OBSERVATIONS
                    if len(category.components) > 1
                    else COUNTED[self._parts[category.components[0].component].measure],
                    method="sum of the components as rounded",
                    source=OFFICE,
                    meter=None,
                ),
                rows=tuple(
                    Fact(
                        label=self._names.component(part.component),
                        value=fact(
                            shown_points(part.points, NO_TOTAL), f" / {part.possible}"
                        ),
                    )
                    for part in category.components
                ),
            ),
        )

    def _component(self, team: TeamStanding, part: ComponentScore, where: str) -> Claim:
        rule, name = self._parts[part.component], self._names.component(part.component)
        value, share = shown_points(part.points, part.reason), part.share
        rows = () if share is None else self._share_rows(rule, share)
        return self._claim(
            (ClaimKind.COMPONENT, team.team, part.component),
            _Figure(
                title=name,
                said=self._scored(team.team, name, value, f"{part.possible}"),
                place=(f"{where}/points", as_json(part.points)),
                topics=(Topic.SCORING, Topic.ROUNDING, *topics_of(rule.measure)),
                acts=self._from.acts_of(rule, team.team),
                measured=Measured(
                    value=value,
                    unit=out_of(f"{part.possible}"),
                    interval=point_interval(share, part.possible),
                    n=share.n if share else None,
                    counted=COUNTED[rule.measure],
                    method=share.method if share else "",
                    source=MEASURE[rule.measure],
                    meter=share_meter(share, 1.0),
                ),
                rows=rows,
                rule=rule,
            ),
        )

    def _share_rows(self, rule: Component, share: Estimate) -> tuple[Fact, ...]:
        label = Text("배점에 곱한 비율", "Share of the points")
        ends = percent_interval(share)
        shown = percent(share.value) + (f" ({ends})" if ends else "")
        suites = self._plan.suites.get(rule.id, ())
        named = [self._names.suite(suite) for suite in suites]
        rows = (Fact(label=label, value=same(shown)),)
        if not named:
            return rows
        return (
            *rows,
            Fact(
                label=Text("평가 묶음", "Suites"),
                value=Text(
                    ", ".join(n.ko for n in named), ", ".join(n.en for n in named)
                ),
            ),
        )

    def _index(self, team: TeamStanding, index: IndexScore, where: str) -> Claim:
        owner, name = self._names.team(team.team), self._names.index(index.index)
        value = shown_points(index.value, NO_TOTAL)
        said = said_if_known(
            value,
            Text(
                f"{owner.ko}의 {name.ko} 값은 100 기준 {value.text}입니다.",
                f"{owner.en} has {value.text} of 100 on the {name.en}.",
            ),
            Text(
                f"{owner.ko}의 {name.ko} 값은 미정입니다.",
                f"The {name.en} of {owner.en} is undetermined.",
            ),
        )
        rule = next(i for i in self._rulebook.indices if i.id == index.index)
        parts = [self._parts[part.component] for part in rule.parts]
        return self._claim(
            (ClaimKind.INDEX, team.team, index.index),
            _Figure(
                title=name,
                said=said,
                place=(f"{where}/value", as_json(index.value)),
                topics=(Topic.INDICES,),
                acts=unique(
                    a for part in parts for a in self._from.acts_of(part, team.team)
                ),
                measured=Measured(
                    value=value,
                    unit=out_of("100"),
                    interval=None,
                    n=sum(observations_of(team, part.id) for part in parts) or None,
                    counted=OBSERVATIONS,
                    method=INDEX_METHOD,
                    source=OFFICE,
                    meter=None,
                ),
                rows=tuple(
                    Fact(
                        label=self._names.component(part.component),
                        value=same(f"× {part.share}"),
                    )
                    for part in rule.parts
                ),
            ),
        )

    def _claim(
        self, subject: tuple[ClaimKind, str, *tuple[str, ...]], figure: _Figure
    ) -> Claim:
        kind, team, *rest = subject
        pointer, value = figure.place
        rule = figure.rule
        return Claim(
            id=claim_id(kind, team, *rest),
            kind=kind,
            team=team,
            name=self._names.team(team),
            title=figure.title,
            said=figure.said,
            place=Place(act=self._act, pointer=pointer, value=value),
            measured=figure.measured,
            rows=figure.rows,
            by=OFFICE if rule is None else self._from.by(rule, team),
            at=self._from.at(rule),
            clauses=unique(
                number
                for topic in figure.topics
                for number in self._rulebook.clause_numbers(topic)
            ),
            shows=(SHOWS[kind] if rule is None else MEASURE_SHOWS[rule.measure],),
            does_not_show=DOES_NOT_SHOW[kind]
            if rule is None
            else (MEASURE_LIMITS[rule.measure],),
            acts=figure.acts,
        )

    def _scored(self, team: str, part: Text, value: Shown, possible: str) -> Text:
        name = self._names.team(team)
        return said_if_known(
            value,
            Text(
                f"{name.ko}의 {part.ko} 점수는 배점 {possible}점 가운데 "
                f"{value.text}점입니다.",
                f"{name.en} won {value.text} of {possible} points: {part.en}.",
            ),
            Text(
                f"{name.ko}의 {part.ko} 점수는 미정입니다.",
                f"The points of {name.en} are undetermined: {part.en}.",
            ),
        )
