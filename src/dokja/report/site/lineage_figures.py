"""How a lineage comparison stands on a card."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import Text
from dokja.lineage.values import ComponentLineage
from dokja.report.numerals import Shown, percent, percent_interval
from dokja.report.pieces import Fact, same
from dokja.report.sections.evidence import (
    ADVERSE,
    IDENTITY,
    detection_shown,
    explained_estimate,
    names_of_tests,
)
from dokja.report.site.claim import Measured
from dokja.report.wording import RELATION


def explained(part: ComponentLineage) -> Measured | None:
    """The explained share; None where there is none."""
    share = explained_estimate(part)
    if share is None:
        return None
    return Measured(
        value=Shown(percent(share.value)),
        unit=Text("설명 비율", "explained share"),
        interval=percent_interval(share),
        n=part.tested_tensors,
        counted=Text("시험한 텐서", "tensors tested"),
        method="jackknife over blocks of rows (95%)",
        source=Text(
            "참조 모델로 설명되는 가중치의 몫",
            "Share of the weights that the reference explains",
        ),
        meter=None,
    )


def verdict_rows(part: ComponentLineage) -> Iterator[Fact]:
    """What a citizen may want to know of the comparison."""
    if part.relation is not None:
        yield Fact(label=Text("관계", "Relation"), value=RELATION[part.relation])
    yield Fact(
        label=Text("바이트까지 같은 텐서", "Tensors equal to the byte"),
        value=same(f"{part.identical_tensors} / {part.tested_tensors}"),
    )
    limit = detection_shown(part).text
    if limit is not None:
        yield Fact(
            label=Text("검출 한계", "Detection limit"),
            value=Text(
                f"참조 가중치의 {limit} 이상이 섞였다면 드러났을 것입니다.",
                f"A share of {limit} or more of the reference would have been seen.",
            ),
        )
    elif part.verdict not in ADVERSE:
        undetermined = Text("미정", "undetermined")
        yield Fact(label=Text("검출 한계", "Detection limit"), value=undetermined)


def test_rows(part: ComponentLineage) -> Iterator[Fact]:
    """The effect of each test beside its controls."""
    tests = [test for test in part.tests if test.id != IDENTITY]
    for test, name in zip(tests, names_of_tests(tests), strict=True):
        if test.effect is not None:
            yield Fact(label=name, value=_effect(test.effect, test.controls_negative))


def _effect(effect: float, controls: tuple[float, ...]) -> Text:
    if not controls:
        return Text(f"효과 {effect:.3f}", f"effect {effect:.3f}")
    low, high = min(controls), max(controls)
    return Text(
        f"효과 {effect:.3f} (무관한 대조군 {len(controls)}개: {low:.3f} – {high:.3f})",
        f"effect {effect:.3f} ({len(controls)} unrelated controls: "
        f"{low:.3f} – {high:.3f})",
    )
