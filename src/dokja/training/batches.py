"""Batches of the record, read again from where it says they came from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.training.commitments import Excerpt, batch_commitment, read_list
from dokja.training.ports import Materials, RecordSource, ShardTokens
from dokja.training.values import AnyEvent, DataManifest, DataShard, Step

BATCH_TOKENS = 1 << 28

Tokens = npt.NDArray[np.int64]


class Batches:
    """Reads the batch of a step once its places are proven to be the recorded ones."""

    def __init__(
        self,
        source: RecordSource,
        materials: Materials,
        events: tuple[AnyEvent, ...],
    ) -> None:
        self._materials = materials
        self._declared = declared_shards(source, events)
        self._shards: dict[str, tuple[ShardTokens, Tokens] | None] = {}

    def of(self, steps: tuple[Step, ...]) -> tuple[tuple[Tokens, ...], ...] | Text:
        """Sequences of each step, or why they cannot be had."""
        try:
            order = self._materials.order([step.step for step in steps])
            found = []
            for step in steps:
                places = order.get(step.step)
                if places is None or batch_commitment(places) != step.batch:
                    return Text(
                        ko=f"단계 {step.step}의 배치를 어디서 읽었는지 기록과 맞는 "
                        f"자료가 없습니다.",
                        en=f"Where the batch of step {step.step} was read from is not "
                        "there, or not what was recorded.",
                    )
                found.append(self._read(places))
        except DokjaError as error:
            return Text(
                ko=f"학습 자료를 읽지 못했습니다: {error.fact}",
                en=f"The data cannot be read: {error.fact}",
            )
        return tuple(found)

    def held_out(self, names: tuple[str, ...], length: int, count: int) -> list[Tokens]:
        """Up to `count` beginnings of documents that were not trained on.

        Raises: InvalidInput where a shard is no shard.
        """
        found: list[Tokens] = []
        for name in names:
            shard = None if name in self._declared else self._materials.shard(name)
            if shard is None:
                continue
            starts = shard.documents()
            ends = np.append(starts[1:], shard.length)
            whole = starts[ends - starts >= length][: count - len(found)].tolist()
            found += [shard.tokens(start, start + length) for start in whole]
        return found

    def _read(self, places: tuple[Excerpt, ...]) -> tuple[Tokens, ...]:
        if sum(length for *_, length in places) > BATCH_TOKENS:
            raise _refused(f"a batch has more than {BATCH_TOKENS} tokens")
        return tuple(self._excerpt(*place) for place in places)

    def _excerpt(self, name: str, document: int, offset: int, length: int) -> Tokens:
        """The tokens there; an excerpt may run on into the documents that follow."""
        if name not in self._shards:
            self._shards[name] = self._proven(name)
        found = self._shards[name]
        if found is None:
            raise _refused(f"shard {name[:80]} is missing or not the recorded one")
        shard, starts = found
        if not 0 <= document < len(starts) or offset < 0 or length < 1:
            raise _refused(f"shard {name[:80]} has no such place")
        start = int(starts[document]) + offset
        return shard.tokens(start, start + length)

    def _proven(self, name: str) -> tuple[ShardTokens, Tokens] | None:
        declared, shard = self._declared.get(name), self._materials.shard(name)
        if declared is None or shard is None or shard.digest != declared.digest:
            return None
        return shard, shard.documents()


def declared_shards(
    source: RecordSource, events: tuple[AnyEvent, ...]
) -> dict[str, DataShard]:
    """Shards the record names, by name; none whose list is not what was logged."""
    found: dict[str, DataShard] = {}
    for event in events:
        if not isinstance(event, DataManifest):
            continue
        data = source.listed(event.shards)
        if data is None or digest_bytes(data) != event.shards:
            continue
        try:
            found |= {each.name: each for each in read_list(data, DataShard)}
        except InvalidInput:
            continue
    return found


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        fact, remedy="open the shards and the order that were trained with"
    )
