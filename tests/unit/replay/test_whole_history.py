"""The history of the Korean programme as data: sourced, dated, consistent."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from dokja.errors import InvalidInput
from dokja.replay.values import Status
from dokja.replay.whole import History, read_programme
from dokja.replay.whole.moments import first_moment, last_moment, stand_ins
from tests.unit.replay.whole_programme import Chapters, entry, shipped_chapters

HANGUL = re.compile("[가-힣]")


def test_every_fact_names_a_page_with_its_day_or_month(history: History) -> None:
    """A figure without source and date is hearsay."""
    told = (*history.organisations, *history.told())
    assert len(told) > 50
    for one in told:
        assert one.sources
        for source in history.cited(one.sources):
            assert source.publisher.strip()
            assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", source.date)


def test_no_page_is_listed_and_never_cited(history: History) -> None:
    """A list of sources that supports nothing looks better founded than it is."""
    told = (*history.organisations, *history.told())
    assert {name for one in told for name in one.sources} == set(history.sources)


def test_what_is_told_of_a_day_was_published_on_it_or_later(history: History) -> None:
    """Only what is told as a plan may lie ahead of its newest page."""
    ahead = {
        one.id
        for one in history.told()
        if first_moment(one.on)
        >= max(last_moment(s.date) for s in history.cited(one.sources))
    }
    assert ahead == {"showing", "stage-2-result"}


def test_every_fact_speaks_both_languages(history: History) -> None:
    """An office reads Korean, an outside auditor English."""
    for one in history.told():
        for text in (one.title, one.text, *((one.reply,) if one.reply else ())):
            assert not HANGUL.search(text.en), one.id
        assert HANGUL.search(one.text.ko), one.id


def test_disputed_facts_stand_beside_the_position_of_the_party(
    history: History,
) -> None:
    """Nobody is held against a rule without its own words beside it."""
    disputed = {
        "briefing-answer",
        "slow-clusters",
        "individual-benchmarks",
        "two-out",
        "objection-window",
        "vacancy",
    }
    assert {one.id for one in history.told() if one.reply} == disputed


def test_the_counts_of_the_first_call_are_those_of_its_names(
    history: History,
) -> None:
    """15 applied, 10 and then 5 were left, and nobody came from nowhere."""
    (first,) = [a for a in history.applicants if a.call == "first-call"]
    names, counts = set(first.applicants), [first.counted]
    for review in (r for r in history.reviews if r.call == "first-call"):
        assert set(review.kept) <= names
        names = set(review.kept)
        counts.append(review.counted)
        assert len(names) == review.counted
    assert counts == [15, 10, 5]


def test_published_numbers_are_recomputed(history: History) -> None:
    """512 + 0.5 × 512 = 768, 2 × 512 = 1,024, and parts sum where they are said to."""
    given = {
        one.id: [(s.team, s.gpu_type, s.gpus) for s in one.shares]
        for one in history.support
    }
    assert sum(gpus for *_, gpus in given["gpus-2025"]) == 2 * 512 == 1024
    half = Decimal("0.5")
    of_lg = {kind: gpus for team, kind, gpus in given["gpus-2026"] if team == "lg"}
    assert of_lg["B200"] + half * of_lg["H100"] == 768
    assert ("motif", "B200", 768) in given["gpus-2026"]
    assert [pool.count for pool in history.pools] == [1024, 1024]
    off = {
        amount.id: sum(part.krw for part in amount.parts) - amount.krw
        for amount in history.amounts
        if amount.parts
    }
    assert {name for name, rest in off.items() if rest} == {"total-2000"}
    assert off["total-2000"] == 37_800_000_000


def test_what_is_our_reading_says_so(history: History) -> None:
    """An inference that looks like a publication is an invention."""
    inferred = [one for one in history.told() if one.status is Status.INFERRED]
    assert [one.id for one in inferred] == ["additional-11750"]
    assert "our reading" in inferred[0].text.en


def test_the_unknown_stays_without_a_value(history: History) -> None:
    """The list names what nobody published; no entry carries a guess."""
    names = {one.id for one in history.unknown}
    assert {"revival-votes", "panel-sheets", "h200", "stage-2-result"} <= names


def _no_source(chapters: Chapters) -> None:
    entry(chapters, "pools", "skt-b200")["sources"] = []


def _unknown_source(chapters: Chapters) -> None:
    entry(chapters, "pools", "skt-b200")["sources"] = ["nowhere"]


def _stranger(chapters: Chapters) -> None:
    entry(chapters, "reviews", "first-selection")["kept"] = ["nobody"]


def _twice(chapters: Chapters) -> None:
    calls = chapters["calls.toml"]["calls"]
    calls.append(dict(calls[0]))


def _backwards(chapters: Chapters) -> None:
    entry(chapters, "calls", "additional-call")["until"] = "2026-01-22"


def _no_call(chapters: Chapters) -> None:
    entry(chapters, "applicants", "first-applicants")["call"] = "third-call"


def _no_milestone(chapters: Chapters) -> None:
    entry(chapters, "dates", "dates-call")["dates"][0]["milestone"] = "party"


def _no_subject(chapters: Chapters) -> None:
    entry(chapters, "amounts", "total-1936")["subject"] = "lunch"


def _no_day(chapters: Chapters) -> None:
    entry(chapters, "events", "showing")["on"] = "2025-12-32"


def _no_korean(chapters: Chapters) -> None:
    entry(chapters, "events", "showing")["title"]["ko"] = " "


def _undated_source(chapters: Chapters) -> None:
    chapters["programme.toml"]["sources"]["msit-result"]["date"] = "soon"


def _other_schema(chapters: Chapters) -> None:
    chapters["programme.toml"]["schema"] = "dokja-programme-history/9"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_source, "skt-b200 names no source"),
        (_unknown_source, "unknown source 'nowhere'"),
        (_stranger, "first-selection names nobody"),
        (_twice, "first-call stands 2 times"),
        (_backwards, "ends at 2026-01-22"),
        (_no_call, "first-applicants names third-call"),
        (_no_milestone, "dates-call names party"),
        (_no_subject, "total-1936 names lunch"),
        (_no_day, "showing: day is out of range"),
        (_no_korean, "showing lacks its Korean or English words"),
        (_undated_source, "has the date 'soon'"),
        (_other_schema, "this program reads 'dokja-programme-history/1'"),
    ],
)
def test_a_history_that_cannot_be_is_refused(
    spoil: Callable[[Chapters], None], said: str
) -> None:
    """Whoever corrects a file learns which line is wrong."""
    chapters = shipped_chapters()
    spoil(chapters)
    with pytest.raises(InvalidInput, match=re.escape(said)):
        read_programme(chapters)


def test_an_entry_stands_in_one_file() -> None:
    """Two files that both say who publishes the history contradict each other."""
    chapters: dict[str, dict[str, Any]] = shipped_chapters()
    chapters["money.toml"]["case"] = "other"
    with pytest.raises(InvalidInput, match="'case' stands in"):
        read_programme(chapters)


def test_times_mean_no_more_than_was_published() -> None:
    """A month counts whole, a day counts whole, an hour counts as it is."""
    assert first_moment("2026-02").isoformat() == "2026-02-01T00:00:00+09:00"
    assert last_moment("2026-02").isoformat() == "2026-03-01T00:00:00+09:00"
    assert last_moment("2027").isoformat() == "2028-01-01T00:00:00+09:00"
    hour = "2026-02-12T16:00+09:00"
    assert first_moment(hour) == last_moment(hour)
    assert stand_ins(hour) == ()
    assert len(stand_ins("2026-02-12", None)) == 1
    assert len(stand_ins("2026", "2026-02-12")) == 2
