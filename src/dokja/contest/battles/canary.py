"""An answer in disorder: what a voter who reads sees to be broken."""

from __future__ import annotations

from dokja.contest.battles.draws import in_drawn_order, sub_seed
from dokja.contest.values import Battle, CanaryKind, Choice

FEWEST_WORDS = 8
"""Below this a drawn order may leave a sentence that can be read."""


def canary_texts(seed: int, battle: Battle, answer: str) -> tuple[str, str]:
    """The left and the right text of a canary, from one real answer."""
    if battle.canary is not CanaryKind.BROKEN:
        return answer, answer
    broken = in_disorder(
        sub_seed(seed, "disorder", battle.voter, battle.number), answer
    )
    if battle.broken is Choice.LEFT:
        return broken, answer
    return answer, broken


def can_be_broken(answer: str) -> bool:
    """Whether the answer has words enough for its disorder to show."""
    return len(set(answer.split())) >= FEWEST_WORDS


def in_disorder(seed: int, answer: str) -> str:
    """The answer's words in a drawn order, as long as the answer and as it is set.

    White space stays where it was, so that neither length nor layout gives the
    canary away before it is read.
    """
    words = answer.split()
    order = in_drawn_order(seed, len(words))
    if list(order) == list(range(len(words))):
        order = order[1:] + order[:1]
    drawn = iter([words[place] for place in order])
    out, inside = [], False
    for character in answer:
        if character.isspace():
            out.append(character)
            inside = False
        elif not inside:
            out.append(next(drawn))
            inside = True
    return "".join(out)
