"""Draws the votes of the example contest.

    python examples/training/make_contest.py

No person cast these: pairs and sides are the contest's own under a secret of zeros, every choice is a draw
around the strengths below and each voter's own tastes, from SEED. One voter always takes the right side.
"""

from __future__ import annotations

from collections.abc import Iterator

from recipes import EXAMPLES
from scipy.special import expit, ndtri

from dokja.contest import parse_answers, parse_contest
from dokja.contest.battles.draws import contest_seed
from dokja.contest.battles.pair_schedule import PairSchedule
from dokja.contest.values import Battle
from dokja.evidence.seeds import seed_for, uniform_draws

SEED = "example"
FOLDER = EXAMPLES / "contest"
HEADER = "voter,left,right,choice,field,style_length"
STRENGTHS = {"t1": 0.55, "t2": 0.3, "t3": 0.05, "t4": -0.25, "t5": -0.65}
TASTE, SIDE, TIES, BOTH_BAD = 0.4, 0.08, 0.15, 0.05
VOTERS, ALWAYS_RIGHT = 160, 23


def choice(battle: Battle, liking: dict[str, float], draws: tuple[float, float]) -> str:
    """What a voter of these likings says."""
    if battle.voter == ALWAYS_RIGHT:
        return "right"
    if draws[1] < TIES + BOTH_BAD:
        return "tie" if draws[1] < TIES else "both_bad"
    return (
        "left"
        if draws[0] < expit(liking[battle.left] - liking[battle.right] + SIDE)
        else "right"
    )


def rows() -> Iterator[str]:
    """The lines of the file."""
    plan = parse_contest(
        (FOLDER / "contest.toml").read_text(encoding="utf-8"), where="contest.toml"
    )
    answers = parse_answers(
        (FOLDER / "answers.jsonl").read_text(encoding="utf-8"), where="answers.jsonl"
    )
    length = {(answer.prompt, answer.team): len(answer.text) for answer in answers}
    field = {prompt.id: prompt.field for prompt in plan.prompts}
    seed = contest_seed(plan.rules, beacon=SEED, secret="00" * 32)
    for voter in range(1, VOTERS + 1):
        draws = uniform_draws(seed_for(SEED, f"{voter}"), 200)
        own = TASTE * ndtri(draws[:5])
        liking = {
            team: STRENGTHS[team] + float(taste)
            for team, taste in zip(STRENGTHS, own, strict=True)
        }
        schedule = PairSchedule(
            rules=plan.rules, prompts=tuple(field), seed=seed, voter=voter
        )
        # Three in ten stop early.
        done = (
            plan.rules.battles_most
            if draws[5] > 0.3
            else plan.rules.battles_least + int(draws[6] * 6)
        )
        for number in range(1, done + 1):
            battle = schedule.battle(number)
            if battle.canary is None:
                said = choice(
                    battle, liking, (draws[10 + 2 * number], draws[11 + 2 * number])
                )
                longer = (
                    length[battle.prompt, battle.left]
                    - length[battle.prompt, battle.right]
                )
                name = f"v{voter:03d},{battle.left},{battle.right},{said},{field[battle.prompt]}"
                yield f"{name},{round(longer / 100, 2)}"


if __name__ == "__main__":
    text = "\n".join([HEADER, *rows()]) + "\n"
    (FOLDER / "ballots-synthetic.csv").write_text(text, encoding="utf-8")
