"""Money in words: what is read is what stands in the ledger."""

from __future__ import annotations

import pytest

from dokja.support.words import won


@pytest.mark.parametrize(
    ("krw", "ko", "en"),
    [
        (193_600_000_000, "1,936억 원", "₩193,600,000,000"),
        (2_800_012_345, "28억 1만 2,345 원", "₩2,800,012,345"),
        (1_000_000_000_000, "1조 원", "₩1,000,000,000,000"),
        (0, "0 원", "₩0"),
        (-5, "−5 원", "−₩5"),
    ],
)
def test_an_amount_is_whole_in_both_languages(krw: int, ko: str, en: str) -> None:
    """No won is rounded away."""
    assert won(krw).ko == ko
    assert won(krw).en == en
