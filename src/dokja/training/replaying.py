"""Everything an auditor has the team's program do again, once for all checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy.typing as npt

from dokja.errors import DokjaError
from dokja.evidence.values import Text
from dokja.training.batches import Batches
from dokja.training.choosing import Choice, choose, risks, sample, seed_of
from dokja.training.drift import Drift, distance, first_departure, loss_allowed
from dokja.training.jobs import TrainJob, TrainResult, TrainStep
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.kept_states import KeptStates, recorded_tensors
from dokja.training.materials import MaterialsPlan
from dokja.training.ports import Materials, RecordSource, ReplayMachine
from dokja.training.reading import Reading
from dokja.training.segments import Recorded, Segment, apart, segments_of
from dokja.training.values import Init, Optimizer, Step, TensorDigest

AT_ONCE = 16
"""Jobs that share a process and its folder."""


@dataclass(frozen=True)
class Weights:
    """The model's weights of a recorded state, under the names of the first ones."""

    state: KeptState
    listed: tuple[TensorDigest, ...]
    prefix: str

    def names(self) -> tuple[str, ...]:
        """Names of the weights, as `begin` recorded them."""
        return tuple(tensor.name for tensor in self.listed)

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a weight."""
        return self.state.array(self.prefix + name)

    def digest(self, name: str) -> TensorDigest:
        """The weight's digest under the first weights' name."""
        found = self.state.digest(self.prefix + name)
        return TensorDigest(
            name=name, dtype=found.dtype, shape=found.shape, digest=found.digest
        )


@dataclass(frozen=True, kw_only=True)
class Further:
    """A kept state taken one step further, and the loss the log has for that step."""

    state: Recorded
    step: Step
    loss: float

    @property
    def difference(self) -> float:
        """From the logged loss, in nats."""
        return abs(self.loss - float.fromhex(self.step.loss))


class Replaying:
    """Replays of one record by the materials that were opened."""

    def __init__(
        self,
        reading: Reading,
        source: RecordSource,
        materials: Materials,
        kept: KeptStates,
    ) -> None:
        self._reading, self._source = reading, source
        self._materials, self._kept = materials, kept
        self.batches = Batches(source, materials, reading.events)

    @cached_property
    def plan(self) -> MaterialsPlan | Text:
        """What the team says of its materials."""
        try:
            return self._materials.plan()
        except DokjaError as error:
            return Text(
                ko=f"materials.toml을 읽지 못했습니다: {error.fact}",
                en=f"materials.toml cannot be read: {error.fact}",
            )

    @cached_property
    def listed(self) -> tuple[TensorDigest, ...]:
        """The first weights by their list; none where it is missing."""
        init = self._reading.init
        return () if init is None else recorded_tensors(self._source, init) or ()

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """All segments between kept states, first to last."""
        return segments_of(self._reading.events, self._is_there)

    def _is_there(self, event: Recorded) -> bool:
        try:
            return self._materials.state(event.root) is not None
        except DokjaError:
            return False

    def weights(self, event: Recorded) -> Weights | Text:
        """The model's weights of a recorded state, or why they cannot be had."""
        state = self._kept.of(event)
        if isinstance(state, Text):
            return state
        prefix = "" if isinstance(event, Init) else "model."
        names = set(state.names())
        if not self.listed or any(prefix + t.name not in names for t in self.listed):
            return Text(
                ko=f"사건 {event.seq}의 상태에 처음 가중치와 같은 이름의 가중치가 "
                f"없습니다.",
                en=f"The state of event {event.seq} lacks weights under the names of "
                "the first ones.",
            )
        return Weights(state, self.listed, prefix)

    def choice(self, beacon: str, *, count: int, riskiest: int) -> Choice:
        """The segments to be replayed."""
        root = self._reading.tree.root().hex()
        risk = risks(self.segments, list(self._moves()))
        return choose(
            self.segments,
            risk,
            seed=seed_of(root, beacon),
            count=count,
            riskiest=riskiest,
        )

    def _moves(self) -> Iterator[npt.NDArray[Any] | None]:
        sizes = [math.prod(tensor.shape) for tensor in self.listed]
        names = [tensor.name for tensor in self.listed]
        sampled: dict[str, npt.NDArray[Any] | None] = {}
        for segment in self.segments:
            for event in (segment.start, segment.end):
                if event.root not in sampled:
                    found = self.weights(event)
                    sampled[event.root] = (
                        None if isinstance(found, Text) else sample(found, names, sizes)
                    )
            first, last = sampled[segment.start.root], sampled[segment.end.root]
            yield None if first is None or last is None else last - first

    def further(self, machine: ReplayMachine) -> tuple[Further, ...] | Text:
        """Each kept state but the last taken one step further.

        Raises: DokjaError where the program does not do it.
        """
        jobs: list[tuple[Segment, TrainJob]] = []
        for segment in self.segments:
            job = self._job(segment, segment.steps[:1])
            if isinstance(job, Text):
                return job
            jobs.append((segment, job))
        found: list[Further] = []
        for place in range(0, len(jobs), AT_ONCE):
            part = jobs[place : place + AT_ONCE]
            results = machine.train([j for _, j in part], machine.configurations[0])
            for (segment, _), result in zip(part, results, strict=True):
                step, loss = segment.steps[0], result.losses[0]
                found.append(Further(state=segment.start, step=step, loss=loss))
        return tuple(found)

    def drifts(
        self, machine: ReplayMachine, segments: Sequence[Segment]
    ) -> dict[str, Drift | Text]:
        """Each segment replayed on every configuration, by its words.

        Raises: DokjaError where the program does not do it.
        """
        found: dict[str, Drift | Text] = {}
        jobs: dict[str, TrainJob] = {}
        able: list[Segment] = []
        for segment in segments:
            job = self._job(segment, segment.steps)
            if isinstance(job, Text):
                found[segment.shown] = job
            else:
                jobs[segment.shown] = job
                able.append(segment)
        for group in apart(able):
            for place in range(0, len(group), AT_ONCE):
                part = group[place : place + AT_ONCE]
                asked = [jobs[segment.shown] for segment in part]
                runs = [machine.train(asked, on) for on in machine.configurations]
                for segment, *results in zip(part, *runs, strict=True):
                    found[segment.shown] = self._drift(segment, results)
        return found

    def _drift(self, segment: Segment, results: list[TrainResult]) -> Drift | Text:
        first, last = self.weights(segment.start), self.weights(segment.end)
        if isinstance(first, Text):
            return first
        if isinstance(last, Text):
            return last
        names = first.names()
        own, *others = (Weights(r.end, self.listed, "model.") for r in results)
        missing = [n for n in names if f"model.{n}" not in set(own.state.names())]
        if missing:
            return Text(
                ko=f"다시 돌린 결과에 가중치 {missing[0]}이(가) 없습니다.",
                en=f"The replay handed back no weight {missing[0]}.",
            )
        way = distance(first, last, names)
        scale = way if way > 0 else math.inf
        logged = [float.fromhex(step.loss) for step in segment.steps]
        losses = results[0].losses
        loss_floor = max(
            (_largest(losses, other.losses) for other in results[1:]), default=0.0
        )
        dtype = self.plan.program.dtype if isinstance(self.plan, MaterialsPlan) else ""
        allowed = loss_allowed(loss_floor, dtype)
        place = first_departure(losses, logged, allowed)
        return Drift(
            rho=distance(own, last, names) / scale if way else math.nan,
            floor=max((distance(own, o, names) for o in others), default=0.0) / scale
            if way
            else math.inf,
            loss=_largest(losses, logged),
            loss_floor=loss_floor,
            departs=None if place is None else segment.steps[place].step,
            way=way,
            dtype=dtype,
        )

    def _job(self, segment: Segment, steps: tuple[Step, ...]) -> TrainJob | Text:
        if not segment.is_whole:
            return Text(
                ko=f"단계 {segment.shown}에 빠진 단계가 있어 다시 돌릴 수 없습니다.",
                en=f"Steps are missing in {segment.shown}, so it cannot be replayed.",
            )
        sequences = self.batches.of(steps)
        if isinstance(sequences, Text):
            return sequences
        state = self.start(segment.start)
        if isinstance(state, Text):
            return state
        events = self._reading.events
        return TrainJob(
            start=state,
            after=segment.after,
            steps=tuple(
                TrainStep(step=s.step, lr=float.fromhex(s.lr), sequences=rows)
                for s, rows in zip(steps, sequences, strict=True)
            ),
            rule=next((e for e in events if isinstance(e, Optimizer)), None),
            init=self._reading.init,
        )

    def start(self, event: Recorded) -> KeptState | Text:
        """The state to begin from; of first weights alone under checkpoint names."""
        found = self._kept.of(event)
        if isinstance(found, Text) or not isinstance(event, Init):
            return found
        return HeldState({f"model.{n}": found.array(n) for n in found.names()})


def _largest(one: Iterable[float], two: Iterable[float]) -> float:
    pairs = zip(one, two, strict=True)
    found = [abs(a - b) for a, b in pairs]
    return math.inf if any(map(math.isnan, found)) else max(found, default=0.0)
