"""Items that recur in a training text are found, flagged and weighed."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.benchmark.contamination.overlap_index import (
    index_texts,
    item_overlaps,
    words_of,
)
from dokja.benchmark.contamination.overlap_test import overlap_test
from dokja.benchmark.contamination.read_together import (
    RULES,
    ComparedScores,
    read_together,
)
from dokja.benchmark.contamination.values import ContaminationReading, ItemOverlap
from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import single_items

QUESTION = "다음 가운데 조선 시대에 한글로 지어진 최초의 소설은 무엇인가 고르시오"
WORDS = st.lists(st.sampled_from(["가", "나", "다", "라", "마", "바"]), max_size=30)


def _overlap(question: str, *texts: str) -> ItemOverlap:
    index = index_texts(texts, RULES.gram_words)
    (found,) = item_overlaps([("q", question)], index, RULES)
    return found


def test_a_question_in_the_text_is_found_whole() -> None:
    """Between other words, with other punctuation and spacing."""
    text = f"앞 문장. {QUESTION.replace(' ', '  ', 3)}? (정답: 홍길동전)"
    found = _overlap(QUESTION, "다른 글", text)
    assert (found.longest, found.words, found.flagged) == (10, 10, True)


def test_hangul_stored_as_letters_is_the_same_hangul() -> None:
    """A corpus in NFD, as some file systems write it."""
    text = unicodedata.normalize("NFD", QUESTION)
    assert text != QUESTION
    assert _overlap(QUESTION, text).longest == 10


def test_seven_words_in_a_row_are_not_eight() -> None:
    """Shorter runs are what any two texts share."""
    assert _overlap(QUESTION, " ".join(words_of(QUESTION)[:7])).longest == 0
    assert _overlap(QUESTION, " ".join(words_of(QUESTION)[:8])).longest == 8


def test_a_run_does_not_span_two_texts() -> None:
    """What stands in two documents was never read as one sentence."""
    words = words_of(QUESTION)
    assert _overlap(QUESTION, " ".join(words[:5]), " ".join(words[5:])).longest == 0


def test_a_short_item_is_untested_not_clean() -> None:
    """Under eight words there is nothing to search for."""
    found = _overlap("12 더하기 7 은", "12 더하기 7 은 19")
    assert (found.longest, found.flagged, found.words) == (None, False, 4)


def test_a_long_item_with_a_short_run_is_not_flagged() -> None:
    """The share of the item counts, not the run alone."""
    found = _overlap(f"{QUESTION} {'그리고 다른 말이 이어진다 ' * 5}", QUESTION)
    assert (found.longest, found.words, found.flagged) == (10, 30, False)


def test_an_empty_corpus_holds_nothing() -> None:
    """No text, no run, no failure."""
    assert _overlap(QUESTION).longest == 0


@given(WORDS, st.lists(WORDS, max_size=4))
def test_the_longest_run_is_the_one_a_plain_search_finds(
    item: list[str], texts: list[list[str]]
) -> None:
    """Against comparing every run of words with every other."""
    grams = {tuple(text[k : k + 3]) for text in texts for k in range(len(text) - 3 + 1)}
    hits = [tuple(item[k : k + 3]) in grams for k in range(len(item) - 3 + 1)]
    best = run = 0
    for hit in hits:
        run = run + 1 if hit else 0
        best = max(best, run)
    index = index_texts([" ".join(text) for text in texts], 3)
    (found,) = item_overlaps([("q", " ".join(item))], index, RULES)
    assert found.longest == ((best + 2 if best else 0) if hits else None)


@given(st.permutations([f"{QUESTION} {n}" for n in range(5)]))
def test_the_index_does_not_depend_on_the_order_of_texts(texts: list[str]) -> None:
    """The corpus is a set."""
    plain = index_texts(sorted(texts), 8).hashes
    assert np.array_equal(index_texts(texts, 8).hashes, plain)


def _scored(leaked: float) -> tuple[ComparedScores, list[ItemOverlap]]:
    """Six models on 200 items, 60 of them flagged and 20 too short."""
    scores = (uniform_draws(1, 1200).reshape(6, 200) < 0.5).astype(np.float64)
    known = (uniform_draws(2, 200) < leaked) & (np.arange(200) < 60)
    scores[0][known] = 1.0
    overlaps = [
        ItemOverlap(
            item=f"q{i}",
            words=10,
            longest=10 if i < 60 else (0 if i < 180 else None),
            flagged=i < 60,
        )
        for i in range(200)
    ]
    compared = ComparedScores(
        subject="t1",
        suite="ko",
        own=scores[0],
        references=scores[1:],
        clusters=single_items(200),
        source="test",
    )
    return compared, overlaps


def test_the_gain_is_all_less_clean_net_of_references() -> None:
    """Untested items are in neither mean; the numbers add up."""
    compared, overlaps = _scored(0.9)
    evidence = overlap_test(compared, overlaps, RULES)
    (_, everything), (_, clean) = evidence.scores
    own = compared.own[:180]
    assert everything.value == pytest.approx(own.mean())
    assert clean.value == pytest.approx(own[60:].mean())
    others = compared.references[:, :180]
    net = others.mean() - others[:, 60:].mean()
    assert evidence.estimate is not None
    assert evidence.estimate.value == pytest.approx(
        everything.value - clean.value - net
    )
    assert (evidence.estimate.n, clean.n) == (180, 120)
    assert "untested=20" in evidence.estimate.method
    (finding,) = read_together([evidence])
    assert finding.reading is ContaminationReading.SUPPORTING


def test_presence_without_gain_is_no_evidence() -> None:
    """The items were in the text, and the model did not profit."""
    compared, overlaps = _scored(0.0)
    (finding,) = read_together([overlap_test(compared, overlaps, RULES)])
    assert finding.reading is ContaminationReading.NO_EVIDENCE


def test_without_flagged_items_there_is_nothing_to_compare() -> None:
    """None, with the reason; not a gain of 0."""
    compared, overlaps = _scored(0.0)
    evidence = overlap_test(compared, overlaps[60:120] * 3 + overlaps[60:80], RULES)
    assert evidence.estimate is None
    assert evidence.reason is not None
    (finding,) = read_together([evidence])
    assert finding.reading is ContaminationReading.UNTESTABLE
