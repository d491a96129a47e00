"""V13: what was trained on is what the record and its shards hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dokja.errors import DokjaError
from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import CheckResult, Text
from dokja.training.batches import declared_shards
from dokja.training.checks.case import Case, Outcome
from dokja.training.commitments import Excerpt, batch_commitment
from dokja.training.ports import Materials, ShardTokens
from dokja.training.surviving import surviving_steps, surviving_tokens
from dokja.training.values import DataManifest, DataShard, Gap, Step

MOST_STEPS = 4000
"""Looked at in one run; where there are more, as many are drawn."""
TOKENS_APART = 0.001
Order = Mapping[int, tuple[Excerpt, ...]]


def data_accounting(case: Case) -> Outcome:
    """Fails where the order handed in is not what a step committed itself to.

    So it does where the recorded order names a shard that was never declared. What
    is missing or damaged counts as lost, and a count may be a mistake.
    """
    materials = case.audit.materials
    if materials is None:
        return CheckResult.NOT_RUN, Text(
            ko="자료에서 배치를 다시 계산하지 않았습니다. 팀이 자료 순서와 자료 조각을 "
            "공개하여야 합니다.",
            en="Batches were not recomputed from the data: it takes the order and the "
            "shards, opened by the team.",
        )
    steps = _drawn(case, surviving_steps(case.reading))
    declared = declared_shards(case.source, case.reading.events)
    if not steps or not declared:
        return CheckResult.INCONCLUSIVE, Text(
            ko="학습 단계나 자료 명세가 기록되지 않았습니다.",
            en="No steps, or no list of data, were recorded.",
        )
    try:
        order = materials.order([step.step for step in steps])
        return (
            _broken_commitment(steps, order)
            or _undeclared(case, order, declared)
            or _missing_shard(materials, declared)
            or _outside(order, materials)
            or _counted(case, order, declared)
        )
    except DokjaError as error:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"학습 자료를 읽지 못했습니다: {error.fact}",
            en=f"The data cannot be read: {error.fact}",
        )


def _drawn(case: Case, steps: Sequence[Step]) -> Sequence[Step]:
    """All steps, or as many as are looked at, by the last head and the beacon."""
    if len(steps) <= MOST_STEPS:
        return steps
    heads = case.reading.heads
    root = heads[-1].head.root.hex() if heads else ""
    seed = seed_for("dokja-data/1", root, case.audit.beacon)
    chosen = np.sort(permutation(seed, len(steps))[:MOST_STEPS])
    return [steps[n] for n in chosen.tolist()]


def _broken_commitment(steps: Sequence[Step], order: Order) -> Outcome | None:
    silent = [s.step for s in steps if s.batch is None or s.step not in order]
    wrong = [
        s.step
        for s in steps
        if s.step in order
        and s.batch is not None
        and batch_commitment(order[s.step]) != s.batch
    ]
    if len(wrong) == len(steps):
        # Token ids may have been committed to, for want of places.
        return CheckResult.INCONCLUSIVE, Text(
            ko="어느 단계의 배치도 공개한 자료 순서로 다시 계산되지 않습니다.",
            en="The batch of no step can be recomputed from the order handed in.",
        )
    if wrong:
        return CheckResult.FAIL, Text(
            ko=f"단계 {len(wrong)}개({wrong[0]} 등)의 배치가 기록된 것과 다릅니다.",
            en=f"The batches of {len(wrong)} steps (such as {wrong[0]}) are not the "
            "recorded ones.",
        )
    if silent:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"단계 {len(silent)}개({silent[0]} 등)의 배치를 어디서 읽었는지 "
            "기록이나 자료에 없습니다.",
            en=f"Where the batches of {len(silent)} steps (such as {silent[0]}) were "
            "read from is not recorded or not handed in.",
        )
    return None


def _undeclared(
    case: Case, order: Order, declared: Mapping[str, DataShard]
) -> Outcome | None:
    strange = sorted({name for name, *_ in _places(order)} - set(declared))
    if not strange:
        return None
    # A list that is missing, or an event that was lost, may have declared it.
    listed = sum(event.count for event in case.reading.of(DataManifest))
    lost = listed > len(declared) or bool(case.reading.of(Gap))
    return CheckResult.INCONCLUSIVE if lost else CheckResult.FAIL, Text(
        ko=f"명세에 없는 자료 조각 {strange[0][:80]}(으)로 학습하였습니다.",
        en=f"Shard {strange[0][:80]} was trained on and never declared.",
    )


def _missing_shard(
    materials: Materials, declared: Mapping[str, DataShard]
) -> Outcome | None:
    for name, said in declared.items():
        shard = materials.shard(name)
        if shard is None or shard.digest != said.digest:
            return CheckResult.INCONCLUSIVE, Text(
                ko=f"자료 조각 {name[:80]}이(가) 없거나 기록된 것이 아닙니다.",
                en=f"Shard {name[:80]} is missing or not the recorded one.",
            )
        if shard.length != said.tokens:
            return CheckResult.INCONCLUSIVE, Text(
                ko=f"자료 조각 {name[:80]}의 토큰은 {shard.length}개인데 명세에는 "
                f"{said.tokens}개로 적혀 있습니다.",
                en=f"Shard {name[:80]} has {shard.length} tokens and {said.tokens} "
                "were declared.",
            )
    return None


def _outside(order: Order, materials: Materials) -> Outcome | None:
    known: dict[str, tuple[ShardTokens, list[int]]] = {}
    for name, document, offset, length in _places(order):
        if name not in known:
            shard = materials.shard(name)
            assert shard is not None
            known[name] = shard, shard.documents().tolist()
        shard, starts = known[name]
        inside = 0 <= document < len(starts) and offset >= 0 and length >= 1
        # An excerpt may run on into the documents that follow.
        if not inside or starts[document] + offset + length > shard.length:
            return CheckResult.INCONCLUSIVE, Text(
                ko=f"자료 조각 {name[:80]}에 없는 자리에서 읽었다고 기록되어 있습니다.",
                en=f"A batch was read from a place that shard {name[:80]} does not "
                "have.",
            )
    return None


def _counted(case: Case, order: Order, declared: Mapping[str, DataShard]) -> Outcome:
    drawn: Counter[str] = Counter()
    fewest = 0
    for name, _, _, length in _places(order):
        drawn[name] += length
        fewest += length - 1
    logged = sum(n for s, n in surviving_tokens(case.reading) if s.step in order)
    most = drawn.total()
    # The last token of an excerpt may be predicted only, or be counted as well.
    low, high = fewest * (1 - TOKENS_APART), most * (1 + TOKENS_APART)
    if not low <= logged <= high:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"기록된 토큰 {logged}개와 배치의 토큰 {most}개가 다릅니다.",
            en=f"{logged} tokens were logged and the batches have {most}.",
        )
    used = len([name for name in declared if drawn[name]])
    most_often = max(drawn[n] / max(declared[n].tokens, 1) for n in drawn)
    return CheckResult.PASS, Text(
        ko=f"단계 {len(order)}개의 배치와 토큰 {logged}개가 자료와 맞습니다. 자료 조각 "
        f"{len(declared)}개 가운데 {used}개를 최대 {most_often:.2f}회 읽었습니다.",
        en=f"The batches of {len(order)} steps and their {logged} tokens are those of "
        f"the data; {used} of {len(declared)} shards were read, at most "
        f"{most_often:.2f} times.",
    )


def _places(order: Order) -> Iterator[Excerpt]:
    for places in order.values():
        yield from places
