"""Holds the example stage's public contest with simulated voters and writes its record.

    python examples/training/make_stage_contest.py

No person voted: the contest runs through the acts of a real one, in a store that is thrown away, and every
choice is a draw around the likings below and each voter's own tastes, from SEED. One voter always takes the
right side. Secret and salts are published here, so nothing about them is secret.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from recipes import EXAMPLES
from scipy.special import expit, ndtri

from dokja.adapters.store import open_store
from dokja.contest import (
    PublishedContest,
    RunningContest,
    admit_voter,
    append_outcome,
    append_screening,
    cast_vote,
    close_contest,
    open_contest,
    parse_answers,
    parse_contest,
    progress_of,
    publish_contest,
    publish_votes,
    rate_contest,
    record_of,
    screen_contest,
    unblind,
    void_battle,
    votes_to_publish,
)
from dokja.contest.battles.show import ShownBattle, battle_texts, show_battle
from dokja.contest.ports import VoteLog
from dokja.contest.values import (
    Battle,
    BattleVoided,
    CanaryKind,
    Choice,
    PreparedAnswer,
    VoteCast,
    VoterAdmitted,
)
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Text

SEED = "example-contest-2026"
STAGE = EXAMPLES / "programme" / "stage-1"
LIKINGS = {
    "dalyeoul": 0.5,
    "galbaramjae": 0.3,
    "sangeuneul": 0.2,
    "moraesinae": -0.2,
    "cheotnunmaeul": -0.8,
}
TASTE, SIDE, TIES, BOTH_BAD = 0.4, 0.08, 0.15, 0.1
VOTERS, ALWAYS_RIGHT = 60, 23
DAYS = ("2026-03-03", "2026-03-04", "2026-03-05")
SECRET = hashlib.sha256(SEED.encode()).hexdigest()
NOTE = Text(
    ko="examples/training/make_stage_contest.py가 모의 투표자로 진행한 평가입니다. 사람이 투표하지 않았습니다.",
    en="Held by examples/training/make_stage_contest.py with simulated voters; no person voted.",
)


def choice(
    battle: Battle, liking: dict[str, float], draws: tuple[float, float]
) -> Choice:
    """What a voter of these likings says."""
    if battle.voter == ALWAYS_RIGHT:
        return Choice.RIGHT
    if battle.canary is CanaryKind.SAME:
        return Choice.TIE
    if battle.canary is CanaryKind.BROKEN:
        return Choice.RIGHT if battle.broken is Choice.LEFT else Choice.LEFT
    if draws[1] < TIES + BOTH_BAD:
        return Choice.TIE if draws[1] < TIES else Choice.BOTH_BAD
    left = expit(liking[battle.left] - liking[battle.right] + SIDE)
    return Choice.LEFT if draws[0] < left else Choice.RIGHT


def vote(
    log: VoteLog, contest: RunningContest, answers: dict[str, dict[str, str]]
) -> None:
    """Every voter in turn, each battle through its act."""
    for voter in range(1, VOTERS + 1):
        at = f"{DAYS[voter * len(DAYS) // (VOTERS + 1)]}T10:00:00+09:00"
        name = f"synthetic-{voter:03d}"
        admit_voter(log, contest, voter, VoterAdmitted(voter=name, recused=()), at=at)
        draws = uniform_draws(seed_for(SEED, f"{voter}"), 60)
        liking = {
            team: mean + TASTE * float(ndtri(draws[place]))
            for place, (team, mean) in enumerate(LIKINGS.items())
        }
        # Three in ten stop early.
        most = 20 if draws[5] > 0.3 else 10 + int(draws[6] * 8)
        for number in range(1, most + 1):
            battle = progress_of(log, contest, voter).battle
            assert battle is not None
            texts = battle_texts(contest, battle, answers[battle.prompt])
            shown = show_battle(contest, battle, texts)
            if not isinstance(shown, ShownBattle):
                void_battle(
                    log,
                    contest,
                    (voter, number),
                    BattleVoided(voter=name, reason=shown),
                    at=at,
                )
                continue
            pair = (draws[10 + 2 * number], draws[11 + 2 * number])
            body = VoteCast(voter=name, choice=choice(battle, liking, pair), seconds=20)
            cast_vote(log, contest, (voter, number), body, shown=texts, at=at)


def held(
    log: VoteLog, contest: RunningContest, answers: tuple[PreparedAnswer, ...]
) -> PublishedContest:
    """The contest from its opening to what its stage takes over."""
    at, plan = "2026-03-05T17:00:00+09:00", contest.plan
    opening = f"{DAYS[0]}T09:00:00+09:00"
    open_contest(log, contest, answers, salt=SEED, at=opening)
    texts: dict[str, dict[str, str]] = {}
    for answer in answers:
        texts.setdefault(answer.prompt, {})[answer.team] = answer.text
    vote(log, contest, texts)
    close_contest(log, contest, at=at, why="the last day is over")
    acts = log.under(contest.programme, contest.stage, plan.rules.id)
    screening = screen_contest(record_of(plan, answers, acts), contest)
    append_screening(log, contest, screening, at=at)
    unblind(log, contest, salt=SEED, at=at)
    acts = log.under(contest.programme, contest.stage, plan.rules.id)
    record = record_of(plan, answers, acts)
    outcome = rate_contest(record)
    append_outcome(log, contest, outcome, at=at)
    votes = publish_votes(
        votes_to_publish(record), salt=SEED, least_cell=plan.rules.least_cell
    )
    return msgspec.structs.replace(publish_contest(record, outcome, votes), note=NOTE)


if __name__ == "__main__":
    stage = tomllib.loads((STAGE / "stage.toml").read_text(encoding="utf-8"))
    contest = RunningContest(
        programme=stage["programme"],
        stage=stage["stage"],
        plan=parse_contest(
            (STAGE / "contest.toml").read_text(encoding="utf-8"), where="contest.toml"
        ),
        beacon=stage["beacon"],
        secret=SECRET,
    )
    answers = parse_answers(
        (STAGE / "answers.jsonl").read_text(encoding="utf-8"), where="answers.jsonl"
    )
    with (
        TemporaryDirectory() as folder,
        open_store(f"sqlite:///{Path(folder) / 'contest.sqlite'}") as store,
    ):
        found = held(store.votes, contest, answers)
    (STAGE / "contest.json").write_bytes(canonical_bytes(found) + b"\n")
