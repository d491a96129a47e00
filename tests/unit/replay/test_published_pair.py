"""Published correlations and the verdict each must get."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dokja.lineage.values import LineageVerdict
from dokja.replay import PublishedStage, ReplayReport, pair_verdict
from dokja.standing.values import Bounds


def _figure(low: str, high: str | None = None) -> Bounds:
    return Bounds(low=Decimal(low), high=Decimal(high or low))


@pytest.mark.parametrize(
    ("pair", "verdict"),
    [
        ("solar-glm", LineageVerdict.NO_EVIDENCE),
        ("naver-enc-qwen-enc", LineageVerdict.DERIVED),
        ("glm-intellect-3", LineageVerdict.DERIVED),
        ("phi-glm", LineageVerdict.NO_EVIDENCE),
        ("ax-k1", LineageVerdict.UNTESTABLE),
    ],
)
def test_each_published_pair_gets_its_verdict(
    report: ReplayReport, pair: str, verdict: LineageVerdict
) -> None:
    """The known cases are the least any rule for lineage has to get right."""
    found = {each.id: each for each in report.independence}
    assert found[pair].verdict is verdict
    assert found[pair].holds
    assert len(found) == 5


def test_every_pair_says_who_measured_and_what_the_party_says(
    report: ReplayReport,
) -> None:
    """A figure without the other side beside it is an accusation."""
    for pair in report.independence:
        assert "did not measure" in pair.wording.en
        assert "측정하지 않았" in pair.wording.ko
        for text in (pair.reply, pair.resolution):
            assert text.ko.strip()
            assert text.en.strip()
        assert pair.sources


@pytest.mark.parametrize("raw", ["0.95", "0.989", "0.9999", "1.0"])
def test_a_raw_cosine_alone_never_accuses(published: PublishedStage, raw: str) -> None:
    """Weights with a shared mean have one near 1 whatever their origin."""
    found = pair_verdict(_figure(raw), None, published.pair_thresholds)
    assert found.verdict is LineageVerdict.UNTESTABLE
    found = pair_verdict(_figure(raw), _figure("0.01"), published.pair_thresholds)
    assert found.verdict is LineageVerdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("raw", "centred"),
    [
        (None, ("0.5", "0.5")),
        (None, ("0.05", "0.95")),
        (None, ("0.85", "0.95")),
        (None, ("-0.95", "-0.95")),
        ("0.2", ("0.95", "0.95")),
    ],
)
def test_what_settles_neither_side_goes_to_a_person(
    published: PublishedStage, raw: str | None, centred: tuple[str, str]
) -> None:
    """A range across a threshold, or figures at odds, are not a verdict."""
    found = pair_verdict(
        _figure(raw) if raw else None, _figure(*centred), published.pair_thresholds
    )
    assert found.verdict is LineageVerdict.REFER


def test_rounded_figures_never_read_identical(published: PublishedStage) -> None:
    """1.0 at one decimal does not say that a byte is equal."""
    found = pair_verdict(_figure("1.0"), _figure("1.0"), published.pair_thresholds)
    assert found.verdict is LineageVerdict.DERIVED
