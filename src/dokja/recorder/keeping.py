"""What stays beside the log: lists of digests, and materials for an auditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dokja.evidence.canonical import digest_bytes
from dokja.recorder import tensors as state_of
from dokja.training.commitments import Excerpt, batch_commitment, list_bytes, list_root
from dokja.training.values import TensorDigest
from dokja.wiring.recording import MaterialsWriter, RecordWriter


class Keeper:
    """Keeps lists for the record, and states and the order where materials are kept."""

    def __init__(self, files: RecordWriter) -> None:
        self._files = files
        self.materials: MaterialsWriter | None = None

    def listed(self, tensors: tuple[TensorDigest, ...]) -> dict[str, Any]:
        """Root, list and count of the tensors, as events name them."""
        raw = list_bytes(tensors)
        name = digest_bytes(raw)
        self._files.write_list(name, raw)
        return {"root": list_root(tensors), "tensors": name, "count": len(tensors)}

    def state(
        self, held: Mapping[str, Any], *, wanted: bool
    ) -> tuple[dict[str, Any], bool]:
        """The same of a state, and whether the state itself is kept.

        Without materials the team keeps it by its own means, as it says. A disk
        that is full costs the state and not the event.
        """
        tensors = state_of.tensor_digests(held)
        fields = self.listed(tensors)
        if self.materials is None or not wanted:
            return fields, wanted
        values = (state_of.bytes_of(each) for each in held.values())
        try:
            self.materials.write_state(fields["root"], tensors, values)
        except OSError:
            return fields, False
        return fields, True

    def batch(
        self, step: int, places: tuple[Excerpt, ...] | None, seen: Sequence[Any]
    ) -> str | None:
        """Commitment to where a batch was read from, else to the token ids seen."""
        if places is None:
            return state_of.digest_of_batches(seen) if seen else None
        if self.materials is not None:
            self.materials.write_order(step, places)
        return batch_commitment(places)

    def close(self) -> None:
        """Let others write."""
        self._files.close()
        if self.materials is not None:
            self.materials.close()
