"""V12: each segment remembers the data it is said to have been trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dokja.errors import DokjaError
from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import CheckResult, Text
from dokja.training.batches import Tokens
from dokja.training.checks.case import Case, Outcome, not_done
from dokja.training.checks.same_program import not_asked, weighed
from dokja.training.jobs import LossJob
from dokja.training.materials import MaterialsPlan
from dokja.training.memorising import Memory, memory
from dokja.training.ports import ReplayMachine
from dokja.training.replaying import Replaying
from dokja.training.segments import Recorded, Segment

NOT_MADE = Text(
    ko="구간마다 자기 자료를 외웠는지 재지 않았습니다.",
    en="Memorisation of each segment's own data was not measured.",
)
HELD_OUT = 160
"""Sequences that nobody trained on, at the least."""
OWN = 32
"""Sequences of a segment that are looked at."""
LEAST_Z, LEAST_AUC, LEAST_OWN = 4.0, 0.6, 0.9

Array = npt.NDArray[np.float64]


def memorisation(case: Case) -> Outcome:
    """Never fails: many passes over the data, or huge batches, leave little to see."""
    machine, replaying, choice = case.audit.machine, case.replaying, case.choice
    if machine is None or replaying is None or choice is None:
        return not_asked(NOT_MADE)
    plan = replaying.plan
    if isinstance(plan, Text):
        return CheckResult.INCONCLUSIVE, plan
    try:
        found = _measured(case, plan, choice.segments)
    except DokjaError as error:
        return CheckResult.INCONCLUSIVE, not_done(error)
    if isinstance(found, Text):
        return CheckResult.INCONCLUSIVE, found
    return weighed(case, _judged(choice.segments, found))


def _judged(segments: Sequence[Segment], found: Sequence[Memory]) -> Outcome:
    weak = [
        segment.shown
        for segment, each in zip(segments, found, strict=True)
        if each.z < LEAST_Z or each.auc < LEAST_AUC
    ]
    own = sum(each.is_own for each in found) / len(found)
    z, auc = min(each.z for each in found), min(each.auc for each in found)
    if weak or own < LEAST_OWN:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"구간 {len(found)}개 가운데 {len(weak)}개가 자기 자료를 뚜렷이 외우지 "
            f"않았고, 가장 잘 외운 자료가 자기 것인 비율은 {own:.2f}입니다(z 최소 "
            f"{z:.1f}, AUC 최소 {auc:.2f}).",
            en=f"{len(weak)} of {len(found)} segments do not clearly remember their "
            f"own data, and for {own:.2f} of them it is their own that they remember "
            f"best (z at least {z:.1f}, AUC {auc:.2f}).",
        )
    return CheckResult.PASS, Text(
        ko=f"구간 {len(found)}개가 모두 자기 자료를 외웠습니다(z 최소 {z:.1f}, AUC "
        f"최소 {auc:.2f}). 가장 잘 외운 자료가 자기 것인 비율은 {own:.2f}입니다.",
        en=f"All {len(found)} segments remember their own data (z at least {z:.1f}, "
        f"AUC {auc:.2f}); for {own:.2f} of them it is what they remember best.",
    )


def _measured(
    case: Case, plan: MaterialsPlan, segments: Sequence[Segment]
) -> list[Memory] | Text:
    machine, replaying = case.audit.machine, case.replaying
    assert machine is not None
    assert replaying is not None
    if len(segments) < 2:
        return Text(
            ko="견줄 구간이 둘이 되지 않습니다.",
            en="There are no two segments to compare.",
        )
    blocks: list[list[Tokens]] = []
    for segment in segments:
        block = _own(case, replaying, segment)
        if isinstance(block, Text):
            return block
        blocks.append(block)
    length = min(len(row) for block in blocks for row in block)
    held = replaying.batches.held_out(plan.held_out.shards, length, HELD_OUT)
    if len(held) < HELD_OUT:
        return Text(
            ko=f"학습에 쓰지 않은 같은 출처의 자료가 {len(held)}건뿐입니다(기준 "
            f"{HELD_OUT}건).",
            en=f"Only {len(held)} held-out sequences were opened; {HELD_OUT} are asked "
            "for.",
        )
    rows = [row[:length] for block in blocks for row in block]
    drops = _drops(machine, replaying, segments, (*held, *rows))
    if isinstance(drops, Text):
        return drops
    ends = np.cumsum([len(held), *map(len, blocks)])
    return [
        memory(drops[:, ends[n] : ends[n + 1]], drops[:, : ends[0]], number=n)
        for n in range(len(segments))
    ]


def _own(case: Case, replaying: Replaying, segment: Segment) -> list[Tokens] | Text:
    """Some sequences of the segment, drawn by the beacon."""
    batches = replaying.batches.of(segment.steps)
    if isinstance(batches, Text):
        return batches
    rows = [row for batch in batches for row in batch]
    seed = seed_for("dokja-memorisation/1", segment.shown, case.audit.beacon)
    return [rows[n] for n in permutation(seed, len(rows))[:OWN].tolist()]


def _drops(
    machine: ReplayMachine,
    replaying: Replaying,
    segments: Sequence[Segment],
    rows: tuple[Tokens, ...],
) -> Array | Text:
    """(segments, rows) by how much the loss of each row fell in each segment."""
    states: dict[str, Recorded] = {}
    for segment in segments:
        states |= {segment.start.root: segment.start, segment.end.root: segment.end}
    jobs = {}
    for root, event in states.items():
        state = replaying.start(event)
        if isinstance(state, Text):
            return state
        jobs[root] = LossJob(state=state, sequences=rows)
    found = dict(zip(jobs, machine.losses(list(jobs.values())), strict=True))
    return np.array(
        [
            np.asarray(found[s.start.root]) - np.asarray(found[s.end.root])
            for s in segments
        ]
    )
