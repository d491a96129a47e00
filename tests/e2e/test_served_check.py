"""A really served example model against another team's: what two draws can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.independence.served.values import ServedReport, ServedRules
from dokja.settings import read_settings, shipped_folder
from dokja.wiring.served_check import ServedRequest, check_served

MODELS = shipped_folder("examples") / "models"
CONTEST = shipped_folder("examples") / "contest" / "contest.toml"
RULES = ServedRules(most_tokens=8, permutations=199, letters=16)


def listed(folder: Path, name: str, **teams: str) -> Path:
    """A list of endpoints that run in this process."""
    path = folder / f"{name}.toml"
    entries = [
        f'[[teams]]\nteam = "{team}"\nmodel = "{model}"\n'
        f'folder = "{MODELS / model / "text_decoder"}"\n'
        for team, model in teams.items()
    ]
    path.write_text('schema = "dokja-endpoints/1"\n' + "".join(entries), "utf-8")
    return path


def check(folder: Path, served: str, *, control: str = "t2") -> ServedReport:
    """The report where a team's endpoint runs the model named."""
    request = ServedRequest(
        team="t1",
        control=control,
        endpoints=listed(folder, "voted", t1=served),
        own=listed(folder, "own", t1="dalyeoul", t2="galbaramjae"),
        contest=CONTEST,
        draws=2,
        beacon="drawn",
        rules=RULES,
    )
    return check_served(request, settings=read_settings(), on_items=lambda *_: None)


def test_a_swapped_model_answers_otherwise_and_two_draws_accuse_nobody(
    tmp_path: Path,
) -> None:
    """At temperature 0 all differs; the word waits for draws that tell them apart."""
    same, swapped = check(tmp_path, "dalyeoul"), check(tmp_path, "moraesinae")
    assert same.agreement.value == 1.0
    assert swapped.agreement.value < 0.5
    assert same.prompts == swapped.prompts >= RULES.least_prompts
    assert same.missing == 0
    assert {same.result, swapped.result} == {CheckResult.INCONCLUSIVE}


@pytest.mark.parametrize("control", ["t1", "t9"])
def test_a_control_has_to_be_another_model_of_the_list(
    tmp_path: Path, control: str
) -> None:
    """The team itself, and one nobody serves."""
    with pytest.raises(InvalidInput):
        check(tmp_path, "dalyeoul", control=control)
