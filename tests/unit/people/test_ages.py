"""Ages, digests and notices: what follows from values alone."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from dokja.people import notice_digest, notices_for
from dokja.people.ages import age_band, age_on
from dokja.people.digests import (
    declared_identity,
    form_token,
    invited_identity,
    is_form_token,
    plain_login,
    plain_password,
    provider_identity,
    token_digest,
)
from dokja.people.values import AgeBand, ConsentKind, Role
from tests.contract.people_fixture import CONTROLLER


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2012, 1, 20), date(2026, 1, 19), 13),
        (date(2012, 1, 20), date(2026, 1, 20), 14),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
    ],
)
def test_age_is_counted_in_full_years(born: date, day: date, age: int) -> None:
    """The law speaks of the day somebody turns 14, not of a year."""
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("year", "band"),
    [
        (2012, AgeBand.TEENS),
        (2007, AgeBand.TEENS),
        (2006, AgeBand.TWENTIES),
        (1967, AgeBand.FIFTIES),
        (1966, AgeBand.SIXTY_AND_OVER),
        (None, AgeBand.UNSTATED),
    ],
)
def test_ages_fall_into_bands(year: int | None, band: AgeBand) -> None:
    """Each band begins where the one before it ends."""
    assert age_band(year, 2026) is band


def test_identities_of_different_kinds_never_meet() -> None:
    """A name that somebody states must not become a provider's word."""
    digests = {
        identity.subject_digest
        for identity in (
            provider_identity("", "kim"),
            provider_identity("https://a.example", "kim"),
            provider_identity("https://a.examplek", "im"),
            invited_identity("kim"),
            declared_identity("kim"),
        )
    }
    assert len(digests) == 5
    assert declared_identity(" KIM ") == declared_identity("kim")


def test_a_form_token_belongs_to_one_browser_and_does_not_open_it() -> None:
    """A page may carry it: from it nobody gets to the cookie."""
    assert is_form_token(form_token("a"), "a")
    assert not is_form_token(form_token("a"), "b")
    assert not is_form_token("", "a")
    assert not is_form_token("한글", "a")
    assert len({form_token("a"), token_digest("a")}) == 2


def test_what_keyboards_write_in_two_ways_is_one_text() -> None:
    """Hangul is typed composed here and decomposed there."""
    decomposed = "\u1112\u1161\u11ab"
    assert plain_login(f" {decomposed}ABC ") == "한abc"
    assert plain_password(decomposed) == "한"
    assert plain_password(" A ") == " A "


def test_a_notice_says_what_the_law_asks_for_in_both_languages() -> None:
    """Purpose, items, retention and the right to refuse (PIPA, Article 15)."""
    for role in set(Role) - {Role.PUBLIC}:
        notices = notices_for(role, CONTROLLER)
        assert notices[0].kind is ConsentKind.REQUIRED
        for notice in notices:
            parts = (
                notice.purpose,
                notice.items,
                notice.retention,
                notice.rights,
                notice.refusal,
            )
            assert all(part.ko and part.en for part in parts)
            assert "거부" in notice.refusal.ko
    retention = notices_for(Role.VOTER, CONTROLLER)[0].retention
    assert "열쇠" in retention.ko
    assert "votes twice" in retention.en


def test_a_notice_that_changes_has_another_digest() -> None:
    """A consent is to these words and to no others."""
    notice = notices_for(Role.EXPERT, CONTROLLER)[0]
    changed = msgspec.structs.replace(notice, version="2")
    assert notice_digest(changed) != notice_digest(notice)
