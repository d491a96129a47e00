"""What anybody can check of published scores, and a team of its own sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from dokja.disclosure.commitments import commit, in_group, product
from dokja.disclosure.values import (
    Opening,
    PublishedScores,
    PublishedSum,
    ScoreSheet,
)
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Check, CheckResult, Text, quantise

Commitments = Mapping[tuple[str, str], int]


def check_published(published: PublishedScores) -> tuple[Check, ...]:
    """Whether every open score and every sum is what was committed to.

    That a commitment holds the score that was measured, a team checks with its own
    sheet and an auditor with the bundle; no proof says it here.
    """
    known = _commitments(published)
    return (
        _check("D1", list(_strange(published)), _GROUP),
        _check("D2", list(_unopened(published, known)), _OPENED),
        _check("D3", list(_wrong_sums(published, known)), _SUMS),
    )


def check_sheet(published: PublishedScores, sheet: ScoreSheet) -> Check:
    """Whether a team's sheet opens exactly the commitments under its name."""
    known = _commitments(published)
    mine = {figure for team, figure in known if team == sheet.team}
    wrong = [
        line.figure
        for line in sheet.lines
        if not _opens(
            known.get((sheet.team, line.figure)), line.opened, published.places
        )
    ]
    wrong += sorted(mine - {line.figure for line in sheet.lines})
    if sheet.published != digest_of(published):
        wrong.append("published")
    return _check("D4", wrong, _SHEET)


def check_record(published: PublishedScores, derived: PublishedScores) -> Check:
    """Whether what was published is what the bundle's record comes to."""
    wrong = [
        name
        for name in ("programme", "stage", "rules_digest", "places", "scores", "sums")
        if getattr(published, name) != getattr(derived, name)
    ]
    return _check("D5", wrong, _RECORD)


_GROUP = Text(ko="봉인값의 형식", en="commitments lie in the group, each once")
_OPENED = Text(ko="공개된 점수와 봉인값", en="open scores open their commitments")
_SUMS = Text(ko="평균과 봉인값의 합", en="means follow from the commitments")
_SHEET = Text(ko="팀 점수표와 봉인값", en="the sheet opens the team's commitments")

_RECORD = Text(ko="묶음의 점수와 봉인값", en="commitments hold the bundle's scores")


def _commitments(published: PublishedScores) -> Commitments:
    return {(s.team, s.figure): int(s.commitment, 16) for s in published.scores}


def _strange(published: PublishedScores) -> Iterator[str]:
    seen = set()
    for score in published.scores:
        name = (score.team, score.figure)
        if name in seen or not in_group(int(score.commitment, 16)):
            yield "/".join(name)
        seen.add(name)


def _unopened(published: PublishedScores, known: Commitments) -> Iterator[str]:
    for score in published.scores:
        if score.opened is not None and not _opens(
            known[score.team, score.figure], score.opened, published.places
        ):
            yield f"{score.team}/{score.figure}"


def _wrong_sums(published: PublishedScores, known: Commitments) -> Iterator[str]:
    for each in published.sums:
        all_teams = tuple(t for t, figure in known if figure == each.figure)
        if sorted(each.teams) != sorted(all_teams):
            yield f"{each.figure} (teams)"
        elif not _is_sum(each, known, published.places):
            yield each.figure


def _is_sum(each: PublishedSum, known: Commitments, places: int) -> bool:
    parts = product(known[team, each.figure] for team in each.teams)
    mean = quantise(each.sum.points / len(each.teams), places=places)
    return _opens(parts, each.sum, places) and mean == each.mean


def _opens(commitment: int | None, opening: Opening, places: int) -> bool:
    scaled = opening.points.scaleb(places)
    if commitment is None or scaled != scaled.to_integral_value() or scaled < 0:
        return False
    return commit(int(Decimal(scaled)), int(opening.blinding, 16)) == commitment


def _check(number: str, wrong: list[str], about: Text) -> Check:
    if not wrong:
        return Check(id=number, result=CheckResult.PASS, detail=about)
    names = ", ".join(wrong[:10])
    return Check(
        id=number,
        result=CheckResult.FAIL,
        detail=Text(
            ko=f"{about.ko}이(가) 맞지 않음: {names}", en=f"not so: {about.en}: {names}"
        ),
    )
