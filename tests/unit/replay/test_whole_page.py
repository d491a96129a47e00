"""The page of the whole programme: complete, bilingual, inert, unknown as unknown."""

from __future__ import annotations

import re

import pytest

from dokja.replay.values import Status
from dokja.replay.whole import StepResult, WholeReplay
from dokja.replay.whole.results import Chapter
from dokja.report import Reproduction, render_timeline
from dokja.report.timeline import TimelineView, timeline_view
from dokja.report.timeline.amounts import won
from dokja.report.timeline.days import shown, span
from dokja.report.timeline.drift import drifting
from dokja.report.timeline.words import CHAPTER, MEANING, RESULT, STATUS
from tests.unit.report.parsed_page import Element, parse

HANGUL = re.compile("[가-힣]")
REPRODUCTION = Reproduction(command="dokja replay k-ai", versions=(("Dokja", "0"),))
MOST_BYTES = 400_000


@pytest.fixture(scope="module")
def html(whole: WholeReplay) -> str:
    """The page as it is written."""
    return render_timeline(whole, reproduction=REPRODUCTION)


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    """The page taken apart."""
    return parse(html)


@pytest.fixture(scope="module")
def view(whole: WholeReplay) -> TimelineView:
    """What the page prints."""
    return timeline_view(whole, reproduction=REPRODUCTION)


def test_every_step_and_event_stands_on_the_page(
    whole: WholeReplay, page: Element
) -> None:
    """What is left out of a chronicle did not happen for its reader."""
    ids = {e.attributes.get("id") for e in page.walk()}
    told = [s.id for s in whole.facts if s.chapter is not Chapter.MONEY]
    assert {f"step-{name}" for name in (*told, *(e.id for e in whole.events))} <= ids
    text = page.by_id("money").text
    for amount in whole.amounts:
        assert won(amount.krw).en in text


def test_every_reference_leads_somewhere(page: Element) -> None:
    """A number that leads nowhere is no source."""
    ids = {e.attributes.get("id") for e in page.walk()}
    links = [e.attributes["href"] for e in page.find_all("a")]
    assert [link for link in links if link.removeprefix("#") not in ids] == []
    assert len([link for link in links if link.startswith("#source-")]) > 60


def test_nothing_is_loaded_and_no_style_is_inline(html: str, page: Element) -> None:
    """The policy forbids both; a bar that needs them would not be drawn."""
    assert re.findall(r'(?:src|href)="(?!#)', html) == []
    assert [e.name for e in page.walk() if "style" in e.attributes] == []
    assert len(html.encode()) < MOST_BYTES


def test_it_is_said_that_nobody_stands_behind_it(page: Element) -> None:
    """Who reads it must not take it for the ministry's page, and can correct it."""
    head, foot = page.by_id("decision").text, page.find_all("footer")[-1].text
    for text in (head, foot):
        assert "Not affiliated with any ministry or company" in text
        assert "어느 부처나 기업과도 관련이 없다" in text
    assert "To correct an entry, open an issue" in page.by_id("sources").text


def test_disputes_stand_beside_the_position_of_the_party(
    whole: WholeReplay, view: TimelineView, page: Element
) -> None:
    """A finding without the reply is half of it; controls are nobody's dispute."""
    replies = page.by_id("disputes").text.count("The party's own position")
    assert replies == len(view.disputes) == 1 + 3
    assert [one.result.code for one in view.disputes[:1]] == ["fail"]
    for step in whole.facts:
        if step.reply is not None:
            assert step.reply.en in page.by_id(f"step-{step.id}").text


def test_the_unknown_is_drawn_as_unknown(
    whole: WholeReplay, view: TimelineView, page: Element
) -> None:
    """A gap that looks like a zero, or like the end, is a false statement."""
    assert [station.count for station in view.way] == [15, 10, 5, 3, 4, None]
    figure = str(view.overview)
    for result in StepResult:
        drawn = figure.count(f'class="step step-{result.value}"')
        assert drawn == len(whole.steps(result))
    assert 'class="unread"' in figure
    assert view.read_until.en == "5 June 2026"
    for each in whole.unknown:
        assert each.text.ko in page.by_id("unknown").text
    assert "no page to cite" in page.by_id("money").text
    (pool,) = [one for one in view.pools if one.units is None]
    assert (pool.given, pool.when) == (None, None)
    (leased,) = [one for one in view.pools if one.units is not None]
    assert (leased.units, leased.given) == ("1,024", "512 + 512 = 1,024")


def test_a_drift_is_drawn_from_announcement_to_announcement(
    whole: WholeReplay, view: TimelineView
) -> None:
    """Two dates moved; three of the six announcements came without a reason."""
    moved = {own[0].milestone: len(own) for _, own in drifting(whole.dates)}
    assert moved == {"stage-1": 2, "final": 4}
    figure = str(view.drift)
    assert figure.count('class="dated dated-open"') == 3
    assert figure.count('class="dated"') == 3
    assert figure.count('class="drift"') == 4


def test_words_are_in_both_languages() -> None:
    """A Korean page with an English word in it is half translated."""
    tables = (CHAPTER, RESULT, MEANING, STATUS)
    assert [len(t) for t in tables] == [len(Chapter), 3, 3, len(Status)]
    for table in tables:
        for text in table.values():
            assert HANGUL.search(text.ko)
            assert not HANGUL.search(text.en)


@pytest.mark.parametrize(
    ("on", "until", "en", "ko"),
    [
        ("2027", None, "2027", "2027년"),
        ("2025-08", None, "August 2025", "2025년 8월"),
        ("2026-01-15", "2026-01-15", "15 January 2026", "2026년 1월 15일"),
        (
            "2026-01-23",
            "2026-02-12T16:00+09:00",
            "23 January 2026 – 12 February 2026, 16:00 KST",
            "2026년 1월 23일 – 2026년 2월 12일 16:00",
        ),
    ],
)
def test_a_time_is_shown_as_exactly_as_it_was_published(
    on: str, until: str | None, en: str, ko: str
) -> None:
    """A month printed as its first day would be a day nobody published."""
    assert (span(on, until).en, span(on, until).ko) == (en, ko)
    assert shown(on).en in en


def test_amounts_are_counted_as_each_language_counts() -> None:
    """Hundred millions in Korean, billions in English, no digit lost."""
    assert won(19_320_000_000).en == "₩19.32bn"
    assert won(19_320_000_000).ko == "193.2억 원"
