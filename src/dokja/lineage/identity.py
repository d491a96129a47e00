"""T6: which tensors are the reference's, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage.layout import Layout, Table
from dokja.lineage.roles import CLASS_OF, Role, Slot
from dokja.lineage.values import LineageTest, TensorClass

T6 = "T6"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Candidate tensors whose stored bytes the reference holds in the same role."""

    tested: tuple[Slot, ...]
    equal: tuple[Slot, ...]
    in_place: bool
    """Whether every tested tensor equals the one of the same layer, none left."""


Digests = Mapping[str, str]


def identity_test(
    candidate: Layout,
    reference: Layout,
    digests: tuple[Digests, Digests],
    silent: Callable[[Table], str],
) -> Identity:
    """Tensors of the candidate that are byte-equal to one of the reference.

    `digests` are the candidate's and the reference's by stored name. A layer
    that was moved still counts: digests are looked up over all layers of a
    role. The tensors of a mixture's experts are counted one by one. `silent`
    gives the reason why a table's equal bytes would say nothing.
    """
    theirs: dict[Role, dict[str, set[int]]] = {}
    for slot, table in reference.slots().items():
        for piece in table.pieces:
            layers = theirs.setdefault(slot.role, {})
            layers.setdefault(digests[1][piece.name], set()).add(slot.layer)
    tested, equal, in_place = [], [], True
    for slot, table in candidate.slots().items():
        if slot.role not in CLASS_OF:
            continue
        known = theirs.get(slot.role, {})
        shared = any(digests[0][piece.name] in known for piece in table.pieces)
        if shared and silent(table):
            continue
        for piece in table.pieces:
            found = known.get(digests[0][piece.name], set())
            in_place = in_place and slot.layer in found
            tested.append(slot)
            if found:
                equal.append(slot)
    mine, others = (
        {slot for slot in one.slots() if slot.role in CLASS_OF}
        for one in (candidate, reference)
    )
    return Identity(
        tested=tuple(tested),
        equal=tuple(equal),
        in_place=in_place and mine == others and bool(tested),
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
