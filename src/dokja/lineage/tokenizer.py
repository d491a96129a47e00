"""How much vocabulary two models share; never part of a verdict."""

from __future__ import annotations

from collections.abc import Mapping

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
            reason="one of the models has no readable vocabulary",
        )
    shared = sum(token in reference for token in candidate)
    return TokenizerComparison(
        agreement=shared / len(candidate),
        controls=(),
        reason="no pair of independently trained tokenizers was at hand as a control",
    )
