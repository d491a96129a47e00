"""Kept states that are proven to be the recorded ones before anything uses them."""

from __future__ import annotations

from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.training.commitments import list_root, read_list
from dokja.training.kept_state import KeptState
from dokja.training.ports import Materials, RecordSource
from dokja.training.values import Init, RecordedCheckpoint, TensorDigest

Recorded = Init | RecordedCheckpoint


class KeptStates:
    """The states of one record; each is read once to be proven, then remembered.

    A file that is not the recorded one counts as lost, since a disk can do that
    too: nobody is accused, and nothing is ever computed from it.
    """

    def __init__(self, source: RecordSource, materials: Materials) -> None:
        self._source, self._materials = source, materials
        self._found: dict[str, KeptState | Text] = {}

    def of(self, event: Recorded) -> KeptState | Text:
        """The state recorded by the event, or why there is none to be had."""
        if event.root not in self._found:
            self._found[event.root] = self._proven(event)
        return self._found[event.root]

    def _proven(self, event: Recorded) -> KeptState | Text:
        listed = recorded_tensors(self._source, event)
        if listed is None:
            return Text(
                ko=f"사건 {event.seq}의 텐서 목록이 없거나 기록된 것이 아닙니다.",
                en=f"The list of tensors of event {event.seq} is missing or not the "
                "recorded one.",
            )
        try:
            state = self._materials.state(event.root)
            if state is None:
                return Text(
                    ko=f"사건 {event.seq}의 상태를 보관하지 않았습니다.",
                    en=f"The state of event {event.seq} was not kept.",
                )
            is_recorded = state.names() == tuple(sorted(t.name for t in listed)) and (
                all(state.digest(t.name) == t for t in listed)
            )
        except DokjaError as error:
            return Text(
                ko=f"사건 {event.seq}의 상태를 읽지 못했습니다: {error.fact}",
                en=f"The state of event {event.seq} cannot be read: {error.fact}",
            )
        if is_recorded:
            return state
        return Text(
            ko=f"사건 {event.seq}의 상태라고 낸 파일이 기록된 상태가 아닙니다.",
            en=f"The file handed in as the state of event {event.seq} is not the "
            "recorded state.",
        )


def recorded_tensors(
    source: RecordSource, event: Recorded
) -> tuple[TensorDigest, ...] | None:
    """The event's tensors by its list; None where that is not what was logged."""
    data = source.listed(event.tensors)
    if data is None or digest_bytes(data) != event.tensors:
        return None
    try:
        tensors = read_list(data, TensorDigest)
    except InvalidInput:
        return None
    whole = len(tensors) == event.count and list_root(tensors) == event.root
    return tensors if whole else None
