"""The act: a rulebook tried on simulated stages before it is frozen."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.programme import rules_digest
from dokja.programme.values import Objection, RankCut, Rulebook
from dokja.rehearsal.decisions import decide_all, scenario_result
from dokja.rehearsal.open_cases import open_cases, refused_case
from dokja.rehearsal.scenarios import SCENARIOS
from dokja.rehearsal.simulate import simulate
from dokja.rehearsal.values import Assumptions, Rehearsal, ScenarioResult

SCHEMA = "dokja-rehearsal/1"
METHOD = "simulated/normal-posterior/{draws}/philox/seed={seed}"
NOTE = Text(
    ko="모든 수치는 위에 적은 가정으로 모의실험하여 얻은 것이며, 실제 팀이나 모델을 "
    "측정한 것이 아닙니다. 가정이 다르면 결과도 달라집니다.",
    en="Every figure is simulated from the assumptions stated. No team and no model "
    "was measured, and other assumptions give other figures.",
)


def rehearse_rules(
    rulebook: Rulebook,
    assumed: Assumptions,
    *,
    stage: str | None = None,
    on_step: Callable[[str, str], None],
) -> Rehearsal:
    """How often the rules put the wrong team out, and what they leave open.

    Raises: InvalidInput where an assumption cannot be simulated, or the stage
    named has no rank cut.
    """
    _check(assumed)
    cut = _cut(rulebook, stage)
    digest = rules_digest(rulebook)
    found = open_cases(rulebook, cut, teams=assumed.teams)
    results: list[ScenarioResult] = []
    refusals: dict[str, str] = {}
    method = METHOD.format(draws=assumed.posterior_draws, seed=assumed.seed)
    runnable = _with_objection(rulebook)
    for scenario in SCENARIOS if cut else ():
        assert cut is not None
        simulated = simulate(rulebook, assumed, scenario, digest=digest)
        counted = decide_all(runnable, cut, scenario, simulated, digest=digest)
        refusals |= counted.refusals
        results.append(scenario_result(scenario, counted, assumed, method=method))
        on_step("simulated", scenario.id)
    return Rehearsal(
        schema=SCHEMA,
        rules_digest=digest,
        programme=rulebook.programme,
        stage=cut.stage if cut else None,
        assumptions=assumed,
        note=NOTE,
        scenarios=tuple(results),
        open_cases=(*found, *(refused_case(*each) for each in refusals.items())),
        method=method,
    )


def _cut(rulebook: Rulebook, stage: str | None) -> RankCut | None:
    if stage is None:
        return rulebook.rank_cuts[0] if rulebook.rank_cuts else None
    cut = rulebook.rank_cut(stage)
    if cut is None:
        raise InvalidInput(
            f"the rulebook has no rank cut for {stage}",
            remedy="name one of: " + ", ".join(c.stage for c in rulebook.rank_cuts),
        )
    return cut


def _with_objection(rulebook: Rulebook) -> Rulebook:
    """The rulebook with a window to object: its absence is an open case already.

    Without it every simulation would be refused and the risk stay unknown.
    """
    if rulebook.objection is not None:
        return rulebook
    window = Objection(days=1, early_closure=False)
    return msgspec.structs.replace(rulebook, objection=window)


def _check(assumed: Assumptions) -> None:
    least = {"teams": 3, "items": 1, "raters": 2, "voters": 2, "simulations": 1}
    for name, bound in least.items():
        if getattr(assumed, name) < bound:
            raise InvalidInput(
                f"{name} is {getattr(assumed, name)}",
                remedy=f"assume at least {bound}",
            )
    if not 0 <= assumed.gap <= 20:
        raise InvalidInput(
            f"a gap of {assumed.gap} points between neighbours",
            remedy="assume 0 to 20: beyond, the order is never in doubt",
        )
