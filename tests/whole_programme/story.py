"""Made-up programmes, from the first call to the last teams or an earlier end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dokja.adapters.store import open_act_log
from dokja.call.applications.values import ApplicationPhase
from dokja.call.values import CallKind
from dokja.decision.after import (
    NextStage,
    SettledStage,
    final_matter,
    name_teams,
    next_teams,
    select_final,
    stage_teams_matter,
)
from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme import parse_rulebook
from dokja.programme.matters import Mandate
from dokja.wiring.matter_desk import MatterDesk
from tests.whole_programme.afterwards import decided, final, places, settle
from tests.whole_programme.call_story import hold
from tests.whole_programme.decided_stage import (
    STAGES,
    Stage,
    gone,
    hold_stage,
    leave,
    new_stage,
    programme_rules,
)
from tests.whole_programme.held_call import HeldCall
from tests.whole_programme.office import Clock, Office, luck_of
from tests.whole_programme.rows import Reader

BEGINS = datetime.fromisoformat("2031-01-06T09:00:00+09:00")
FIRST_TEAMS = 5
ENDS = {2: "the final two", 1: "one team", 0: "no team"}


@dataclass
class Story:
    """One programme in the making."""

    office: Office
    rules: str
    call: HeldCall | None = None
    stage: Stage | None = None
    stages: list[Stage] = field(default_factory=list)
    end: str = ""
    """How it ended; empty while it runs."""
    last_teams: tuple[str, ...] = ()

    @property
    def latest_call(self) -> HeldCall | None:
        """The call that was held last; None before any was."""
        if self.stage is not None and self.stage.call is not None:
            return self.stage.call
        return self.call


@contextmanager
def new_story(url: str, seed: int) -> Iterator[Story]:
    """A programme that has not begun, on the record at the address."""
    luck = luck_of(seed)
    rules = programme_rules(luck.random)
    clock, reader = Clock(BEGINS), Reader(url)
    with open_act_log(url) as log:
        desk = MatterDesk(
            rulebook=parse_rulebook(rules, where="drawn"), log=log, clock=clock
        )
        office = Office(desk=desk, clock=clock, luck=luck, reader=reader)
        try:
            yield Story(office=office, rules=rules)
        finally:
            reader.engine.dispose()


def tell(story: Story) -> Iterator[str]:
    """The whole programme; a step after each act, and how it ended at its end."""
    office = story.office
    bids = office.luck.randint(FIRST_TEAMS, FIRST_TEAMS + 3)
    names = tuple(f"t{number:02d}" for number in range(1, bids + 1))
    story.call = HeldCall(office, "initial", CallKind.INITIAL, FIRST_TEAMS, names)
    yield from hold(story.call)
    teams = tuple(sorted(story.call.in_phase(ApplicationPhase.SELECTED)))
    for name in STAGES:
        if len(teams) < 2:
            break
        story.stage = new_stage(office, name, teams, story.rules)
        story.stages.append(story.stage)
        yield from hold_stage(story.stage)
        if story.stage.decision is None:
            story.end = "not decided"
            return
        yield from settle(story.stage)
        yield from _departures(office, story.stage)
        try:
            teams = following(office, name)
        except NotAllowed:
            story.end = "held: the data do not decide"
            return
        yield from _named(story, name)
    story.last_teams = teams
    story.end = ENDS.get(len(teams), "a tie at the last place leaves more")


def following(office: Office, stage: str) -> tuple[str, ...]:
    """Teams of the next stage. Raises: NotAllowed where something is open."""
    decision = decided(office, stage).decision
    names = tuple(team.team for team in decision.teams)
    filled = tuple(place.team for place in places(office, stage).filled)
    return next_teams(
        decision, places(office, stage), withdrawn=gone(office, (*names, *filled))
    )


def _named(story: Story, stage: str) -> Iterator[str]:
    """The teams of the next stage, or the end, are put on record."""
    office = story.office
    number = int(stage.rpartition("-")[2]) + 1
    now = office.clock.now
    filled = places(office, stage)
    following_stage = NextStage(
        id=f"stage-{number}",
        begins=now.isoformat(),
        ends=(now + timedelta(days=60)).isoformat(),
        begins_of={place.team: now.isoformat() for place in filled.filled},
    )
    rules, programme = office.desk.rulebook, office.desk.programme

    def settled() -> SettledStage:
        teams = tuple(team.team for team in decided(office, stage).decision.teams)
        entered = tuple(place.team for place in places(office, stage).filled)
        return SettledStage(
            final=final(office, stage),
            decision=decided(office, stage).decision,
            places=places(office, stage),
            withdrawn=gone(office, (*teams, *entered)),
        )

    def name(mandate: Mandate) -> Act:
        history = office.desk.history(stage_teams_matter(programme, f"stage-{number}"))
        return name_teams(
            settled(), following_stage, history, rulebook=rules, mandate=mandate
        )

    def end(mandate: Mandate) -> Act:
        history = office.desk.history(final_matter(programme))
        return select_final(settled(), history, rulebook=rules, mandate=mandate)

    for what, make in (("name teams", name), ("end programme", end)):
        if office.act(what, make, clause="4.2"):
            yield what


def _departures(office: Office, stage: Stage) -> Iterator[str]:
    for team in office.some(stage.run.teams, 0.02):
        leave(office, team, stage.run.teams)
        yield "team withdrawn"
