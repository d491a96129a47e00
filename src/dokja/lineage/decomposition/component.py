"""One component of the candidate against the same component of every parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dokja.evidence.ports import Compute
from dokja.evidence.values import Text
from dokja.lineage.decomposition import wording
from dokja.lineage.decomposition.fit import Fit, fit
from dokja.lineage.decomposition.partners import partners_of, sketch_layer
from dokja.lineage.decomposition.reading import (
    Family,
    LayerRead,
    Reading,
    read_layer,
)
from dokja.lineage.decomposition.sums import Sums, added
from dokja.lineage.decomposition.values import (
    ComponentDecomposition,
    DecompositionRules,
    DecompositionVerdict,
    ParentWeight,
    PartFit,
)
from dokja.lineage.decomposition.verdict import Judged, judge
from dokja.lineage.draws import Draws
from dokja.lineage.values import TensorClass

Partners = tuple[int | None, ...]
OUTSIDE = -1
"""The number under which tables outside layers are fitted."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the components of one decomposition share."""

    draws: Draws
    rules: DecompositionRules
    compute: Compute
    on_layer: Callable[[int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Layer:
    """One layer read and fitted."""

    read: LayerRead
    partners: Partners
    fit: Fit | None


def decompose_component(family: Family, setting: Setting) -> ComponentDecomposition:
    """The component's weights by layer and tensor class, with its verdict.

    Raises: InvalidInput where a drawn weight is NaN or infinite.
    """
    fact = _incomparable(family)
    if fact is not None:
        return _without_fit(family, family.layouts[0].untested, fact)
    layers = _layers(family, setting)
    untested = dict(family.layouts[0].untested)
    for layer in layers:
        untested |= layer.read.untested
    layers = [layer for layer in layers if layer.read.sums]
    if not layers:
        return _without_fit(family, untested, wording.NOTHING_SHARED)
    whole = _fitted(
        [one for layer in layers for one in layer.read.sums.values()], setting.rules
    )
    judged = judge(whole, [layer.fit for layer in layers], setting.rules)
    same = _identical(family, layers)
    if same is not None:
        judged = Judged(
            verdict=DecompositionVerdict.ONE_PARENT,
            form=None,
            layer_parents=judged.layer_parents,
            reason=wording.identical(family.parents[same]),
        )
    return _published(family, layers, (whole, judged), untested, setting.rules)


def _incomparable(family: Family) -> Text | None:
    """Why nothing can be fitted, None where something may be."""
    if any(layout.rivals for layout in family.layouts):
        return wording.SECOND_OF_A_KIND
    depths = {len(layout.layers) for layout in family.layouts[1:]}
    if family.has_ancestor and len(depths) > 1:
        return wording.OTHER_DEPTH
    return None


def _layers(family: Family, setting: Setting) -> list[_Layer]:
    """Each layer of the candidate, those outside layers first."""
    places = _places(family, setting)
    read = setting.compute.map(
        partial(
            read_layer,
            reading=Reading(family=family, draws=setting.draws, rules=setting.rules),
        ),
        places,
        on_done=lambda place, _: setting.on_layer(place[0]),
    )
    return [
        _Layer(
            read=one,
            partners=partners,
            fit=_fitted(list(one.sums.values()), setting.rules),
        )
        for one, (_, partners) in zip(read, places, strict=True)
    ]


def _places(family: Family, setting: Setting) -> list[tuple[int, Partners]]:
    """The candidate's layers with their partners in every other model."""
    found: list[tuple[int, Partners]] = []
    if family.layouts[0].boundary:
        found.append((OUTSIDE, (None,) * (len(family.layouts) - 1)))
    if not family.layouts[0].layers:
        return found
    sketches = [
        setting.compute.map(
            partial(
                sketch_layer, model=model, draws=setting.draws, rules=setting.rules
            ),
            range(len(model[1].layers)),
            on_done=lambda _place, _layer: None,
        )
        for model in zip(family.checkpoints, family.layouts, strict=True)
    ]
    partners = partners_of(sketches[0], sketches[1:], together=family.has_ancestor)
    return found + list(enumerate(partners))


def _fitted(sums: Sequence[Sums | None], rules: DecompositionRules) -> Fit | None:
    total = added(sums)
    return None if total is None else fit(total, rules)


def _identical(family: Family, layers: Sequence[_Layer]) -> int | None:
    """The parent whose every tensor the candidate holds, in its own place."""
    equal = frozenset.intersection(*(layer.read.equal for layer in layers))
    for parent in sorted(equal):
        mine, theirs = (family.layouts[0].slots(), family.layouts[1 + parent].slots())
        if {slot: table.pieces for slot, table in mine.items()} != {
            slot: table.pieces for slot, table in theirs.items()
        }:
            continue
        names = sorted({p.name for table in mine.values() for p in table.pieces})
        sides = family.checkpoints[0], family.checkpoints[1 + parent]
        if all(sides[0].digest(name) == sides[1].digest(name) for name in names):
            return parent
    return None


def _published(
    family: Family,
    layers: Sequence[_Layer],
    found: tuple[Fit | None, Judged],
    untested: Mapping[str, str],
    rules: DecompositionRules,
) -> ComponentDecomposition:
    whole, judged = found
    nowhere: Partners = (None,) * len(family.parents)
    return ComponentDecomposition(
        name=family.kind.value,
        verdict=judged.verdict,
        form=judged.form,
        whole=None if whole is None else _part(whole, family, (None, None), nowhere),
        layers=tuple(
            _part(layer.fit, family, (layer.read.number, None), layer.partners)
            for layer in layers
        ),
        classes=tuple(
            _part(
                _fitted([sums], rules),
                family,
                (layer.read.number, tensor_class),
                layer.partners,
            )
            for layer in layers
            for tensor_class, sums in sorted(layer.read.sums.items())
        ),
        layer_parents=tuple(
            tuple(family.parents[k] for k in made_of)
            for made_of in judged.layer_parents
        ),
        untested=_listed(untested),
        reason=judged.reason,
    )


def _part(
    found: Fit | None,
    family: Family,
    place: tuple[int | None, TensorClass | None],
    partners: Partners,
) -> PartFit:
    if found is None:
        return PartFit(
            layer=place[0], tensor_class=place[1], weights=(), signed=False,
            explained_single=None, explained_joint=None, gain=None, unexplained=None,
            control_weight=None, planted_error=None, condition=None, values=0,
            reason=wording.NOT_IDENTIFIED,
        )  # fmt: skip
    return PartFit(
        layer=place[0],
        tensor_class=place[1],
        weights=tuple(
            _weight(found, k, (name, partners[k]))
            for k, name in enumerate(family.parents)
        ),
        signed=found.signed,
        explained_single=found.explained_single,
        explained_joint=found.explained_joint,
        gain=found.gain,
        unexplained=found.unexplained,
        control_weight=found.control_weight,
        planted_error=found.planted_error,
        condition=found.condition,
        values=found.values,
    )


def _weight(found: Fit, number: int, parent: tuple[str, int | None]) -> ParentWeight:
    name, layer = parent
    if number in found.unmoved:
        return ParentWeight(
            parent=name, layer=layer, weight=None, low=None, high=None, used=False
        )
    weight, half = float(found.weights[number]), float(found.half_widths[number])
    low = weight - half
    return ParentWeight(
        parent=name,
        layer=layer,
        weight=weight,
        low=low if found.signed else max(0.0, low),
        high=weight + half,
        used=number in found.used,
    )


def _without_fit(
    family: Family, untested: Mapping[str, str], fact: Text
) -> ComponentDecomposition:
    return ComponentDecomposition(
        name=family.kind.value,
        verdict=DecompositionVerdict.UNDETERMINED,
        form=None,
        whole=None,
        layers=(),
        classes=(),
        layer_parents=(),
        untested=_listed(untested),
        reason=fact,
    )


def _listed(untested: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {reason}" for name, reason in sorted(untested.items()))
