"""Reading what an organiser prepared for a stage, with every cross-check."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from dokja.benchmark import parse_suite
from dokja.benchmark.values import Suite
from dokja.contest import (
    BallotBox,
    PublishedContest,
    check_ballots,
    check_contest_record,
    parse_contest_record,
)
from dokja.contest.published.published_contest import FILE as CONTEST
from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.independence.book import DossierBook, parse_book
from dokja.independence.values import ReplyBook
from dokja.lineage.values import LineageRules
from dokja.panel import Panel
from dokja.programme import Rulebook, parse_rulebook
from dokja.programme.values import Measure
from dokja.stage.index_inputs import index_problems
from dokja.stage.panel_inputs import under_interests
from dokja.stage.values import StagePlan
from dokja.standing.indices.recorded import (
    CANDIDATES,
    FIGURES,
    parse_candidates,
    parse_figures,
)
from dokja.standing.indices.values import CandidateList, FigureBook
from dokja.submission.manifest import check_id

SCHEMA = "dokja-stage/1"
Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class StageTexts:
    """The texts of a stage's files, as the organiser keeps them."""

    rulebook: str
    plan: str
    suites: Mapping[str, tuple[str, str]]
    """Suite id to the texts of its header and its items."""
    panel: str
    ballots: str
    replies: str
    candidates: str | None = None
    """Of `candidates.toml`, where the rules draw up a reference set."""
    figures: str | None = None
    """Of `figures.toml`, where the Diffusion Index needs figures beside runs."""
    interests: str | None = None
    """Of `interests.toml`, where the rules compute interests from ties."""
    assignment: str | None = None
    """Of `assignment.json`, where experts were assigned to teams."""
    contest: str | None = None
    """Of `contest.json`, where the stage held a public contest."""
    replays: tuple[str, ...] = ()
    """Of the folder `replays`, where auditors replayed training."""
    dossier: str | None = None
    """Of `dossier.json`, what the office recorded for the dossiers."""


@dataclass(frozen=True, kw_only=True)
class StageInputs:
    """What an organiser prepared for a stage, read and checked."""

    rulebook: Rulebook
    lineage_rules: LineageRules
    plan: StagePlan
    suites: tuple[Suite, ...]
    panel: Panel
    ballot_box: BallotBox
    reply_book: ReplyBook
    candidate_list: CandidateList | None = None
    figure_book: FigureBook | None = None
    contest: PublishedContest | None = None
    replays: tuple[str, ...] = ()
    """Reports as auditors signed them."""
    dossier_book: DossierBook | None = None


def parse_plan(text: str, *, where: str) -> StagePlan:
    """The plan in the text of `stage.toml`."""
    try:
        plan = read_as(tomllib.loads(text), StagePlan, where=where)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error
    if plan.schema != SCHEMA:
        raise InvalidInput(
            f"{where}: schema is {plan.schema!r}",
            remedy=f"this program reads {SCHEMA!r}",
        )
    for name in (*plan.teams, *plan.references):
        check_id(name, where=where)
    return plan


def read_stage(texts: StageTexts, *, lineage_rules: LineageRules) -> StageInputs:
    """The stage's inputs. Raises: InvalidInput naming the file and the entry."""
    rulebook = parse_rulebook(texts.rulebook, where="rulebook.toml")
    plan = parse_plan(texts.plan, where="stage.toml")
    suites = tuple(
        parse_suite(header, items, where=suite)
        for suite, (header, items) in sorted(texts.suites.items())
    )
    listed, book = _read_index_files(texts)
    problems = (
        *_plan_problems(rulebook, plan),
        *_suite_problems(rulebook, plan, suites),
        *index_problems(rulebook, plan, listed, book),
    )
    if problems:
        raise InvalidInput(
            "stage.toml:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct the plan before the rules are frozen",
        )
    panel = under_interests(
        _read_json(texts.panel, Panel, "panel.json"),
        rulebook,
        teams=active_teams(plan),
        texts=(texts.interests, texts.assignment),
    )
    box = _read_json(texts.ballots, BallotBox, "ballots.json")
    check_ballots(box, teams=active_teams(plan), where="ballots.json")
    replies = _read_json(texts.replies, ReplyBook, "replies.json")
    _check_replies(replies, plan)
    return StageInputs(
        rulebook=rulebook,
        lineage_rules=lineage_rules,
        plan=plan,
        suites=suites,
        panel=panel,
        ballot_box=box,
        reply_book=replies,
        candidate_list=listed,
        figure_book=book,
        contest=_contest(texts.contest, plan),
        replays=texts.replays,
        dossier_book=None
        if texts.dossier is None
        else parse_book(
            texts.dossier,
            teams=plan.teams,
            experts=[expert.id for expert in panel.experts],
        ),
    )


def active_teams(plan: StagePlan) -> tuple[str, ...]:
    """Teams of the stage that did not withdraw, in the plan's order."""
    return tuple(team for team in plan.teams if team not in plan.withdrawn)


def _read_index_files(
    texts: StageTexts,
) -> tuple[CandidateList | None, FigureBook | None]:
    return (
        None
        if texts.candidates is None
        else parse_candidates(texts.candidates, where=CANDIDATES),
        None if texts.figures is None else parse_figures(texts.figures, where=FIGURES),
    )


def _contest(text: str | None, plan: StagePlan) -> PublishedContest | None:
    if text is None:
        return None
    found = parse_contest_record(text, where=CONTEST)
    # A team that withdrew later was voted on all the same.
    check_contest_record(found, teams=plan.teams, where=CONTEST)
    return found


def _read_json(text: str, kind: type[Read], where: str) -> Read:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{where} is not JSON: {error}", remedy="correct the place it names"
        ) from error
    return read_as(document, kind, where=where)


def _plan_problems(rulebook: Rulebook, plan: StagePlan) -> Iterator[str]:
    if plan.programme != rulebook.programme:
        yield (
            f"the plan is of programme {plan.programme!r}, "
            f"the rulebook of {rulebook.programme!r}"
        )
    if rulebook.rank_cut(plan.stage) is None:
        yield f"the rulebook has no rank cut for stage {plan.stage!r}"
    for team, count in Counter(plan.teams).items():
        if count > 1:
            yield (
                f"team {team} stands {count} times: a second submission of a team "
                "for the same stage is a duplicate"
            )
    for team in plan.withdrawn:
        if team not in plan.teams:
            yield f"team {team} withdrew but does not take part"
    yield from _key_problems(plan)
    if plan.target_reference not in plan.references:
        yield f"the target reference {plan.target_reference!r} is not a reference"


def _key_problems(plan: StagePlan) -> Iterator[str]:
    recording = () if plan.training is msgspec.UNSET else plan.training.record_keys
    for keys in (plan.team_keys or (), recording):
        registered = Counter(key.team for key in keys)
        for team, count in registered.items():
            if team not in plan.teams or count > 1:
                yield (
                    f"{count} keys are registered for team {team}, which has one at "
                    "most"
                )


def _suite_problems(
    rulebook: Rulebook, plan: StagePlan, suites: tuple[Suite, ...]
) -> Iterator[str]:
    wanted = {
        component.id
        for component in rulebook.components()
        if component.measure in (Measure.SUITE_MEAN, Measure.TARGET_ATTAINMENT)
    }
    for component in sorted(wanted - set(plan.suites)):
        yield f"component {component} is measured by suites and lists none"
    for component in sorted(set(plan.suites) - wanted):
        yield f"component {component} lists suites and is not measured by them"
    known = {suite.header.id for suite in suites}
    named = [suite for listed in plan.suites.values() for suite in listed]
    for suite in sorted(set(named) ^ known):
        yield f"suite {suite} must stand in one component and have its files"
    for suite, count in Counter(named).items():
        if count > 1:
            yield f"suite {suite} counts in {count} components"


def _check_replies(book: ReplyBook, plan: StagePlan) -> None:
    for reply in book.replies:
        if reply.team not in plan.teams:
            raise InvalidInput(
                f"replies.json: no team {reply.team!r} in this stage",
                remedy="correct the team of the reply; no reply of the file was taken",
            )
