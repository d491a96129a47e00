"""Which commitments are to be looked at, and that each has words."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from dokja.commitment import (
    Commitment,
    CommitmentStatus,
    Promised,
    commitment_matter,
    commitment_of,
    register,
)
from dokja.commitment.agenda import commitment_agenda
from dokja.commitment.assess import bounds_of
from dokja.commitment.event_words import EVENT_WORDS
from dokja.commitment.values import (
    CatalogueRule,
    CommitmentEvent,
    CountRule,
    EndpointRule,
    JudgedRule,
    LicenceRule,
    MeasuringRule,
    ReleaseRule,
    Reporter,
)
from dokja.commitment.words import FIGURES, REPORTERS, STATUSES, rule_words
from dokja.evidence.values import Text
from dokja.programme.agenda import Standing
from dokja.programme.matters import Mandate
from dokja.programme.schedule.values import Source

WORDS = Text(ko="말", en="words")
RULES: tuple[MeasuringRule, ...] = (
    EndpointRule(availability=0.995, p95_seconds=2.5),
    ReleaseRule(formats=("safetensors", "gguf"), tolerance=0.01),
    LicenceRule(),
    CatalogueRule(entries=40, answering=0.9),
    CountRule(at_least=1e7, unit="people"),
    JudgedRule(),
)


def promised(name: str, due: str | None, on: date) -> Commitment:
    """A promise that nothing was found of."""
    matter = commitment_matter("p", name)
    promise = Promised(
        team="alpha",
        text=WORDS,
        target=WORDS,
        source=Source(publisher="paper", on="2026-01-01"),
        rule=JudgedRule(),
        reporter=Reporter.OFFICE,
        due=due,
    )
    mandate = Mandate(by="o", at="2026-01-02T09:00:00+09:00", clause="1.1")
    act = register(matter, (), promise, mandate=mandate)
    return commitment_of(matter, (act,), on=on)


def test_what_is_open_past_its_day_comes_first_and_then_what_is_near() -> None:
    """Of those that are far, only the next one is said."""
    on = date(2026, 3, 1)
    found = [
        promised("far", "2027", on),
        promised("farther", "2028", on),
        promised("near", "2026-03", on),
        promised("never", None, on),
        promised("past", "2026-02-01", on),
    ]
    listed = [(i.standing, i.what.en) for i in commitment_agenda(found)]
    assert listed == [
        (Standing.OVERDUE, "settle commitment past"),
        (Standing.DUE, "measure commitment near"),
        (Standing.WAITS, "measure commitment far"),
    ]


def test_every_act_status_and_figure_has_words() -> None:
    """A page that meets one without would not open."""
    assert set(EVENT_WORDS) == set(get_args(CommitmentEvent))
    assert set(STATUSES) == set(CommitmentStatus)
    assert set(REPORTERS) == set(Reporter)
    assert {name for rule in RULES for name, _, _ in bounds_of(rule)} == set(FIGURES)
    assert {type(rule) for rule in RULES} == set(get_args(MeasuringRule))


@pytest.mark.parametrize(
    ("rule", "number"),
    list(zip(RULES, ("99.5%", "0.01", "", "90%", "10,000,000", ""), strict=True)),
)
def test_a_rule_is_said_with_its_numbers(rule: MeasuringRule, number: str) -> None:
    """In both languages, and as exact as they are."""
    found = rule_words(rule)
    assert number in found.ko
    assert number in found.en
