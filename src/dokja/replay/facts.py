"""The published facts, each beside what Dokja derives from the others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from dokja.evidence.values import Text, quantise
from dokja.programme.values import Rulebook
from dokja.replay.results import Fact, Outcome, RemovedBy
from dokja.replay.values import (
    TOTAL,
    Published,
    PublishedStage,
    weakest,
)


def facts_of(
    published: PublishedStage, rulebook: Rulebook, outcome: Outcome
) -> tuple[Fact, ...]:
    """Every fact that can be checked, in the order of the stage."""
    return (
        *_points(published, rulebook),
        *_sums(published, rulebook),
        *_mean_total(published, rulebook),
        *_leads(published, rulebook),
        *_ranks(published, rulebook, outcome),
        *_decided(published, outcome),
        *_afterwards(published, rulebook, outcome),
        *_recomputed(published),
    )


def _points(published: PublishedStage, rulebook: Rulebook) -> Iterator[Fact]:
    ours = {part.id: part.points for part in rulebook.components()}
    theirs = published.points.components
    for part in sorted({*ours, *theirs}, key=[*ours, *theirs].index):
        name = part_name(rulebook, part)
        yield _fact(
            published,
            f"points-{part}",
            Text(ko=f"{name.ko} 배점", en=f"{name.en}, points"),
            given=_plain(theirs.get(part)),
            found=_plain(ours.get(part)),
            by=(published.points,),
        )
    yield _fact(
        published,
        "points-total",
        Text(ko="배점의 합", en="Sum of the points"),
        given=_plain(sum(theirs.values(), Decimal(0))),
        found=_plain(sum((c.points for c in rulebook.categories), Decimal(0))),
        by=(published.points,),
    )


def _sums(published: PublishedStage, rulebook: Rulebook) -> Iterator[Fact]:
    groups = {c.id: tuple(p.id for p in c.components) for c in rulebook.categories}
    groups[TOTAL] = tuple(c.id for c in rulebook.categories)
    for team in published.teams:
        for whole, parts in groups.items():
            value = published.score(team.id, whole)
            points = [published.score(team.id, part) for part in parts]
            known = [each for each in points if each is not None]
            if value is None or len(known) != len(parts):
                continue
            yield _fact(
                published,
                f"sum-{team.id}-{whole}",
                Text(
                    ko=f"{team.name.ko} {part_name(rulebook, whole).ko}, "
                    f"{' + '.join(str(each) for each in known)}",
                    en=f"{team.name.en}, {part_name(rulebook, whole).en}, "
                    f"{' + '.join(str(each) for each in known)}",
                ),
                given=str(value),
                found=str(sum(known, Decimal(0))),
                by=tuple(s for s in published.scores if s.team == team.id),
            )


def _mean_total(published: PublishedStage, rulebook: Rulebook) -> Iterator[Fact]:
    mean = published.mean(TOTAL)
    parts = [published.mean(category.id) for category in rulebook.categories]
    known = [each for each in parts if each is not None]
    if mean is None or len(known) != len(parts):
        return
    total = sum(known, Decimal(0))
    terms = " + ".join(str(each) for each in known)
    yield _fact(
        published,
        "mean-total",
        Text(
            ko=f"평균 총점, {terms} = {total}, 공개된 자릿수로 반올림",
            en=f"Mean total, {terms} = {total}, at the published decimals",
        ),
        given=str(mean),
        found=str(total.quantize(mean, rounding=ROUND_HALF_UP)),
        by=published.means,
    )


def _leads(published: PublishedStage, rulebook: Rulebook) -> Iterator[Fact]:
    for lead in published.leads:
        scores = [entry for entry in published.scores if entry.part == lead.part]
        highest = max(entry.value for entry in scores)
        holders = sorted(entry.team for entry in scores if entry.value == highest)
        mean = published.mean(lead.part)
        value = published.score(lead.teams[0], lead.part)
        name = part_name(rulebook, lead.part)
        yield _fact(
            published,
            f"highest-{lead.part}",
            Text(
                ko=f"{name.ko} 최고 점수 (평균 이상일 것)",
                en=f"{name.en}, highest score, not below the mean",
            ),
            given=f"{value} ({', '.join(sorted(lead.teams))})",
            found=f"{highest} ({', '.join(holders)})"
            if mean is None or mean <= highest
            else f"the mean {mean} is above {highest}",
            by=(lead, *scores),
        )


def _ranks(
    published: PublishedStage, rulebook: Rulebook, outcome: Outcome
) -> Iterator[Fact]:
    ranking = published.ranking
    cut = rulebook.rank_cut(published.stage)
    yield _fact(
        published,
        "planned-places",
        Text(
            ko="계획된 진출 팀 수",
            en="Places planned for the next stage",
        ),
        given=str(len(published.teams) - ranking.planned_eliminations),
        found=str(cut.keep) if cut else "no rank cut",
        by=(ranking,),
    )
    outside = {
        each.team for each in outcome.removals if RemovedBy.RANK_CUT in each.removed_by
    }
    inside = [team.id for team in published.teams if team.id not in outside]
    yield _fact(
        published,
        "inside-cut",
        Text(ko="총점 상위에 든 팀", en="Teams inside the cut by total"),
        given=", ".join(sorted(ranking.inside)),
        found=", ".join(sorted(inside)),
        by=(ranking,),
    )


def _decided(published: PublishedStage, outcome: Outcome) -> Iterator[Fact]:
    decision = published.decision
    rows: tuple[tuple[str, str, str, object, object], ...] = (
        ("advances", "진출", "Advance", decision.advances, outcome.advances),
        (
            "eliminated-by-rank",
            "순위에 따른 탈락",
            "Eliminated by rank",
            decision.eliminated_by_rank,
            outcome.eliminated_by_rank,
        ),
        (
            "eliminated-by-gate",
            "독자성 분석에 따른 탈락",
            "Eliminated by the gate",
            decision.eliminated_by_gate,
            outcome.eliminated_by_gate,
        ),
        ("vacancy", "빈자리", "Vacancies", decision.vacancies, outcome.vacancy),
        (
            "revival-call",
            "추가 공모 실시",
            "Extra call follows",
            decision.revival_call,
            outcome.revival_call,
        ),
    )
    for name, ko, en, given, found in rows:
        yield _fact(
            published,
            f"decision-{name}",
            Text(ko=ko, en=en),
            given=_shown(given),
            found=_shown(found),
            by=(decision,),
        )


def _afterwards(
    published: PublishedStage, rulebook: Rulebook, outcome: Outcome
) -> Iterator[Fact]:
    objection, revival = published.objection, published.revival
    yield _fact(
        published,
        "objection-end",
        Text(
            ko=f"이의제기 기간의 마지막 날 (발표 후 {objection.days}일)",
            en=f"Last day of the objection window, {objection.days} days long",
        ),
        given=objection.ends,
        found=outcome.objection_until,
        by=(objection, published.decision),
    )
    yield _fact(
        published,
        "extra-call-opening",
        Text(
            ko="추가 공모의 시작일 (이의제기 기간 중에는 조기 확정이 가능한 규정에서만 "
            "허용되며, 조기 확정을 알린 문서는 확인되지 않음)",
            en="Day the extra call opened (inside the objection window only rules "
            "with early confirmation allow it; no document of one was found)",
        ),
        given=revival.opened,
        found=_allowed_opening(published, rulebook, outcome),
        by=(revival, objection),
    )
    yield _fact(
        published,
        "active-teams",
        Text(
            ko="추가 선정 후 참여 팀 수",
            en="Teams in the programme after the extra call",
        ),
        given=str(revival.active_teams),
        found=str(len(outcome.advances) + min(1, outcome.vacancy)),
        by=(revival, published.decision),
    )


def _allowed_opening(
    published: PublishedStage, rulebook: Rulebook, outcome: Outcome
) -> str:
    """The announced day where the rules allow it, else from when they do."""
    opened = published.revival.opened
    early = rulebook.objection is not None and rulebook.objection.early_closure
    if early or opened > outcome.objection_until:
        return opened
    return f"> {outcome.objection_until}"


def _recomputed(published: PublishedStage) -> Iterator[Fact]:
    for entry in published.recomputable:
        exact = Decimal(0)
        for factors in entry.terms:
            product = Decimal(1)
            for factor in factors:
                product *= factor
            exact += product
        exact /= entry.divisor
        yield Fact(
            id=entry.id,
            text=entry.text,
            published=str(entry.published),
            recomputed=str(quantise(exact, places=entry.shown_places)),
            holds=exact.quantize(entry.published, rounding=ROUND_HALF_UP)
            == entry.published,
            status=entry.status,
            sources=published.cited(entry.sources),
        )


def _fact(
    published: PublishedStage,
    name: str,
    text: Text,
    *,
    given: str,
    found: str,
    by: tuple[Published, ...],
) -> Fact:
    """A fact that holds when both sides read the same; the weakest status counts."""
    cited = tuple(dict.fromkeys(each for entry in by for each in entry.sources))
    return Fact(
        id=name,
        text=text,
        published=given,
        recomputed=found,
        holds=given == found,
        status=weakest(entry.status for entry in by),
        sources=published.cited(cited),
    )


def part_name(rulebook: Rulebook, part: str) -> Text:
    """Name of a component, a category or the total."""
    names = {each.id: each.name for each in rulebook.components()}
    names |= {each.id: each.name for each in rulebook.categories}
    return names.get(part, Text(ko="총점", en="Total"))


def _plain(points: Decimal | None) -> str:
    return "none" if points is None else f"{points.normalize():f}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(sorted(value)) or "none"
    return str(value).lower()
