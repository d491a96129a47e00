"""V7 and V9 read what was kept: weights that moved, and the optimizer's averages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from dokja.training.checks.v07_displacement import displacement
from dokja.training.checks.v09_optimizer_state import optimizer_state
from tests.audited_run import Interfere, audited_run


def _at(step: int, what: Callable[[Any, torch.optim.Optimizer], None]) -> Interfere:
    """Do it once, after that step."""

    def interfere(now: int, model: Any, optimizer: torch.optim.Optimizer) -> None:
        if now == step:
            with torch.no_grad():
                what(model, optimizer)

    return interfere


def _each(optimizer: torch.optim.Optimizer, part: str) -> list[torch.Tensor]:
    return [held[part] for held in optimizer.state.values()]


def _swap(model: Any, _: torch.optim.Optimizer) -> None:
    model.head.weight.copy_(model.head.weight.flip(0))


def _forget(_: Any, optimizer: torch.optim.Optimizer) -> None:
    optimizer.state.clear()


def _count_on(_: Any, optimizer: torch.optim.Optimizer) -> None:
    for count in _each(optimizer, "step"):
        count.add_(1000)


def _negate(_: Any, optimizer: torch.optim.Optimizer) -> None:
    _each(optimizer, "exp_avg_sq")[0].neg_()


def _inflate(_: Any, optimizer: torch.optim.Optimizer) -> None:
    for mean in _each(optimizer, "exp_avg"):
        mean.mul_(50)


def _empty(_: Any, optimizer: torch.optim.Optimizer) -> None:
    for part in ("exp_avg", "exp_avg_sq"):
        for mean in _each(optimizer, part):
            mean.zero_()


def _shrink(_: Any, optimizer: torch.optim.Optimizer) -> None:
    """Both averages by one factor, so that their ratio stays what it was."""
    for mean in _each(optimizer, "exp_avg"):
        mean.mul_(1e-3)
    for square in _each(optimizer, "exp_avg_sq"):
        square.mul_(1e-6)


def _overflow(_: Any, optimizer: torch.optim.Optimizer) -> None:
    for count in _each(optimizer, "step"):
        count.fill_(float("inf"))


def test_an_honest_run_is_never_accused(tmp_path: Path) -> None:
    """This one learns so easily that it goes straight on: that is for replay."""
    case = audited_run(tmp_path).case()
    moved, kept = displacement(case), optimizer_state(case)
    assert moved[0].value == "inconclusive", moved[1].en
    assert kept[0].value == "pass", kept[1].en


def test_weights_that_wander_within_their_rate_pass(tmp_path: Path) -> None:
    """As those of a run do whose batches disagree."""
    last: dict[str, torch.Tensor] = {}

    def wander(step: int, model: Any, _: torch.optim.Optimizer) -> None:
        draw = torch.Generator().manual_seed(step)
        with torch.no_grad():
            for name, weight in model.named_parameters():
                before = last.get(name, weight.detach().clone())
                step_taken = torch.randn(weight.shape, generator=draw) * 5e-4
                last[name] = before + step_taken
                weight.copy_(last[name])

    result, said = displacement(audited_run(tmp_path, interfere=wander).case())
    assert (result.value, "4 pairs" in said.en) == ("pass", True), said.en


def test_weights_put_in_between_checkpoints_moved_too_far(tmp_path: Path) -> None:
    """A run too short for two sketches is seen through by its checkpoints."""
    run = audited_run(tmp_path, lr=1e-5, interfere=_at(25, _swap))
    result, said = displacement(run.case())
    assert (result.value, "20 and 30" in said.en) == ("fail", True), said.en
    assert "head.weight" in said.en


def test_going_straight_on_has_to_be_replayed(tmp_path: Path) -> None:
    """An interpolated path never turns; within its bound it is no crime either."""

    def straight(step: int, model: Any, _: torch.optim.Optimizer) -> None:
        with torch.no_grad():
            for name, weight in model.named_parameters():
                start = firsts.setdefault(name, weight.detach().clone())
                weight.copy_(start + 1e-4 * step * torch.sign(start))

    firsts: dict[str, torch.Tensor] = {}
    run = audited_run(tmp_path, interfere=straight)
    result, said = displacement(run.case())
    assert (result.value, "replayed" in said.en) == ("inconclusive", True), said.en


WRONG: dict[str, tuple[Interfere, str, str]] = {
    "no optimizer at all": (_at(40, _forget), "inconclusive", "no optimizer state"),
    "a fresh optimizer that trained on": (_at(15, _forget), "fail", "counts"),
    "steps before the first": (_at(5, _count_on), "fail", "counts"),
    "negative squares": (_at(20, _negate), "fail", "negative"),
    "averages that do not belong together": (_at(20, _inflate), "fail", "too large"),
    "averages of nothing": (_at(20, _empty), "fail", "zeros"),
    "gradients of another size": (_at(20, _shrink), "inconclusive", "ten times"),
    "a count that is no number": (_at(40, _overflow), "fail", "counts"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_state_that_no_steps_lead_to_is_found(name: str, tmp_path: Path) -> None:
    """Whoever forges weights has to forge their optimizer's past as well."""
    interfere, expected, word = WRONG[name]
    run = audited_run(tmp_path, interfere=interfere)
    result, said = optimizer_state(run.case())
    assert (result.value, word in said.en) == (expected, True), said.en
