"""The correction log: appended, chained, never edited."""

from __future__ import annotations

import msgspec
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.report.site import (
    CorrectionLog,
    append_correction,
    log_text,
    read_log,
    render_site,
)
from tests.site_fixture import correction, made_up_publication
from tests.unit.report.parsed_page import parse

FIRST = "sha256:" + "0" * 64
CLAIMS = {"total.a", "total.b"}


def _log(*entries: str) -> CorrectionLog:
    log = CorrectionLog()
    for entry in entries:
        log = append_correction(log, entry, first=FIRST, claims=CLAIMS)
    return log


def test_an_entry_holds_the_digest_of_the_one_before() -> None:
    """That is what makes an edit visible."""
    log = _log(correction("total.a"), correction("total.b"))
    first, second = log.corrections
    assert first.previous == FIRST
    assert second.previous == digest_of(first)
    assert [first.number, second.number] == [1, 2]


def test_a_log_reads_back_and_grows_at_its_end() -> None:
    """Earlier bytes of the file stay as they were published."""
    one, two = _log(correction("total.a")), _log(*map(correction, sorted(CLAIMS)))
    assert read_log(log_text(two), first=FIRST, claims=CLAIMS) == two
    assert log_text(two).startswith(log_text(one))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('en = "What is right"', 'en = "What is left"'),
        ("number = 2", "number = 3"),
        (f'previous = "{FIRST}"', 'previous = "sha256:1"'),
        ('date = "2026-02-03"', 'date = "2026-02-04"'),
    ],
)
def test_an_edited_log_is_refused(before: str, after: str) -> None:
    """The first entry is edited, and the second no longer follows from it."""
    text = log_text(_log(*map(correction, sorted(CLAIMS))))
    assert before in text
    with pytest.raises(InvalidInput, match="does not follow"):
        read_log(text.replace(before, after, 1), first=FIRST, claims=CLAIMS)


def test_a_removed_entry_is_refused() -> None:
    """Removing one is editing the log."""
    log = _log(*map(correction, sorted(CLAIMS)))
    shorter = msgspec.structs.replace(log, corrections=log.corrections[1:])
    with pytest.raises(InvalidInput, match="does not follow"):
        read_log(log_text(shorter), first=FIRST, claims=CLAIMS)


def test_the_log_of_another_bundle_is_refused() -> None:
    """The chain begins with the bundle it speaks of."""
    text = log_text(_log(correction("total.a")))
    with pytest.raises(InvalidInput, match="does not follow"):
        read_log(text, first="sha256:" + "1" * 64, claims=CLAIMS)


@pytest.mark.parametrize(
    ("entry", "fact"),
    [
        (correction("total.z"), "no claim"),
        (correction("total.a", date="03.02.2026"), "not a date"),
        (correction("total.a") + "number = 7\n", "and no other"),
        (correction("total.a").replace("독자", " "), "leaves a sentence empty"),
        ("date = ", "not TOML"),
    ],
)
def test_what_is_no_correction_is_refused(entry: str, fact: str) -> None:
    """A correction says whole sentences about something that was published."""
    with pytest.raises(InvalidInput, match=fact):
        _log(entry)


def test_an_entry_older_than_the_last_is_refused() -> None:
    """Entries bear the day on which they were appended."""
    with pytest.raises(InvalidInput, match="older than"):
        _log(correction("total.a"), correction("total.b", date="2026-01-01"))


def test_a_correction_stands_on_the_card_and_on_the_log() -> None:
    """Who reads the card must not miss it."""
    site = render_site(made_up_publication())
    for path in ("claims/total.team-a.html", "corrections.html"):
        assert 'What was wrong "here"' in parse(site[path].decode()).text
    other = parse(site["claims/total.team-b.html"].decode())
    assert "This claim has not been corrected." in other.text


def test_an_empty_log_says_so() -> None:
    """No entry and no log are different things."""
    publication = msgspec.structs.replace(made_up_publication(), log=CorrectionLog())
    page = parse(render_site(publication)["corrections.html"].decode())
    assert "Nothing has been corrected so far." in page.text
    assert "아직 정정한 내용이 없습니다." in page.text
