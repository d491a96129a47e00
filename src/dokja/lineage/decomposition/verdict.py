"""From fits of layers to a verdict on a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokja.evidence.values import Text
from dokja.lineage.decomposition import wording
from dokja.lineage.decomposition.fit import Fit
from dokja.lineage.decomposition.values import (
    DecompositionRules,
    DecompositionVerdict,
    MixtureForm,
)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A component's verdict with what each layer is made of."""

    verdict: DecompositionVerdict
    form: MixtureForm | None
    layer_parents: tuple[tuple[int, ...], ...]
    reason: Text


def parents_of(fit: Fit | None, rules: DecompositionRules) -> tuple[int, ...]:
    """The parents a part is made of; empty where that does not show."""
    if fit is None or fit.planted_error > rules.planted_error_maximum:
        return ()
    if _mixed(fit, rules):
        return fit.used
    if fit.nearest is not None:
        return (fit.nearest,)
    alone = len(fit.used) == 1 and fit.explained_joint >= rules.alone_minimum
    return fit.used if alone else ()


def judge(
    whole: Fit | None, layers: Sequence[Fit | None], rules: DecompositionRules
) -> Judged:
    """The verdict on a component of which `layers` were fitted.

    A layer in which the parents do not differ has no fit and no vote.
    """
    made_of = tuple(parents_of(fit, rules) for fit in layers)
    voting = [of for of, fit in zip(made_of, layers, strict=True) if fit is not None]
    if whole is None or not voting:
        verdict, form = DecompositionVerdict.UNDETERMINED, None
        reason = wording.PARENTS_SAME
    else:
        verdict, form = _verdict(whole, voting, rules)
        reason = wording.reason(
            verdict,
            form,
            (sum(map(bool, voting)), len(voting)),
            several=_several(whole, voting),
            from_ancestor=whole.from_ancestor,
        )
    return Judged(verdict=verdict, form=form, layer_parents=made_of, reason=reason)


def _mixed(fit: Fit, rules: DecompositionRules) -> bool:
    return (
        len(fit.used) >= 2
        and fit.gain >= rules.gain_minimum
        and fit.unexplained is not None
        and fit.unexplained <= rules.unexplained_maximum
    )


def _verdict(
    whole: Fit, voting: Sequence[tuple[int, ...]], rules: DecompositionRules
) -> tuple[DecompositionVerdict, MixtureForm | None]:
    form = _form(voting, rules)
    if form is not None:
        return DecompositionVerdict.MERGED, form
    shown = {parent for of in voting for parent in of}
    if len(shown) == 1 and shown.issuperset(whole.used):
        return DecompositionVerdict.ONE_PARENT, None
    nothing = whole.explained_joint < rules.nothing_maximum
    if nothing and not shown and not whole.used:
        return DecompositionVerdict.NO_PARENT, None
    return DecompositionVerdict.UNDETERMINED, None


def _form(
    voting: Sequence[tuple[int, ...]], rules: DecompositionRules
) -> MixtureForm | None:
    """How the layers are mixed, None where they do not say so together."""
    needed = rules.layers_minimum * len(voting)
    mixed = sum(len(of) > 1 for of in voting)
    if mixed >= needed:
        return MixtureForm.WEIGHTED
    parents = {parent for of in voting for parent in of}
    if sum(map(bool, voting)) < needed or len(parents) < 2:
        return None
    return MixtureForm.BOTH if mixed else MixtureForm.BY_LAYER


def _several(whole: Fit, voting: Sequence[tuple[int, ...]]) -> bool:
    """Whether more than one parent shows anywhere."""
    return len({*whole.used, *(parent for of in voting for parent in of)}) > 1
