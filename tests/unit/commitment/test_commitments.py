"""Promises are kept, missed or open, and only evidence says which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.commitment import (
    Commitment,
    CommitmentStatus,
    Promised,
    commitment_matter,
    commitment_of,
    record,
    register,
)
from dokja.commitment.observations import (
    CatalogueSeen,
    EntrySeen,
    FormatSeen,
    FormatState,
    Request,
)
from dokja.commitment.observed import (
    catalogue_figures,
    endpoint_figures,
    licence_figure,
    release_figures,
)
from dokja.commitment.values import (
    CatalogueRule,
    CountRule,
    EndpointRule,
    Judged,
    JudgedRule,
    LicenceRule,
    Measured,
    MeasuredFigure,
    MeasuringRule,
    PromiseAmended,
    PromiseWithdrawn,
    ReleaseRule,
    Reporter,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Act, Estimate, Text
from dokja.programme.matters import Mandate
from dokja.programme.schedule import Source

MATTER = commitment_matter("p", "users")
WORDS = Text(ko="약속", en="promise")
SOURCE = Source(publisher="alpha", on="2025-08-04")
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)


def mandate(by: str = "officer") -> Mandate:
    """A mandate."""
    return Mandate(by=by, at="2026-06-01T09:00:00+09:00", clause="8.1")


def promise(rule: MeasuringRule, due: str | None = "2026-06") -> Promised:
    """A promise due at the end of June."""
    return Promised(
        team="alpha",
        text=WORDS,
        target=WORDS,
        source=SOURCE,
        rule=rule,
        reporter=Reporter.PROBE,
        due=due,
    )


def history(rule: MeasuringRule, *events: Any, due: str | None = "2026-06") -> Any:
    """The acts of a promise and what happened to it."""
    acts: list[Act] = [register(MATTER, (), promise(rule, due), mandate=mandate())]
    for event in events:
        acts.append(record(MATTER, acts, event, seen=len(acts), mandate=mandate()))
    return acts


def found(
    rule: MeasuringRule, *events: Any, on: date = AFTER, **due: Any
) -> Commitment:
    """The commitment on a day."""
    return commitment_of(MATTER, history(rule, *events, **due), on=on)


def count(value: float) -> Measured:
    """A reported number."""
    estimate = Estimate(
        value=value, low=None, high=None, n=1, method="reported", source="report"
    )
    figure = MeasuredFigure(name="count", estimate=estimate)
    return Measured(by=Reporter.TEAM, figures=(figure,))


USERS = CountRule(at_least=10_000_000, unit="users")


@pytest.mark.parametrize(
    ("events", "on", "status"),
    [
        ((), BEFORE, CommitmentStatus.DUE),
        ((), AFTER, CommitmentStatus.UNDETERMINED),
        ((count(2e6),), BEFORE, CommitmentStatus.DUE),
        ((count(2e6),), AFTER, CommitmentStatus.MISSED),
        ((count(1e7),), BEFORE, CommitmentStatus.MET),
        ((count(2e6), count(1.2e7)), AFTER, CommitmentStatus.MET),
    ],
)
def test_status_follows_the_latest_figure_and_the_day(
    events: tuple[Any, ...], on: date, status: CommitmentStatus
) -> None:
    """Nothing reported is undetermined, never missed."""
    assert found(USERS, *events, on=on).status is status


def test_promise_without_a_day_is_never_missed() -> None:
    """Nobody named a day, so none has passed."""
    assert found(USERS, count(1.0), due=None).status is CommitmentStatus.DUE


def test_amended_and_withdrawn_promises_keep_their_first_words_on_record() -> None:
    """A later, softer promise is seen to be one."""
    softer = PromiseAmended(
        text=WORDS,
        target=WORDS,
        reason=WORDS,
        source=SOURCE,
        due="2027",
        rule=CountRule(at_least=100, unit="users"),
    )
    after = found(USERS, count(2e6), softer)
    assert (after.status, after.amended) == (CommitmentStatus.MET, 1)
    back = PromiseWithdrawn(reason=WORDS, source=SOURCE)
    assert found(USERS, back).status is CommitmentStatus.WITHDRAWN
    with pytest.raises(NotAllowed, match="taken back"):
        history(USERS, back, count(1.0))


def requests(answered: int, failed: int, seconds: float = 0.5) -> list[Request]:
    """Requests of which some were answered."""
    return [Request(answered=True, seconds=seconds)] * answered + [
        Request(answered=False, seconds=30.0)
    ] * failed


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (requests(1000, 0), CommitmentStatus.MET),
        (requests(20, 0), CommitmentStatus.UNDETERMINED),
        (requests(900, 100), CommitmentStatus.MISSED),
        (requests(1000, 0, seconds=9.0), CommitmentStatus.MISSED),
    ],
)
def test_service_is_judged_by_intervals(
    asked: list[Request], status: CommitmentStatus
) -> None:
    """Twenty good answers do not show 99 %; a hundred failures in 1,000 disprove it."""
    rule = EndpointRule(availability=0.99, p95_seconds=2.0)
    figures = endpoint_figures(asked, source="probe")
    canonical_bytes(figures)
    measured = Measured(by=Reporter.PROBE, figures=figures)
    assert found(rule, measured).status is status


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=200))
def test_percentile_lies_in_its_interval(times: list[float]) -> None:
    """The ends are order statistics on both sides of it."""
    asked = [Request(answered=True, seconds=each) for each in times]
    p95 = endpoint_figures(asked, source="s")[1].estimate
    assert (p95.low or 0) <= p95.value <= (p95.high or max(times))
    assert p95.value in times


def format_seen(name: str, far: float | None) -> FormatSeen:
    """A format that is so far from zero, or that is damaged."""
    if far is None:
        return FormatSeen(format=name, state=FormatState.BROKEN, reason="cut off")
    return FormatSeen(format=name, state=FormatState.COMPARED, said=(((-far,),),))


def test_release_licence_and_catalogue() -> None:
    """A format that does not load, one that says something else, agents that fail."""
    rule = ReleaseRule(formats=("safetensors", "gguf", "onnx"), tolerance=0.05)
    good: dict[str, float | None] = {"safetensors": 0.0, "gguf": 0.03, "onnx": 0.001}
    for differences, status in (
        (good, CommitmentStatus.MET),
        (good | {"onnx": None}, CommitmentStatus.MISSED),
        (good | {"gguf": 0.4}, CommitmentStatus.MISSED),
        (dict.fromkeys(good), CommitmentStatus.MISSED),
    ):
        formats = [format_seen(name, far) for name, far in differences.items()]
        figures = release_figures(formats, source="s")
        measured = Measured(by=Reporter.PROBE, figures=figures)
        assert found(rule, measured).status is status
    for commercial, status in (
        (True, CommitmentStatus.MET),
        (False, CommitmentStatus.MISSED),
    ):
        figure = licence_figure(commercial=commercial, source="s")
        measured = Measured(by=Reporter.PROBE, figures=(figure,))
        assert found(LicenceRule(), measured).status is status
    agents = CatalogueRule(entries=3, answering=0.9)
    for answered, status in (
        ([True] * 3, CommitmentStatus.MET),
        ([True, True, False], CommitmentStatus.MISSED),
        ([True, True], CommitmentStatus.UNDETERMINED),
    ):
        tried = [
            EntrySeen(id=str(n), manifest=True, answered=a)
            for n, a in enumerate(answered)
        ]
        seen = CatalogueSeen(
            listed=3, catalogue="sha256:0", beacon="b", tried=tuple(tried)
        )
        figures = catalogue_figures(seen, source="s")
        measured = Measured(by=Reporter.PROBE, figures=figures)
        assert found(agents, measured).status is status


def test_what_people_judge_is_not_measured_and_the_other_way_round() -> None:
    """Each rule takes its own kind of evidence."""
    kept = Judged(by=Reporter.OFFICE, met=True, reason=WORDS, source=SOURCE)
    broken = Judged(by=Reporter.OUTSIDER, met=False, reason=WORDS, source=SOURCE)
    assert found(JudgedRule(), kept).status is CommitmentStatus.MET
    assert found(JudgedRule(), broken).status is CommitmentStatus.MISSED
    assert found(JudgedRule(), broken, on=BEFORE).status is CommitmentStatus.DUE
    with pytest.raises(NotAllowed, match="measured, not judged"):
        history(USERS, kept)
    with pytest.raises(InvalidInput, match="do not answer"):
        history(JudgedRule(), count(1.0))
    with pytest.raises(InvalidInput, match="do not answer"):
        history(LicenceRule(), count(1.0))


def test_unknown_doubled_and_impossible_promises_are_refused() -> None:
    """A promise has a name of its own and a target that can be reached."""
    with pytest.raises(Unavailable):
        commitment_of(MATTER, (), on=AFTER)
    with pytest.raises(Conflict):
        register(MATTER, history(USERS), promise(USERS), mandate=mandate())
    bad = promise(CountRule(at_least=float("nan"), unit="users"))
    with pytest.raises(InvalidInput):
        register(MATTER, (), bad, mandate=mandate())
    with pytest.raises(InvalidInput):
        register(MATTER, (), promise(USERS, due="2026-13"), mandate=mandate())
    with pytest.raises(NotAllowed):
        record(MATTER, (), count(1.0), seen=0, mandate=mandate())
    with pytest.raises(InvalidInput):
        endpoint_figures((), source="s")
    with pytest.raises(InvalidInput):
        release_figures((), source="s")
