"""Sealed scores: sums prove themselves, sheets open them, and nothing else shows."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.disclosure import (
    PublishedScores,
    Scores,
    check_published,
    check_sheet,
    publish_scores,
    score_sheets,
)
from dokja.disclosure.check import check_record
from dokja.disclosure.commitments import (
    ORDER,
    PRIME,
    G,
    blinding_of,
    commit,
    in_group,
    product,
)
from dokja.disclosure.values import Opening
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import CheckResult
from dokja.programme.values import Audience, Disclosure, Rulebook
from dokja.standing.values import CategoryScore, Standing, TeamStanding
from dokja.wiring.programmes import find_rulebook

BEST_AND_MEAN = (("best_scores", "public"), ("mean_scores", "public"))
SECRET = b"s" * 32


def rules(*shown: tuple[str, str]) -> Rulebook:
    """The example's rulebook with these disclosures."""
    book, _ = find_rulebook("example")
    rows = tuple(Disclosure(record=r, audience=Audience(a)) for r, a in shown)
    return msgspec.structs.replace(book, disclosures=rows)


def team(name: str, points: str) -> TeamStanding:
    """A team with one category and its total."""
    category = CategoryScore(
        category="expert", points=Decimal(points), possible=Decimal(35), components=()
    )
    return TeamStanding(
        team=name,
        total=Decimal(points),
        total_interval=None,
        rank=None,
        rank_probability=(),
        inside_cut=None,
        categories=(category,),
        indices=(),
        targets=(),
    )


def scores(*points: str, shown: Any = BEST_AND_MEAN) -> Scores:
    """Scores of teams named t1, t2 and so on."""
    teams = tuple(team(f"t{n}", p) for n, p in enumerate(points, start=1))
    return Scores(
        standing=Standing(stage="stage-1", teams=teams, method="m"),
        rulebook=rules(*shown),
        rules_digest="sha256:" + "0" * 64,
        secret=SECRET,
    )


def results(published: PublishedScores) -> set[CheckResult]:
    """What the checks of the published scores say."""
    return {check.result for check in check_published(published)}


def test_group_is_of_prime_order_and_both_bases_lie_in_it() -> None:
    """Fermat to several bases; the primes are RFC 3526's and known as such."""
    for number in (PRIME, ORDER):
        assert all(pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7, 11))
    assert in_group(G)
    assert in_group(commit(0, 1)), "the second base"
    assert not in_group(PRIME - 1)
    assert not in_group(1)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_product_of_commitments_commits_to_the_sum(values: list[int]) -> None:
    """What the published mean rests on."""
    blindings = [blinding_of(SECRET, str(n)) for n in range(len(values))]
    parts = [commit(v, r) for v, r in zip(values, blindings, strict=True)]
    assert product(parts) == commit(sum(values), sum(blindings) % ORDER)


def test_failure_04_means_prove_themselves_while_scores_stay_sealed() -> None:
    """Team scores were withheld and only best ones and means given: now provably."""
    published = publish_scores(scores("31.60", "30.00", "28.20", "27.00", "26.00"))
    assert results(published) == {CheckResult.PASS}
    shown = {s.team for s in published.scores if s.opened is not None}
    assert shown == {"t1"}, "the best, and nobody else"
    assert [str(each.mean) for each in published.sums] == ["28.56", "28.56"]
    raw = msgspec.json.encode(published).decode()
    assert all(hidden not in raw for hidden in ("30.00", "28.20", "27.00", "26.00"))


def test_every_team_opens_its_own_and_only_its_own() -> None:
    """A sheet belongs to one team and to one publication."""
    given_ = scores(
        "31.60", "30.00", "28.20", "27.00", shown=(("team_scores", "own_team"),)
    )
    published = publish_scores(given_)
    assert published.sums == (), "no rule shows means"
    sheets = score_sheets(given_, published)
    assert [sheet.team for sheet in sheets] == ["t1", "t2", "t3", "t4"]
    for sheet in sheets:
        assert check_sheet(published, sheet).result is CheckResult.PASS
    stolen = msgspec.structs.replace(sheets[0], team="t2")
    assert check_sheet(published, stolen).result is CheckResult.FAIL
    short = msgspec.structs.replace(sheets[0], lines=sheets[0].lines[:1])
    assert check_sheet(published, short).result is CheckResult.FAIL
    other = msgspec.structs.replace(sheets[0], published="sha256:" + "1" * 64)
    assert check_sheet(published, other).result is CheckResult.FAIL


def test_mean_over_too_few_hidden_scores_is_withheld() -> None:
    """Of two hidden scores, whoever knows one would know the other."""
    published = publish_scores(scores("31.60", "30.00", "28.20"))
    assert published.sums == ()
    assert len(published.withheld) == 2
    everything = (*BEST_AND_MEAN, ("team_scores", "public"))
    open_to_all = scores("31.60", "30.00", shown=everything)
    assert len(publish_scores(open_to_all).sums) == 2, "nothing is hidden there"


def test_lies_are_found() -> None:
    """Each lie about an open score, a mean or a commitment has its check."""
    published = publish_scores(scores("31.60", "30.00", "28.20", "27.00"))
    first, *rest = published.scores
    assert first.opened is not None
    better = msgspec.structs.replace(first.opened, points=Decimal("32.60"))
    finer = msgspec.structs.replace(first.opened, points=Decimal("31.601"))
    wrong_sum = msgspec.structs.replace(
        published.sums[0],
        sum=Opening(points=Decimal(1), blinding=published.sums[0].sum.blinding),
    )
    wrong_mean = msgspec.structs.replace(published.sums[0], mean=Decimal("29.21"))
    fewer = msgspec.structs.replace(published.sums[0], teams=("t1", "t2", "t3"))
    outside = msgspec.structs.replace(first, commitment=f"{PRIME - 1:0512x}")
    twice = (first, first, *rest)
    for change in (
        {"scores": (msgspec.structs.replace(first, opened=better), *rest)},
        {"scores": (msgspec.structs.replace(first, opened=finer), *rest)},
        {"scores": (outside, *rest)},
        {"scores": twice},
        {"sums": (wrong_sum,)},
        {"sums": (wrong_mean,)},
        {"sums": (fewer,)},
    ):
        lie = msgspec.structs.replace(published, **change)
        assert CheckResult.FAIL in results(lie), change


def test_auditor_derives_the_same_commitments() -> None:
    """With bundle and secret everything comes out again, and a changed score shows."""
    published = publish_scores(scores("31.60", "30.00", "28.20", "27.00"))
    again = publish_scores(scores("31.60", "30.00", "28.20", "27.00"))
    other = publish_scores(scores("31.60", "30.00", "28.20", "27.01"))
    assert check_record(published, again).result is CheckResult.PASS
    assert check_record(published, other).result is CheckResult.FAIL


def test_what_no_rule_shows_is_not_shown() -> None:
    """Without disclosures nothing is open, and no team is handed a sheet."""
    silent = scores("31.60", "30.00", shown=())
    published = publish_scores(silent)
    assert all(score.opened is None for score in published.scores)
    with pytest.raises(NotAllowed):
        score_sheets(silent, published)


def test_scores_that_no_rule_rounds_so_are_refused() -> None:
    """Finer than the rule, negative, or a secret that hides nothing."""
    with pytest.raises(InvalidInput):
        publish_scores(scores("31.605", "30.00"))
    with pytest.raises(InvalidInput):
        publish_scores(scores("-1.00", "30.00"))
    with pytest.raises(InvalidInput):
        dataclasses.replace(scores("31.60"), secret=b"short")
