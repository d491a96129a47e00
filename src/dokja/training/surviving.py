"""What of a run counts: steps that were not given up, and the tokens of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dokja.training.reading import Reading
from dokja.training.values import Resume, Rollback, Step


def surviving_steps(reading: Reading) -> tuple[Step, ...]:
    """The steps that lead to the end, in order, each once."""
    return tuple(step for step, _ in surviving_tokens(reading))


def surviving_tokens(reading: Reading) -> tuple[tuple[Step, int], ...]:
    """The same, each with the tokens that it was itself trained on."""
    kept: list[tuple[Step, int]] = []
    for event, tokens in _walk(reading):
        if isinstance(event, Step):
            kept.append((event, tokens))
        else:
            while kept and kept[-1][0].step > event.step:
                kept.pop()
    return tuple(kept)


def tokens_trained(reading: Reading) -> int:
    """Tokens of every step, those given up included: what compute was spent on."""
    return sum(tokens for _, tokens in _walk(reading))


def _walk(reading: Reading) -> Iterator[tuple[Step | Resume | Rollback, int]]:
    """Steps and returns with the tokens of each."""
    before = usual = 0
    kept: list[tuple[int, int]] = []
    returned = False
    for event in reading.of(Step, Resume, Rollback):
        if isinstance(event, Step):
            tokens = event.tokens - before
            if returned or tokens < 0:
                back = kept[-1][1] if kept else 0
                tokens = _likely(event.tokens, (before, back, 0), usual)
            before, usual, returned = event.tokens, tokens, False
            kept.append((event.step, event.tokens))
            yield event, tokens
        elif isinstance(event, Resume | Rollback):
            while kept and kept[-1][0] > event.step:
                kept.pop()
            returned = True
            yield event, 0


def _likely(count: int, starts: Sequence[int], usual: int) -> int:
    """Tokens of a step whose count may go on, go back with the run, or begin anew."""
    found = [count - start for start in starts if start < count]
    return min(found, key=lambda tokens: abs(tokens - usual), default=0)
