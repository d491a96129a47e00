"""How much vocabulary two models share; never part of a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.lineage.values import TokenizerComparison


def compare_tokenizers(
    candidate: Mapping[str, int] | None, reference: Mapping[str, int] | None
) -> TokenizerComparison:
    """Share of the candidate's token strings that the reference holds too.

    Tokenizers trained on the same language share most frequent strings, so
    the number says nothing by itself and no control pair is at hand.
    """
    if not candidate or not reference:
        return TokenizerComparison(
            agreement=None,
            controls=(),
            reason=Text(
                ko="읽을 수 있는 어휘가 없는 모델이 있음",
                en="One of the models has no readable vocabulary.",
            ),
        )
    shared = sum(token in reference for token in candidate)
    return TokenizerComparison(
        agreement=shared / len(candidate),
        controls=(),
        reason=Text(
            ko="따로 학습한 토크나이저 쌍이 없어 대조군을 두지 못함",
            en="No pair of independently trained tokenizers was at hand as a control.",
        ),
    )
