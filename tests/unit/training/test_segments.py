"""The way of a run in segments, which are drawn, and what a draw can miss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from dokja.training.choosing import choose, escaped, risks, seed_of
from dokja.training.drift import Drift, distance, first_departure
from dokja.training.kept_state import HeldState
from dokja.training.memorising import memory
from dokja.training.segments import Segment, apart, segments_of
from dokja.training.values import (
    AnyEvent,
    Gap,
    GapReason,
    Init,
    RecordedCheckpoint,
    Rollback,
    Step,
)


class Log:
    """Events as a recorder would number them."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []

    def _place(self) -> dict[str, object]:
        at = "2026-01-01T00:00:00.000Z"
        return {"seq": len(self.events), "prev": "0" * 64, "at": at, "mono_us": 0}

    def _root(self, name: str) -> str:
        return f"sha256:{name:0>64}"

    def init(self) -> None:
        """First weights."""
        fields = {"root": self._root("a"), "tensors": self._root("b"), "count": 1}
        self.events.append(Init(recipe="", **fields, **self._place()))  # type: ignore[arg-type]

    def steps(self, *numbers: int) -> None:
        """Steps at one rate."""
        for n in numbers:
            fields = {"tokens": n, "loss": "0x1.0p+0", "lr": "0x1.0p-10"}
            self.events.append(Step(step=n, **fields, **self._place()))  # type: ignore[arg-type]

    def checkpoint(self, step: int, name: str) -> None:
        """A state after a step."""
        fields = {"root": self._root(name), "tensors": self._root("b"), "count": 1}
        self.events.append(
            RecordedCheckpoint(
                step=step,
                parent=self._root("a"),
                state=(),
                **fields,  # type: ignore[arg-type]
                **self._place(),  # type: ignore[arg-type]
            )
        )

    def back_to(self, step: int, name: str) -> None:
        """A rollback."""
        self.events.append(
            Rollback(
                step=step,
                checkpoint=self._root(name),
                reason="",
                **self._place(),  # type: ignore[arg-type]
            )
        )

    def lose(self) -> None:
        """A gap."""
        gap = Gap(reason=GapReason.QUEUE_FULL, missed=1, **self._place())  # type: ignore[arg-type]
        self.events.append(gap)


def shown(log: Log, lost: Sequence[str] = ()) -> list[str]:
    """Segments by their steps."""
    found = segments_of(log.events, lambda e: e.root[-1] not in lost)
    return [segment.shown for segment in found]


@pytest.fixture
def log() -> Log:
    """Six steps, of which two were given up and taken again."""
    made = Log()
    made.init()
    made.steps(1, 2)
    made.checkpoint(2, "c")
    made.steps(3, 4)
    made.checkpoint(4, "d")
    made.back_to(2, "c")
    made.steps(3, 4)
    made.checkpoint(4, "e")
    made.steps(5, 6)
    made.checkpoint(6, "f")
    return made


def test_what_was_given_up_is_not_on_the_way(log: Log) -> None:
    """The last checkpoint goes back over the second attempt."""
    found = segments_of(log.events, lambda _: True)
    assert [s.shown for s in found] == ["0-2", "2-4", "4-6"]
    assert [s.at_resume for s in found] == [False, True, False]
    assert found[1].end.root.endswith("e")
    assert all(s.is_whole for s in found)


def test_a_state_that_was_not_kept_joins_its_neighbours(log: Log) -> None:
    """And at the ends of the run what it bounds cannot be replayed at all."""
    assert shown(log, "e") == ["0-2", "2-6"]
    assert shown(log, "a") == ["2-4", "4-6"]
    assert shown(log, "f") == ["0-2", "2-4"]


def test_missing_steps_make_a_segment_that_is_not_whole() -> None:
    """Nobody can replay what is not there."""
    log = Log()
    log.init()
    log.steps(1)
    log.lose()
    log.steps(3)
    log.checkpoint(3, "c")
    (segment,) = segments_of(log.events, lambda _: True)
    assert not segment.is_whole
    assert segment.at_resume


def _many(count: int) -> tuple[Segment, ...]:
    log = Log()
    log.init()
    for number in range(1, count + 1):
        log.steps(number)
        log.checkpoint(number, f"{number + 16:x}")
    return segments_of(log.events, lambda _: True)


def test_no_job_shares_a_process_with_its_answer() -> None:
    """What one segment begins with is where the one before must end."""
    segments = _many(9)
    groups = apart(segments)
    assert sorted(s.shown for g in groups for s in g) == sorted(
        s.shown for s in segments
    )
    for group in groups:
        starts = {segment.start.root for segment in group}
        assert not starts & {segment.end.root for segment in group}


def test_first_last_and_riskiest_are_always_looked_at() -> None:
    """Whatever the beacon draws, and another beacon draws others."""
    segments = _many(40)
    risk = np.zeros((2, 40))
    risk[0, 17], risk[1, 23] = 1.0, 1.0
    drawn = []
    for beacon in ("aa", "bb"):
        seed = seed_of("root", beacon)
        choice = choose(segments, risk, seed=seed, count=5, riskiest=1)
        names = [s.shown for s in choice.segments]
        assert {"0-1", "39-40", "17-18", "23-24"} <= set(names)
        assert (choice.drawn, choice.of) == (5, 40)
        drawn.append(names)
    assert drawn[0] != drawn[1]
    assert choose((), np.zeros((2, 0)), seed=1, count=5, riskiest=1).segments == ()


def test_a_straight_or_unknown_way_is_the_riskiest() -> None:
    """An interpolated path goes straight on; what cannot be told comes first."""
    moves = [np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.0, 2.0]), None]
    found = risks(_many(4), moves)
    assert found[1].tolist() == [-1.0, 0.0, 1.0, np.inf]
    assert found[0].argsort().tolist() == [0, 1, 2, 3]


def test_fourteen_draws_find_a_fifth_with_95_percent() -> None:
    """As many as are asked for, and no fewer would do."""
    assert escaped(0.2, 14, 1000) < 0.05 < escaped(0.2, 13, 1000)
    assert escaped(0.2, 10, 10) == 0.0


def _drift(rho: float, floor: float, dtype: str = "float32") -> Drift:
    return Drift(
        rho=rho,
        floor=floor,
        loss=0.0,
        loss_floor=0.0,
        departs=None,
        way=1.0,
        dtype=dtype,
    )


def test_a_floor_widens_what_is_allowed_up_to_a_cap() -> None:
    """Declared noise cannot buy more than the cap, nor hide what is wrong."""
    assert _drift(2.9e-4, 0.0).agrees
    assert not _drift(3.1e-4, 0.0).agrees
    assert _drift(9e-4, 3e-4).agrees
    assert not _drift(2e-3, 9e-2).agrees
    assert _drift(1e-2, 0.0, "bfloat16").agrees
    assert not _drift(3e-2, 0.09, "bfloat16").agrees
    assert _drift(0.11, 0.0).is_wrong
    assert _drift(float("inf"), 0.0).is_wrong
    assert not _drift(0.11, 0.2).is_wrong
    assert _drift(float("nan"), float("inf")).is_faint


def test_what_is_no_number_is_infinitely_far() -> None:
    """A state of NaN must not look near to anything."""
    one = HeldState({"a": np.array([1.0, np.nan])})
    assert distance(one, one, ["a"]) == float("inf")
    assert distance(one, HeldState({"a": np.zeros(3)}), ["a"]) == float("inf")
    assert first_departure([1.0, float("nan")], [1.0, 2.0], 0.1) == 1


def test_memory_is_of_the_segment_that_saw_the_data() -> None:
    """Closed form: equal spreads, a shift of one standard deviation."""
    draws = np.linspace(-1, 1, 101)
    held = np.stack([draws, draws])
    own = np.stack([draws + draws.std(ddof=1), draws])
    found = memory(own, held, number=0)
    assert found.is_own
    assert found.z == pytest.approx(np.sqrt(101 / 2))
    assert not memory(own, held, number=1).is_own
    assert memory(held, held, number=0).auc == pytest.approx(0.5)
