"""The office writes the record of its contest where the stage reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dokja.contest.battles.cast import ADMITTED, CAST, battle_subject, voter_subject
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.published.published_contest import FILE
from dokja.contest.values import CanaryKind, Choice, VoteCast, VoterAdmitted
from dokja.errors import NotAllowed
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Act
from dokja.lineage import shipped_rules
from dokja.settings import read_settings, shipped_folder
from dokja.stage import read_stage
from dokja.wiring.contest_closing import settle
from dokja.wiring.contests import ContestKeeper
from dokja.wiring.export import export_contest
from dokja.wiring.office import Office, OfficeRequest, open_office
from dokja.wiring.programmes import find_programme

AT = "2026-03-04T10:00:00+09:00"
PEOPLE, EACH = 15, 12


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    """The example's programme, where an office may write; no contest on record."""
    shipped = shipped_folder("examples") / "programme"
    copy = shutil.copytree(shipped, tmp_path / "programme")
    (copy / "stage-1" / FILE).unlink()
    return copy


@pytest.fixture
def office(programme: Path, tmp_path: Path) -> Iterator[Office]:
    """Its office, the contest opened, with votes of people who only draw."""
    request = OfficeRequest(
        programme=str(programme), stage="stage-1", work=tmp_path / "work"
    )
    settings = read_settings({})
    now = datetime(2026, 3, 5, tzinfo=UTC)
    with open_office(request, settings=settings, clock=lambda: now) as found:
        assert found.keeper is not None
        found.keeper.open()
        found.store.acts.append(list(cast_by_chance(found.keeper)))
        yield found


def cast_by_chance(keeper: ContestKeeper) -> Iterator[Act]:
    """Acts of admissions and votes, as the web appends them one by one."""
    contest = keeper.contest
    for voter in range(1, PEOPLE + 1):
        admitted = VoterAdmitted(voter=f"v-{voter}", recused=())
        subject = voter_subject(contest, voter)
        yield contest.act(ADMITTED, subject, at=AT, body=admitted)
        schedule = PairSchedule(
            rules=contest.plan.rules,
            prompts=tuple(prompt.id for prompt in contest.plan.prompts),
            seed=contest.seed,
            voter=voter,
        )
        draws = uniform_draws(seed_for("office", f"{voter}"), EACH + 1)
        for number in range(1, EACH + 1):
            battle = schedule.battle(number)
            choice = Choice.LEFT if draws[number] < 0.5 else Choice.RIGHT
            if battle.canary is CanaryKind.BROKEN:
                choice = Choice.RIGHT if battle.broken is Choice.LEFT else Choice.LEFT
            vote = VoteCast(voter=f"v-{voter}", choice=choice, seconds=20)
            place = battle_subject(contest, voter, number)
            yield contest.act(CAST, place, at=AT, body=vote)


def test_the_stage_reads_what_the_office_wrote(office: Office, programme: Path) -> None:
    """Once settled, and the same bytes when written again."""
    assert office.keeper is not None
    with pytest.raises(NotAllowed, match="no published votes"):
        export_contest(office)
    outcome = settle(office.keeper, why="the last day is over")
    path = export_contest(office).path
    assert path == programme.resolve() / "stage-1" / FILE
    first = path.read_bytes()
    export_contest(office)
    assert path.read_bytes() == first
    texts = find_programme(str(programme)).stage_texts("stage-1")
    found = read_stage(texts, lineage_rules=shipped_rules()).contest
    assert found is not None
    assert found.rating == outcome.rating
    assert found.participation.votes == PEOPLE * EACH
    assert len(found.votes) + found.canary_votes == PEOPLE * EACH
    assert b"v-1" not in first


def test_an_office_without_a_contest_writes_none(office: Office) -> None:
    """Its stage goes on without the file."""
    with pytest.raises(NotAllowed, match="no contest"):
        export_contest(replace(office, keeper=None))
