"""T6: which tensors are the reference's, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage.roles import CLASS_OF, Role, Slot
from dokja.lineage.tensors import Weights
from dokja.lineage.values import LineageTest, TensorClass
from dokja.submission.ports import Checkpoint

T6 = "T6"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Candidate tensors whose stored bytes the reference holds in the same role."""

    tested: tuple[Slot, ...]
    equal: tuple[Slot, ...]
    in_place: bool
    """Whether every tested tensor equals the one of the same layer, none left."""


def identity_test(
    candidate: Weights,
    reference: Weights,
    checkpoints: tuple[Checkpoint, Checkpoint],
) -> Identity:
    """Tensors of the candidate that are byte-equal to one of the reference.

    `checkpoints` are the candidate's and the reference's. A layer that was
    moved still counts: digests are looked up over all layers of a role.
    """
    theirs: dict[Role, dict[str, set[int]]] = {}
    for slot in reference.names:
        name = reference.stored[slot]
        layers = theirs.setdefault(slot.role, {})
        layers.setdefault(checkpoints[1].digest(name), set()).add(slot.layer)
    tested = tuple(sorted(slot for slot in candidate.names if slot.role in CLASS_OF))
    equal, in_place = [], True
    for slot in tested:
        digest = checkpoints[0].digest(candidate.stored[slot])
        layers_found = theirs.get(slot.role, {}).get(digest, set())
        in_place = in_place and slot.layer in layers_found
        if layers_found:
            equal.append(slot)
    same_slots = {s for s in reference.names if s.role in CLASS_OF} == set(tested)
    return Identity(
        tested=tested,
        equal=tuple(equal),
        in_place=in_place and same_slots and bool(tested),
    )


def identity_tests(identity: Identity) -> tuple[LineageTest, ...]:
    """One published test for each tensor class, in the order of the classes."""
    tests = []
    for tensor_class in TensorClass:
        tested = [s for s in identity.tested if CLASS_OF[s.role] is tensor_class]
        equal = [s for s in identity.equal if CLASS_OF[s.role] is tensor_class]
        if not tested:
            continue
        tests.append(
            LineageTest(
                id=T6,
                tensor_class=tensor_class,
                statistic=float(len(equal)),
                effect=len(equal) / len(tested),
                p_value=None,
                null=Text(
                    ko="없음: 학습된 텐서의 바이트가 같으면 복사본임",
                    en="none: equal bytes of a trained tensor are a copy",
                ),
                survives=Text(
                    ko="한 바이트라도 바뀌면 견디지 못함",
                    en="nothing that changes a byte",
                ),
                controls_negative=(),
                control_positive=None,
            )
        )
    return tuple(tests)
