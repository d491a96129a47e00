"""A stage from the freeze of its rules to its decision, by the product's own run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from dokja.decision.after import has_withdrawn, withdraw, withdrawal_matter
from dokja.decision.after.values import TeamWithdrawn
from dokja.decision.values import StageDecision
from dokja.errors import DokjaError, Unavailable
from dokja.programme import parse_rulebook, rules_digest
from dokja.support.values import Window
from tests.rulebooks import EXAMPLE
from tests.whole_programme.dates import consult, set_dates
from tests.whole_programme.drawn_stage import (
    EXPERTS,
    Dates,
    DrawnStage,
    Handed,
    drawn_team,
)
from tests.whole_programme.given_support import StageSupport, give
from tests.whole_programme.held_call import HeldCall
from tests.whole_programme.money import appropriate, award, buy_data
from tests.whole_programme.office import Office

STAGES = {"stage-1": 4, "stage-2": 3, "stage-3": 2}
"""Stage to how many stay."""
GOVERNS = 'governs = ["vacancy", "revival", "final"]'
MOVES_UP = "least_open_share = 0.5\nnext_moves_up = true"


@dataclass
class Stage:
    """One stage on the office's record."""

    office: Office
    run: DrawnStage
    support: StageSupport
    decision: StageDecision | None = None
    call: HeldCall | None = None
    """The revival call for its places, where one was held."""

    @property
    def id(self) -> str:
        """Name of the stage."""
        return self.run.stage


def programme_rules(office_luck: Callable[[], float], *, draws: int = 40) -> str:
    """The example's rules for three stages, with some of its policies drawn."""
    text = EXAMPLE.replace("draws = 4000", f"draws = {draws}")
    text = re.sub(r"\[sensitivity\]\nkappa = 40\nlargest_share = 0.3\n", "", text)
    text = text.replace("agreement = true", "agreement = false")
    text += "\n[final]\nteams = 2\n"
    text = text.replace('governs = ["vacancy", "revival"]', GOVERNS)
    text = text.replace("least_open_share = 0.5", MOVES_UP)
    cut = re.search(r"\[\[rank_cuts\]\]\n(?:.+\n)+", text)
    assert cut is not None, "the example's rulebook has no rank cut"
    cuts = [
        cut[0].replace("stage-1", stage).replace("keep = 4", f"keep = {keep}")
        for stage, keep in STAGES.items()
    ]
    text = text.replace(cut[0], "\n".join(cuts))
    for old, new, share in (
        ('on_low_confidence = "undecided"', 'on_low_confidence = "decide"', 0.9),
        ('on_full_tie = "undecided"', 'on_full_tie = "all_advance"', 0.3),
        ('policy = "revival_call"', 'policy = "left_empty"', 0.15),
        ("early_closure = true", "early_closure = false", 0.3),
        ('"counts_as_elimination"', '"leaves_cut_unchanged"', 0.4),
        ("next_moves_up = true", "next_moves_up = false", 0.3),
        ('vote_base = "whole_panel"', 'vote_base = "able_to_vote"', 0.3),
    ):
        assert old in text, f"the example's rulebook no longer says {old}"
        if office_luck() < share:
            text = text.replace(old, new)
    return text


def new_stage(office: Office, name: str, teams: tuple[str, ...], rules: str) -> Stage:
    """A stage whose freeze is now."""
    luck = office.luck
    dates = Dates(frozen=office.clock.now, decided_after=luck.choice((3, 7, 7, 7)))
    handed = Handed(
        {team: drawn_team(luck) for team in teams},
        {expert: luck.sample(teams, 1) for expert in office.some(EXPERTS, 0.15)},
    )
    midnight = dates.frozen.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    ends = midnight + timedelta(days=dates.development_days - 2)
    lessor = luck.choice(teams) if office.chance(0.5) else None
    return Stage(
        office=office,
        run=DrawnStage(
            name, handed, dates, rulebook=rules, log=office.desk.log, luck=luck
        ),
        support=StageSupport(
            office, name, teams, Window(begins=midnight, ends=ends), lessor
        ),
    )


def hold_stage(stage: Stage) -> Iterator[str]:
    """The stage to its decision; a step after each act."""
    office, run = stage.office, stage.run
    yield from set_dates(office, stage.id)
    attempt(stage, "freeze rules")
    yield "rules frozen"
    yield from appropriate(stage.support)
    yield from award(stage.support)
    yield from buy_data(stage.support)
    yield from give(stage.support)
    if office.chance(0.3):
        yield from consult(office, stage.id, run.teams)
    if office.chance(0.1):
        attempt_exception(stage)
        yield "exception"
    yield from _left(stage)
    office.until(run.dates.sealed)
    run.is_handed_in = True
    attempt(stage, "seal submissions")
    yield "sealed"
    yield from _left(stage, share=0.02)
    run.beacon = f"drawn for {stage.id}"
    attempt(stage, "decide stage")
    office.until(run.dates.decided)
    yield "decided"


def attempt(stage: Stage, what: str) -> bool:
    """Whether the run came as far as the stage has; it waits for what is not there."""
    office, run = stage.office, stage.run
    office.tally.steps += 1
    before = office.reader.count()
    if stage.decision is None:
        run.withdrawn = gone(office, run.teams)
    try:
        stage.decision = run.run().outcome.decision
    except Unavailable:
        pass
    except DokjaError as error:
        office.tally.refused[type(error).__name__, what] += 1
        return False
    office.tally.did[what] += 1
    office.tally.acts += office.reader.count() - before
    return True


def attempt_exception(stage: Stage, *, consent: bool = True) -> bool:
    """Whether other rules came into force after the freeze."""
    run, before = stage.run, stage.run.rulebook
    after = re.sub(r"draws = (\d+)", lambda m: f"draws = {int(m[1]) + 1}", before)
    consents = run.teams if consent else run.teams[1:]
    listed = ", ".join(f'"{team}"' for team in consents)
    old, new = (rules_digest(parse_rulebook(t, where="t")) for t in (before, after))
    run.exceptions = (
        f'[[exceptions]]\nfrom_digest = "{old}"\nto_digest = "{new}"\n'
        f'at = "{stage.office.clock.now.isoformat()}"\nconsents = [{listed}]\n'
        'reason = { ko = "추첨 횟수", en = "more draws" }\n'
    )
    run.rulebook = after
    what = "except rules" if consent else "except rules without consent"
    if attempt(stage, what):
        return True
    run.rulebook, run.exceptions = before, ""
    return False


def leave(office: Office, team: str, active: tuple[str, ...], *, by: str = "") -> bool:
    """Whether the team left of its own accord."""
    matter = withdrawal_matter(office.desk.programme, team)
    return office.act(
        "withdraw team" if not by else "withdraw another team",
        lambda m: withdraw(
            matter, office.desk.history(matter), TeamWithdrawn(), active=active,
            mandate=m,
        ),
        by=by or team,
        clause="3.6",
    )  # fmt: skip


def gone(office: Office, teams: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the teams that have left."""
    programme = office.desk.programme
    return tuple(
        team
        for team in teams
        if has_withdrawn(office.desk.history(withdrawal_matter(programme, team)))
    )


def _left(stage: Stage, *, share: float = 0.04) -> Iterator[str]:
    office, run = stage.office, stage.run
    for team in office.some(run.teams, share):
        if team not in run.withdrawn and len(run.teams) - len(run.withdrawn) > 1:
            leave(office, team, run.teams)
            yield "team withdrawn"
